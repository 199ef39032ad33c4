# Parts of a list, by name: together they are all, no two have the same, and each can be ended and started again.
mkdir in
for i in $(seq 40); do cp "$PICTURES/small.jpg" "in/$i.jpg"; done
find in -name '*.jpg' -print0 | sort -z >list
for part in 1 2 3 4; do
    piclog-crush --files0-from list --shard $part/4 -o out --json --quiet | jq -r .input | sort >part$part
    [ -s part$part ] || echo "part $part is empty"
done
sort part1 part2 part3 part4 | uniq -d | wc -l
tr '\0' '\n' <list | sort >all
sort part1 part2 part3 part4 | diff - all && find out -type f | wc -l
echo "-- what comes or goes moves no other"
{ cat list; printf 'in/new.jpg\0'; } | sort -rz >list2
piclog-crush --files0-from list2 --shard 2/4 -n --json --quiet | jq -r .input | grep -v new | sort | cmp - part2
echo "-- the same names collide, whoever has which"
mkdir a b
cp "$PICTURES/small.jpg" a/x.jpg
cp "$PICTURES/small.jpg" b/x.jpg
piclog-crush -o both -n --json --quiet a/x.jpg b/x.jpg | jq -c '[.input,.output]' >alone || true
for part in 1 2 3; do piclog-crush --shard $part/3 -o both --json --quiet a/x.jpg b/x.jpg || true; done | jq -c '[.input,.output]' | sort | cmp - alone
cat alone
echo "-- going on"
rm out/in/3.crushed.jpg
: >out/in/5.crushed.jpg
head -c 100 out/in/7.crushed.jpg >cut && cp cut out/in/7.crushed.jpg
head -c 700 /dev/zero >out/in/9.crushed.jpg
echo mine >out/in/11.crushed.jpg
for part in 1 2; do piclog-crush --files0-from list --shard $part/2 --resume -o out --json --quiet; done | jq -r 'select(.quality).input' | sort
cat out/in/11.crushed.jpg
cmp out/in/5.crushed.jpg out/in/7.crushed.jpg && cmp out/in/7.crushed.jpg out/in/9.crushed.jpg && cmp out/in/9.crushed.jpg out/in/13.crushed.jpg
piclog-crush --files0-from list --resume -o out
for wrong in 0/4 5/4 4 1/ /4 1/0 -1/4 1/1000001 1/4x '1 /4' 11111111111111111/4; do piclog-crush --shard "$wrong" list 2>&1 | head -1; done
piclog-crush --resume --force list || echo "exit $?"
piclog-crush --shard 1/2 - -o x <list || echo "exit $?"
