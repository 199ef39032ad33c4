# Thousands of files in one call: all of them, in about the memory of a hundred. PICLOG_CLI_MANY sets how many.
many=${PICLOG_CLI_MANY:-2000}
mkdir few all
cp "$PICTURES/small.jpg" few/0.jpg
i=0
while [ $i -lt "$many" ]; do echo "all/picture-number-$i.jpg"; i=$((i + 1)); done | xargs -n 1 ln few/0.jpg
i=1
while [ $i -lt 100 ]; do ln few/0.jpg few/$i.jpg; i=$((i + 1)); done
command -v time >/dev/null || { echo "SKIP: needs GNU time"; exit; }
peak() { command time -o rss -f %M piclog-crush "$@" 2>err; tail -1 rss; }
few=$(peak -j 2 few -o out-few --gallery few.html)
all=$(peak -j 2 all -o out-all --gallery all.html --json >/dev/null; tail -1 rss)
[ "$(find out-all -name '*.crushed.jpg' | wc -l)" = "$many" ] && echo "all there"
grep -c 'class="shot"' all.html | grep -qx "$many" && echo "all in the gallery"
# Sanitizers keep what was freed: there the memory says nothing.
if nm "$(command -v piclog-crush)" 2>/dev/null | grep -q __asan_init; then
    echo "memory stays"
else
    [ $((all - few)) -lt 4096 ] && echo "memory stays" || echo "memory grew from $few to $all kB"
fi
