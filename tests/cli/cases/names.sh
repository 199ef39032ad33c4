# Odd names survive, never reach the terminal raw, and JSON stays valid.
mkdir in
bad=$(printf 'in/bad\377\303.jpg')
for name in "in/new
line.jpg" "in/tab	.jpg" "$bad" 'in/"quoted" \ back.jpg' 'in/näme 🥱.jpg' "$(printf 'in/\033[31mred.jpg')" \
    "$(printf 'in/c1\302\233x.jpg')" "$(printf 'in/one\001.jpg')" 'in/%s%n.jpg' in/-rf; do
    cp "$PICTURES/small.jpg" "$name"
done
piclog-crush --json -r in -o out >json
jq -c '[.ok,.input,.output]' json
find out -type f | wc -l
LC_ALL=C ls -q out
echo "-- messages"
piclog-crush -r in -o out
cd in
piclog-crush -- -rf 2>&1 && ls ./-rf*
long=$(printf '%0250d' 0)
cp "$PICTURES/small.jpg" "$long"
piclog-crush "$long" 2>&1 | sed "s/$long/LONG/g"
