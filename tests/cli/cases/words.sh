# What is said about sizes, and --quiet, and sizes as people write them.
convert -size 1x1 xc:red tiny.gif
piclog-crush tiny.gif 2>err
[ "$(stat -c %s tiny.crushed.jpg)" -gt "$(stat -c %s tiny.gif)" ] && grep -o 'times larger' err
cp "$PICTURES/photo.jpg" a.jpg
piclog-crush a.jpg 2>&1 | grep -o 'times smaller'
piclog-crush a.crushed.jpg 2>&1 | grep -o 'as large as before'
piclog-crush tiny.gif -f --gallery g.html 2>/dev/null
grep -o 'times [a-z]*' g.html
echo "-- a budget is rounded down, and kept"
for size in 4000 4k 4K 4kB 4KB 4000B 4ko 4Ko 4000o 4,0k 0,0040Mo 4.0k 0.004M 3.9999999kB; do
    bytes=$(piclog-crush --json -f -b $size a.jpg -o b.jpg 2>/dev/null | jq .bytes)
    [ "$bytes" -le 4000 ] && [ "$bytes" -gt 3800 ] && echo "$size"
done
[ "$(piclog-crush --json -f -b 3.5k a.jpg -o b.jpg 2>/dev/null | jq .bytes)" -le 3500 ] && echo 3.5k
echo "-- quiet"
cp "$PICTURES/cut.jpg" "$PICTURES/text.txt" .
piclog-crush --quiet -f a.jpg
piclog-crush --quiet a.jpg
piclog-crush --quiet -f a.jpg --gallery g.html --json | jq -c .ok
piclog-crush --quiet -n a.jpg -o new.jpg
piclog-crush --quiet cut.jpg text.txt || echo "exit $?"
piclog-crush --quiet -f a.jpg --progress always 2>&1 | grep -c saved
