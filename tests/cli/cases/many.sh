# Ten thousand files in one call: all of them, in about the memory of a hundred.
mkdir few all
cp "$PICTURES/small.jpg" few/0.jpg
i=1
while [ $i -lt 100 ]; do ln few/0.jpg few/picture-number-$i.jpg; i=$((i + 1)); done
i=0
while [ $i -lt 100 ]; do cp -al few all/folder-$i; i=$((i + 1)); done
command -v time >/dev/null || { echo "SKIP: needs GNU time"; exit; }
# peak OPTION... : the peak of memory in kB
peak() { command time -o rss -f %M piclog-crush "$@" >json 2>err && tail -1 rss; }
few=$(peak -j 2 few -o out-few --gallery few.html --json)
all=$(peak -j 2 -r all -o out-all --gallery all.html --json)
tail -1 err
find out-all -name '*.crushed.jpg' | wc -l
grep -c 'class="shot"' all.html
jq -r .output json | sort -u | wc -l
# Sanitizers keep what was freed: there the memory says nothing.
if nm "$(command -v piclog-crush)" 2>/dev/null | grep -q '__[at]san_init' || [ $((all - few)) -lt 4096 ]; then
    echo "memory stays"
else
    echo "memory grew from $few to $all kB"
fi
