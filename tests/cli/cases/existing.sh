# Existing outputs are skipped and said so, and replaced with --force.
cp "$PICTURES/photo.jpg" a.jpg
cp "$PICTURES/photo.jpg" b.jpg
echo precious >a.crushed.jpg
piclog-crush a.jpg b.jpg && echo "exit $?"
cat a.crushed.jpg
piclog-crush --json a.jpg | jq -c '[.ok,.error,.output,.bytes]'
piclog-crush -f a.jpg && echo "exit $?"
cmp a.crushed.jpg b.crushed.jpg
mkdir c.crushed.jpg
cp a.jpg c.jpg
piclog-crush -f c.jpg || echo "exit $?"
