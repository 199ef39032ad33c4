# --keep-date: the output is as old as the input; without it, new.
mkdir in
cp "$PICTURES/small.jpg" in/a.jpg
cp "$PICTURES/photo.jpg" in/b.jpg
touch -d '1999-12-31 23:59:59.123456789' in/a.jpg
touch -d '2031-02-03 04:05:06' in/b.jpg
piclog-crush --keep-date in -o out
stat -c '%y %n' out/*
piclog-crush in/a.jpg -o new.jpg 2>/dev/null
[ new.jpg -nt out/a.crushed.jpg ] && echo "new without it"
piclog-crush --keep-date -f in/a.jpg -o new.jpg 2>/dev/null && stat -c %y new.jpg
echo "-- what has no date"
piclog-crush --keep-date -f - -o new.jpg <in/a.jpg 2>/dev/null && stat -c %y new.jpg
cat in/a.jpg | piclog-crush --keep-date -f - -o new.jpg 2>/dev/null && [ new.jpg -nt out/a.crushed.jpg ] && echo "a pipe is new"
piclog-crush --keep-date in/a.jpg -o - 2>/dev/null | cmp - out/a.crushed.jpg
