# --dry-run crushes, says what would be, and writes nothing.
cp "$PICTURES/photo.jpg" a.jpg
cp "$PICTURES/text.txt" b.jpg
piclog-crush -n a.jpg b.jpg -o new || echo "exit $?"
piclog-crush -n --json a.jpg 2>/dev/null | jq -c '[.ok,.output,.bytes>0]'
piclog-crush -n - <a.jpg
ls
