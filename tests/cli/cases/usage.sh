# Faults on the command line: exit 2, the fault named, nothing written.
cp "$PICTURES/small.jpg" a.jpg
try() { echo "\$ $*"; piclog-crush "$@" 2>err >out && echo "exit 0" || echo "exit $?"; head -1 err; [ ! -s out ]; }
try
try --nonsense a.jpg
try -x a.jpg
try a.jpg -s
try --preset
try --json=yes a.jpg
try -p greasy a.jpg
try -p thumbnail a.jpg
for size in 0 -1 12kk 12kb 12kBB 1.5 1. .5k 1.5.5k 3,500k 12,5 12oB k B 12Ki 12kiB ' 12' '12 kB' '' 0x10 1e3 0.0009k \
    99999999999999999999 64001k 64.001M 64000000.1k; do try -b "$size" a.jpg; done
for side in 0 16385 12k x; do try -s "$side" a.jpg; done
for quality in 0 101 5.5; do try -q "$quality" a.jpg; done
try -g 0 a.jpg
try -g 1001 a.jpg
try -j 0 a.jpg
try -j 257 a.jpg
try --background red a.jpg
try --background FFF a.jpg
try --chroma 422 a.jpg
try --shrink always a.jpg
try --decoder best a.jpg
try --progress maybe a.jpg
try -o '' a.jpg
try --gallery - a.jpg
try -q 10 -b 12k a.jpg
try - -
try - --files0-from -
try -o - a.jpg a.jpg
try -o - --json a.jpg
try --files0-from none
try -o a.jpg a.jpg a.jpg
# a name like a picture's is a slip, unless it says that it is a folder, or is one
try -o new.jpg a.jpg a.jpg
try -o new.JPEG a.jpg a.jpg
try -o new.png --dry-run a.jpg a.jpg
try -o new.jpg .
try -o new.jpg --files0-from -
ls
