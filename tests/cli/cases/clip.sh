# Animations become strips, stills stay stills.
convert -size 64x48 -delay 20 xc:red xc:blue xc:green xc:yellow xc:black -loop 0 film.gif
cp "$PICTURES/photo.gif" still.gif
shape() { jq -c '[.ok,.source_format,.width,.height,.frames,.frame_width,.frame_height,.frame_ms]'; }
echo '-- without it, the first frame'
piclog-crush --quiet --json film.gif -o first.jpg | shape
echo '-- with it'
piclog-crush --quiet --json --clip film.gif -o film.jpg | shape
piclog-crush --quiet --json --clip=4 film.gif -o four.jpg | shape
piclog-crush --quiet --json --clip=10 -s 32 film.gif -o ten.jpg | shape
identify -format '%m %wx%h\n' film.jpg four.jpg ten.jpg
echo '-- a picture that does not move'
piclog-crush --quiet --json --clip still.gif -o still.jpg | shape
echo '-- what is no number of frames'
for frames in 3 25 0 -4 4x ''; do piclog-crush --clip="$frames" film.gif || echo $?; done
echo '-- a budget that is too small'
piclog-crush --quiet --clip=24 -b 100 film.gif -o none.jpg || echo $?
ls none.jpg 2>/dev/null || true
echo '-- a gallery plays it'
piclog-crush --clip film.gif still.gif -o out --gallery out/index.html
grep -o '<svg class="film.*data:image' out/index.html
grep -c '<img width' out/index.html
grep -o '5 frames of[^<]*\|[0-9]* frames of[^<]*' out/index.html
echo '-- what flashes stands still'
convert -size 64x48 -delay 10 xc:white xc:black xc:white xc:black xc:white xc:black film2.gif
piclog-crush --quiet --clip film2.gif -o out --gallery out/flash.html
grep -o '<svg class="film[^"]*"' out/flash.html
