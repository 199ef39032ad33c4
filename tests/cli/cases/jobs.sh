# The number of jobs changes nothing but the time.
mkdir in
for i in 1 2 3 4 5 6; do cp "$PICTURES/photo.jpg" in/$i.jpg; cp "$PICTURES/cut.jpg" in/cut$i.jpg; cp "$PICTURES/text.txt" in/text$i; done
for jobs in 1 2 7 256; do
    piclog-crush -j $jobs -r in -o out$jobs --gallery gallery$jobs.html --json 2>err$jobs | sed "s/out$jobs/out/" >json$jobs
    sed -i "s/out$jobs/out/g" gallery$jobs.html
done
for jobs in 2 7 256; do
    diff -r out1 out$jobs && cmp json1 json$jobs && cmp err1 err$jobs && cmp gallery1.html gallery$jobs.html && echo "$jobs like 1"
done
tail -1 err1
