# The input is never the output, not even with --force, by whatever name.
cp "$PICTURES/photo.jpg" a.jpg
chmod 644 a.jpg # ImageMagick 6 makes all its files executable
ln a.jpg hard.jpg
ln -s a.jpg soft.jpg
for name in a.jpg ./a.jpg hard.jpg soft.jpg; do
    piclog-crush -f a.jpg -o "$name" || echo "exit $?"
done
piclog-crush -f soft.jpg -o a.jpg || echo "exit $?"
cmp a.jpg "$PICTURES/photo.jpg" && ls -F
