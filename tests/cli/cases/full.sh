# No room: a clear error, no half file, the others go on. A limit on file size stands in for a full disk where
# nothing can be mounted.
mkdir in disk
cp "$PICTURES/photo.jpg" in/a.jpg
cp "$PICTURES/small.jpg" in/b.jpg
if mount -t tmpfs -o size=8k none disk 2>/dev/null; then
    trap 'umount disk' EXIT
    piclog-crush in -o disk 2>err || echo "exit $?"
    piclog-crush in/b.jpg --gallery disk/g.html -o here.jpg 2>>err || echo "exit $?"
else
    # In blocks of 512 bytes; what is left open here is meant for the outputs alone.
    (ulimit -f 10; piclog-crush in -o disk 2>&1 || echo "exit $?") | cat >err
    sed -n 's/^exit/exit/p' err; sed -i /^exit/d err
    (ulimit -f 10; piclog-crush in/b.jpg --gallery disk/g.html -o here.jpg 2>&1 || echo "exit $?") | cat >err2
    sed -n 's/^exit/exit/p' err2; sed /^exit/d err2 >>err
fi
sed 's/No space left on device\|File too large/NO ROOM/' err | grep -v here.jpg
ls -A disk
piclog-crush in/a.jpg -o - >/dev/full || echo "exit $?"
