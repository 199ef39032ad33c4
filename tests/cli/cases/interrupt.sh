# Stopped in the middle: only whole outputs, nothing temporary, death by the signal.
# Shells say "Terminated" of a child sooner, later or not at all.
exec 2>/dev/null
mkdir in
i=0
while [ $i -lt 400 ]; do ln "$PICTURES/photo.jpg" in/$i.jpg; i=$((i + 1)); done
# sh starts what runs in the background with SIGINT ignored; env gives it its default back.
for signal in INT TERM; do
    env --default-signal=INT piclog-crush -j 2 in -o out-$signal --gallery gallery-$signal.html >/dev/null 2>err &
    pid=$!
    while [ "$(find out-$signal -name '*.crushed.jpg' 2>/dev/null | wc -l)" -lt 4 ]; do sleep 0.01; done
    kill -s $signal $pid
    code=0
    wait $pid || code=$?
    echo "$signal: exit $code"
    grep -o '^stopped' err
    count=$(find out-$signal -name '*.crushed.jpg' | wc -l)
    [ "$count" -lt 400 ] && echo "not all were done"
    find out-$signal -name '*.crushed.jpg' -print0 | xargs -0 -n 50 identify -regard-warnings -format '%w\n' | sort | uniq -c | sed "s/^ *$count /all whole, side /"
    find . -name '.piclog-crush-*' -o -name 'gallery*'
done
# Waiting for input that never comes.
mkfifo pipe
piclog-crush pipe -o never.jpg 2>/dev/null &
pid=$!
sleep 0.2
kill -s TERM $pid
code=0
wait $pid || code=$?
echo "waiting for a pipe: exit $code"
# One picture that takes very long.
piclog-crush -g 1000 -s 16384 -q 95 "$PICTURES/photo.jpg" -o long.jpg 2>/dev/null &
pid=$!
sleep 0.3
kill -s TERM $pid
code=0
wait $pid || code=$?
echo "a long crush: exit $code"
ls
