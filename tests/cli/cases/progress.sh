# The bar: wanted or not, as wide as the terminal, never mixed with messages.
mkdir in
i=0
while [ $i -lt 40 ]; do ln "$PICTURES/photo.jpg" in/$i.jpg; i=$((i + 1)); done
cp "$PICTURES/text.txt" bad.txt
piclog-crush in -o o1 2>err && tr '\r' '\n' <err
piclog-crush in -o o2 --progress always 2>err && grep -c . err | sed 's/.*/drawn/'
command -v script >/dev/null || { echo "needs script"; exit; }
for columns in 40 80 200; do
    rm -rf out
    script -qec "stty cols $columns; piclog-crush bad.txt in bad.txt -o out --progress always" typescript >/dev/null </dev/null || true
    # What stands between carriage returns is one drawing of the line.
    sed -e '1d;$d' typescript | tr '\r' '\n' | sed -e 's/\x1b\[K/~/g' -e 's/[█▏▎▍▌▋▊▉]/#/g' -e 's/░/./g' >drawn
    awk -v columns=$columns '
        /^#/ { bars++; sub(/~$/, ""); if (length($0) > columns - 1) print "too wide: " $0
            if ($0 !~ /\/s/ || ($0 !~ /saved/ && $0 !~ / -/)) print "incomplete: " $0 }
        /bad.txt/ && !/^~?piclog-crush: bad.txt: not a [A-Za-z, ]* by its first bytes$/ { print "mixed: " $0 }
        END { print columns ": " (bars > 0 ? "bar drawn" : "no bar") }' drawn
    grep -c '^~*piclog-crush: bad.txt' drawn
done
script -qec "piclog-crush in -o out2 --progress never" typescript >/dev/null </dev/null
grep -c '\[K' typescript || true
TERM=dumb script -qec "piclog-crush in -o out3" typescript >/dev/null </dev/null
grep -c '\[K' typescript || true
