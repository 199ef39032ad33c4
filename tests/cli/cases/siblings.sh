# Names are the same whether a folder is looked at once or read, which happens when many of its files are asked for.
mkdir -p in in/l.png
for name in a b c d e f g h i j k l; do cp "$PICTURES/small.jpg" in/$name.jpg; done
for name in k.png m.JpG n.webp; do cp "$PICTURES/small.jpg" in/$name; done
cp "$PICTURES/small.jpg" in/j
cp "$PICTURES/small.jpg" in/m.jpeg
ln -s a.jpg in/n.gif
ln -s nowhere in/i.AVIF
echo "-- all of them, named or found"
piclog-crush -q 10 in/*.jpg in/k.png in/*.JpG in/*.jpeg in/*.webp -o named 2>&1 | tail -1
piclog-crush -q 10 in -o found 2>&1 | tail -1
ls found
for file in named/*; do cmp "$file" "found/${file#named/}"; done
echo "-- one by one"
for file in in/*.jpg in/k.png in/m.* in/n.webp; do piclog-crush -q 10 "$file" -o single/ 2>/dev/null; done
for file in single/*; do cmp "$file" "found/${file#single/}"; done
ls single | wc -l
echo "-- from within"
(cd in && piclog-crush -q 10 *.jpg k.png *.JpG *.jpeg *.webp -o ../within/ 2>&1 | tail -1)
for file in within/*; do cmp "$file" "found/${file#within/}"; done
echo "-- back and forth between folders"
mkdir other
cp "$PICTURES/small.jpg" other/a.jpg
cp "$PICTURES/small.jpg" other/a.png
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "other/a.jpg in/a.jpg other/a.png"; done | tr ' \n' '\0\0' >list
piclog-crush -q 10 -f --files0-from list -o both 2>&1 | tail -1
find both -type f | sort
