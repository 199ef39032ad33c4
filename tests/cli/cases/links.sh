# Links: loops, links to files, and never a write through one.
mkdir -p in/sub outside out
cp "$PICTURES/small.jpg" in/a.jpg
cp "$PICTURES/small.jpg" outside/b.jpg
ln -s .. in/sub/up
ln -s ../../outside in/sub/outside
ln -s ../outside/b.jpg in/link.jpg
ln -s nowhere in/dangling.jpg
ln -s self in/self
piclog-crush -r in
find in outside -name '*.crushed.jpg' | sort
echo "-- an output that is a link is neither replaced nor followed"
rm in/a.crushed.jpg
echo precious >outside/precious
ln -s ../outside/precious in/a.crushed.jpg
piclog-crush in/a.jpg
piclog-crush -f in/a.jpg || echo "exit $?"
piclog-crush -f in/a.jpg -o in/a.crushed.jpg || echo "exit $?"
cat outside/precious
readlink in/a.crushed.jpg
ln -s nowhere in/new.jpg
piclog-crush -f in/a.jpg -o in/new.jpg || echo "exit $?"
ls in/nowhere 2>/dev/null || readlink in/new.jpg
piclog-crush -f in/a.jpg -o here.jpg --gallery in/new.jpg || echo "exit $?"
rm in/a.crushed.jpg in/new.jpg
echo "-- a link where a folder of the output should be"
mkdir -p deep/sub
cp "$PICTURES/small.jpg" deep/sub/c.jpg
ln -s ../outside out/sub
piclog-crush -r deep -o out || echo "exit $?"
echo "-- the folder that was named may be a link"
ln -s out named
piclog-crush in/a.jpg -o named
ls out outside
