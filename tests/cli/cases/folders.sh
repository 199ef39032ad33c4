# Folders: what is passed over, what is kept, how deep.
mkdir -p in/sub/deep
cp "$PICTURES/photo.jpg" in/one.jpg
cp "$PICTURES/photo.jpg" in/sub/two.jpg
cp "$PICTURES/photo.jpg" in/sub/deep/three.jpg
cp "$PICTURES/photo.jpg" in/.hidden.jpg
cp "$PICTURES/photo.jpg" in/old.crushed.jpg
cp "$PICTURES/text.txt" in/sub/text.jpg
: >in/empty
mkfifo in/pipe
echo "-- one level"
piclog-crush in -o flat
find flat -type f | sort
echo "-- all levels"
piclog-crush -r in -o out
find out -type f | sort
echo "-- next to the inputs, twice"
piclog-crush -r in/
piclog-crush -r in 2>&1 | tail -1
find in -name '*.crushed.jpg' | sort
echo "-- several inputs keep their names"
piclog-crush -r in/sub in/one.jpg -o several
find several -type f | sort
echo "-- named files are always tried"
piclog-crush in/sub/text.jpg in/empty || echo "exit $?"
piclog-crush in/old.crushed.jpg
echo "-- the folder above has no name of its own"
mkdir -p above/here
cp "$PICTURES/photo.jpg" above/four.jpg
(cd above/here && piclog-crush .. ../../in/one.jpg -o ../../up)
find above up -type f | sort
echo "-- a folder without pictures"
mkdir void
piclog-crush -r void && echo "exit $?"
echo "-- a folder that cannot be read is a failure"
piclog-crush -r missing || echo "exit $?"
echo "-- a folder may be called like a picture where it is said to be one, or is there"
piclog-crush in/one.jpg in/sub/two.jpg -o album.jpg/
piclog-crush in -o album.jpg
find album.jpg -type f | sort
