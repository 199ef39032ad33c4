# Devices, where they can be made in a folder of one's own: written into, never replaced.
mknod null c 1 3 2>/dev/null && mknod full c 1 7 && mknod disk b 7 250 && (: >null) 2>/dev/null || { echo "SKIP: cannot make devices here"; exit; }
cp "$PICTURES/small.jpg" a.jpg
try() { piclog-crush "$@" || echo "exit $?"; }
try a.jpg -o null
try -f a.jpg -o null
try -f a.jpg -o full
echo "-- a disk is not"
try a.jpg -o disk
try -f a.jpg -o disk
echo "-- nor what stands in a folder"
ln null a.crushed.jpg
try a.jpg
try -f a.jpg
try -f a.jpg -o b.jpg --gallery null
echo "-- a terminal"
if command -v script >/dev/null; then
    code=0
    script -qec 'piclog-crush -f a.jpg -o /dev/tty' typescript >/dev/null </dev/null || code=$?
    grep -o 'cannot write.*place' typescript
    grep -c JFIF typescript || echo "exit $code"
else
    printf '%s\n' 'cannot write /dev/tty: a terminal is no place' 0 'exit 1'
fi
stat -c '%F %t,%T' null full disk a.crushed.jpg
find . -name '.piclog-crush-*'
