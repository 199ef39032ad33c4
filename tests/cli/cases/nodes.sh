# What is no regular file is written into when it was named and takes bytes; it is never replaced.
cp "$PICTURES/small.jpg" a.jpg
piclog-crush a.jpg -o wanted.jpg 2>/dev/null
try() { piclog-crush "$@" || echo "exit $?"; }
kind() { stat -c '%F' "$@"; }
echo "-- a pipe that was named, with and without --force, and through a link"
mkfifo pipe
ln -s pipe link
for arguments in '-o pipe' '-f -o pipe' '-o link' '-f --keep-date --json -o link'; do
    timeout 20 cat pipe >got &
    timeout 20 piclog-crush $arguments a.jpg >said || echo "exit $?"
    wait $!
    cmp got wanted.jpg && echo "$arguments: written"
done
jq -c '[.ok,.output]' said
kind pipe link
echo "-- its reader goes away"
head -c 1 pipe >/dev/null &
convert -seed 3 -size 600x600 plasma:fractal noise.png
try -q 100 noise.png -o pipe
wait $!
kind pipe
echo "-- only tried"
try -n a.jpg -o pipe
echo "-- a pipe in a folder was not named"
mkfifo b.crushed.jpg
cp a.jpg b.jpg
try b.jpg
try -f b.jpg
mkdir out
mkfifo out/a.crushed.jpg
try -f a.jpg b.jpg -o out
try a.jpg b.jpg -o pipe
kind b.crushed.jpg out/a.crushed.jpg
echo "-- input and output are one"
cat a.jpg >pipe &
try -f pipe -o pipe
wait $! || true
echo "-- a socket"
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
try a.jpg -o socket
try -f a.jpg -o socket
kind socket
echo "-- a gallery takes a regular file, with --force as well"
for node in pipe socket link; do
    try a.jpg -o fresh.jpg --gallery $node
    try -f a.jpg -o fresh.jpg --gallery $node
done
kind pipe socket link
ls fresh.jpg 2>/dev/null || echo "nothing was done"
echo "-- standard output by its name"
piclog-crush a.jpg -o /dev/stdout 2>/dev/null | cmp - wanted.jpg && echo written
piclog-crush -f a.jpg -o /dev/stdout 2>/dev/null | cmp - wanted.jpg && echo written
echo "-- stopped while nobody reads"
piclog-crush -f a.jpg -o pipe 2>/dev/null &
pid=$!
sleep 0.2
kill -s TERM $pid
code=0
wait $pid 2>/dev/null || code=$?
echo "exit $code"
find . -name '.piclog-crush-*'
