# One file: next to itself, to a name, into a folder that exists or is meant, to standard output.
cp "$PICTURES/photo.jpg" .
piclog-crush photo.jpg
piclog-crush photo.jpg -o named.jpeg
mkdir there
piclog-crush photo.jpg -o there
piclog-crush photo.jpg -o new/deep/
piclog-crush photo.jpg -o - >piped.jpg
piclog-crush - <photo.jpg >from-stdin.jpg
piclog-crush - -o saved.jpg <photo.jpg
piclog-crush -r -o "$PWD/absolute.jpg" photo.jpg
find . -type f | sort
for other in named.jpeg there/photo.crushed.jpg new/deep/photo.crushed.jpg piped.jpg from-stdin.jpg saved.jpg absolute.jpg; do
    cmp photo.crushed.jpg "$other"
done
cmp photo.jpg "$PICTURES/photo.jpg" && echo "the input is as it was"
stat -c %a photo.crushed.jpg
(umask 077; piclog-crush photo.jpg -o private.jpg 2>/dev/null; stat -c %a private.jpg)
