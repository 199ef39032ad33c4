# The gallery: one file, no script, nothing from elsewhere, every name escaped, links that lead to the outputs.
mkdir in 'out & about'
cp "$PICTURES/photo.jpg" 'in/<b>"&'\''.jpg'
cp "$PICTURES/small.jpg" in/small.jpg
cp "$PICTURES/cut.jpg" in/cut.jpg
cp "$PICTURES/text.txt" bad.txt
printf 'in/new\nline.jpg' | xargs -0 cp "$PICTURES/small.jpg"
piclog-crush -r in bad.txt -o 'out & about' --gallery g.html || echo "exit $?"
grep -c '<img class="logo"\|class="shot"' g.html
grep -io '<script\|<link rel="stylesheet\|@import\|<iframe\|src="http[^"]*\|url(http[^)]*' g.html || echo "nothing from elsewhere"
grep -o 'alt="[^"]*"' g.html
grep -o 'class="caption">[^<]*<' g.html
grep -o 'href="[^#d][^"]*"' g.html
grep -o '<a class="[a-z ]*" href="#[pn][0-9]*"' g.html | sort | uniq -c | sort -rn | sed 's/^ *//'
grep 'class="lead"' g.html
grep -o 'not a JPEG[^<]*\|the end was missing[^<]*' g.html
# The pictures in the page are the pictures.
grep -o 'alt="small.jpg" src="data:image/jpeg;base64,[^"]*' g.html | sed 's/.*,//' | base64 -d | cmp - 'out & about/in/small.crushed.jpg' && echo "embedded as it is"
echo "-- in another folder, links lead there"
piclog-crush -f in/small.jpg -o far/away/ --gallery near.html 2>/dev/null
mkdir -p side/by
piclog-crush -f in/small.jpg -o far/away/ --gallery side/by/side.html 2>/dev/null
grep -ho 'href="[^#d][^"]*"' near.html side/by/side.html
grep -ho 'had nothing left to lose\|[0-9.]* times smaller' near.html g.html
grep -c 'class="waffle"' near.html || echo "no blocks for what stayed as it was"
echo "-- from one end of the disk to the other"
far=$(mktemp -d /var/tmp/piclog-crush-XXXXXX) # shares nothing with this folder but the root
piclog-crush -f in/small.jpg -o "$far/" --gallery far.html 2>/dev/null
cp "$far/small.crushed.jpg" there.jpg
link=$(grep -o 'href="[^"]*/small.crushed.jpg"' far.html | sed 's/href="//; s/"$//')
[ -n "$link" ] && cmp "$link" there.jpg && echo "the link leads there"
rm -r "$far"
echo "-- again: all are skipped and still shown; an own gallery is replaced"
piclog-crush -r in -o 'out & about/in' --gallery g.html 2>&1 | tail -1
grep -c 'class="shot"' g.html
echo "-- another file is not"
echo precious >mine.html
piclog-crush -f in/small.jpg --gallery mine.html >/dev/null 2>&1; head -c 15 mine.html; echo
echo precious >mine.html
piclog-crush in/small.jpg --gallery mine.html || echo "exit $?"
piclog-crush in/small.jpg --gallery no/such/folder/g.html 2>&1 && ls no/such/folder
echo "-- large outputs are shown by a thumbnail"
piclog-crush "$PICTURES/photo.jpg" -q 95 -s 1200 -o large.jpg --gallery large.html 2>/dev/null
[ "$(stat -c %s large.jpg)" -gt 40000 ] && [ "$(stat -c %s large.html)" -lt 20000 ] && grep -c 'class="shot"' large.html
echo "-- only a dry run"
piclog-crush -n in/small.jpg --gallery dry.html >/dev/null 2>&1; ls dry.html 2>/dev/null || echo "nothing written"
