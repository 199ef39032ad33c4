# One object per input, in order, all keys always there.
cp "$PICTURES/photo.jpg" a.jpg
cp "$PICTURES/cut.jpg" .
cp "$PICTURES/text.txt" .
cp "$PICTURES/small.jpg" z.jpg
piclog-crush --json -j 3 a.jpg text.txt cut.jpg missing z.jpg >json || echo "exit $?"
wc -l <json
jq -c keys_unsorted json | uniq
jq -c '[.input,.output,.ok,.error,.source_format,.source_width,.source_height,.width,.height,.truncated]' json
jq -c 'select(.ok) | [.source_bytes,.bytes,.quality] | map(type)' json | uniq
[ "$(jq 'select(.input=="a.jpg").bytes' json)" = "$(stat -c %s a.crushed.jpg)" ] && echo "bytes are the file's"
[ "$(jq 'select(.input=="a.jpg").source_bytes' json)" = "$(stat -c %s a.jpg)" ] && echo "source_bytes are the file's"
piclog-crush --json - -o b.jpg <a.jpg 2>/dev/null | jq -c '[.input,.output,.ok]'
echo "-- the order of the inputs, whatever is quick"
mkdir in
for i in 1 3 5 7 9; do cp a.jpg in/$i.jpg; cp z.jpg in/$((i + 1)).jpg; done
piclog-crush --json -j 4 in 2>/dev/null | jq -r .input | tr '\n' ' '
echo
echo "-- standard output goes away"
code=0
piclog-crush --json -f in >/dev/full 2>err || code=$?
sed 's/^stopped: .*/stopped/' err
echo "exit $code"
