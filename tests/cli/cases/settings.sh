# Presets, budgets, sides and qualities do what they say, together.
cp "$PICTURES/photo.jpg" a.jpg
run()
{
    rm -f out.jpg
    piclog-crush a.jpg -o out.jpg --json "$@" 2>/dev/null | jq -r '[.ok,([.width,.height]|max),.bytes]|@tsv' >said
    read -r ok side bytes <said
    echo "$* : ok=$ok side=$side $([ "$bytes" -le "$budget" ] && echo within || echo over) $budget"
}
budget=24000; run -p crispy --shrink never
budget=12000; run -p crunchy --shrink never
budget=12000; run --shrink never
budget=6000; run -p fried --shrink never
budget=3000; run -p dust --shrink never
budget=5000; run -b 5000 --shrink never
budget=5000; run -b 5k -p crispy --shrink never
budget=6000; run -s 200 -p fried
budget=30000; run -b 30k -s 1000 --shrink never
budget=40000; run -s 5000 -b 40k --shrink never
piclog-crush a.jpg -o q10.jpg -q 10 2>/dev/null
piclog-crush a.jpg -o q60.jpg -q 60 2>/dev/null
[ "$(stat -c %s q10.jpg)" -lt "$(stat -c %s q60.jpg)" ] && echo "quality 60 is larger than quality 10"
[ "$(stat -c %s q60.jpg)" -gt 12000 ] && echo "a fixed quality has no budget"
piclog-crush a.jpg -o gray.jpg --gray 2>/dev/null
identify -format '%[colorspace]\n' gray.jpg
convert -size 64x64 xc:none clear.png
piclog-crush clear.png -o red.jpg --background FF0000 -q 90 2>/dev/null
convert red.jpg -scale 1x1! -depth 8 txt:- | grep -o '#F[0-9A-F]0[0-9A-F]0[0-9A-F]' | cut -c1,2,4,6
piclog-crush a.jpg -o c444.jpg --chroma 444 -q 50 2>/dev/null
identify -format '%[jpeg:sampling-factor]\n' c444.jpg
for chroma in auto 420; do piclog-crush -f a.jpg -o chroma.jpg --chroma $chroma -q 50 2>/dev/null && identify -format "$chroma: %[jpeg:sampling-factor]\n" chroma.jpg; done
piclog-crush a.jpg -o g9.jpg -g 9 2>/dev/null && piclog-crush a.jpg -o g1.jpg -g 1 2>/dev/null
cmp -s g9.jpg g1.jpg || echo "nine generations look different from one"
piclog-crush a.jpg -o lib.jpg --decoder library 2>/dev/null && echo "the library's decoder works"
echo "-- a budget that cannot be met"
piclog-crush a.jpg -o none.jpg -b 20 2>&1 | sed 's/[0-9][0-9]* bytes/N bytes/g'
[ ! -e none.jpg ] && echo "and nothing is written"
