# Inputs never overwrite each other, whatever the number of jobs.
mkdir in
for name in a.jpg a.png a.jpeg a.JPG b.jpg c.gif c d.jpg.png d.jpg; do cp "$PICTURES/small.jpg" "in/$name"; done
mkdir in/b
for jobs in 1 8; do
    piclog-crush -j $jobs -r in -o out$jobs
    (cd out$jobs && ls)
done
diff -r out1 out8
echo "-- one after the other, with --force"
for name in a.jpg a.png; do piclog-crush -f in/$name -o out1 2>/dev/null; done
piclog-crush -r in -o out1 2>&1 | tail -1
echo "-- endings in mixed case"
mkdir mixed
cp "$PICTURES/small.jpg" mixed/x.Jpg
cp "$PICTURES/small.jpg" mixed/x.pNg
piclog-crush -f mixed
ls mixed
echo "-- the same name from several folders"
mkdir x y z
for folder in x y z; do cp "$PICTURES/small.jpg" $folder/same.jpg; done
piclog-crush x/same.jpg y/same.jpg z/same.jpg -o flat || echo "exit $?"
ls flat
echo "-- the same file twice is one output"
piclog-crush -f -j 4 x/same.jpg x/same.jpg x/same.jpg
ls x
