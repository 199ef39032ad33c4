# Messages follow LC_ALL, LC_MESSAGES and LANG, numbers as well; --json and the exit status do not.
cp "$PICTURES/photo.jpg" a.jpg
unset LC_ALL
LANG=fr_FR.UTF-8 piclog-crush --help | head -3
LANG=fr_FR.UTF-8 LC_MESSAGES=C piclog-crush --help | head -1
LC_ALL=C LANG=fr_FR.UTF-8 piclog-crush --help | head -1
LANG=fr_FR.ISO-8859-1 piclog-crush --help | head -1
# What the manual says of them: the first that is not empty counts, no locale has to be there, French is UTF-8.
for set in LC_ALL=fr 'LC_ALL= LC_MESSAGES=fr_CA.UTF-8 LANG=C' 'LC_MESSAGES= LANG=fr_FR.UTF-8' LANG=fr_BE.utf8@euro LC_ALL=de_DE.UTF-8 'LC_ALL=en LANG=fr' LC_ALL=fr_FR.ISO-8859-15; do
    echo "$set: $(env -u LANG -u LC_MESSAGES $set piclog-crush nowhere.jpg 2>&1 | head -1)"
done
export LANG=fr_FR.UTF-8
piclog-crush --quality 900 a.jpg || echo "exit $?"
piclog-crush nowhere.jpg || echo "exit $?"
# Why libcrush refuses a picture: names within sentences, numbers, and what libjpeg says.
printf 'II*\0\010\0\0\0\0\0\0\0' >camera.tif
: >empty.png
printf '\377\330\377\300\0\013\014\0\020\0\020\001\001\021\0\377\332' >deep.jpg
piclog-crush -o out/ camera.tif empty.png deep.jpg "$PICTURES/text.txt" || echo "exit $?"
piclog-crush -o out/ --budget 1 "$PICTURES/small.jpg" 2>&1 | sed -E 's/moins [0-9]+/moins N/' || echo "exit $?"
LANG=C piclog-crush -o out/ --budget 1 "$PICTURES/small.jpg" || echo "exit $?"
piclog-crush a.jpg 2>&1 | sed -E 's/[0-9]+(,[0-9])?\xc2\xa0(octets|[kM]o)/TAILLE/g; s/[0-9]+(,[0-9])? fois/N fois/'
piclog-crush a.jpg
piclog-crush --json a.jpg nowhere.jpg 2>/dev/null >french || echo "exit $?"
LANG=C piclog-crush --json a.jpg nowhere.jpg 2>/dev/null >english || echo "exit $?"
piclog-crush --json camera.tif 2>/dev/null >>french || echo "exit $?"
LANG=C piclog-crush --json camera.tif 2>/dev/null >>english || echo "exit $?"
cmp french english && echo "the same data"
piclog-crush -f --gallery g.html a.jpg 2>/dev/null
grep -oE '<html[^>]*>|<h1[^>]*>[^<]*' g.html
LANG=C piclog-crush -f --gallery g.html a.jpg 2>/dev/null
grep -oE '<html[^>]*>|<h1[^>]*>[^<]*' g.html
