#!/bin/sh
# jpegoptim --size=N writes files that are larger than N kilobytes.
#
# Guess: a size is a limit: the best quality that is not above it, as with jpeg:extent of ImageMagick.
# Seen:  jpegoptim 1.4.7 exceeds each of the 19 sizes from 6 to 24 kB (of 1024 bytes) on a picture of 720 x 480, by 1 to 9 %, though
#        a quality that is lower by three fits each time: the size is what it comes close to, from above. Whoever fills a
#        limit of bytes with it is refused.
# Ends with 0 while that is so, else 1. Needs root for apt-get.
set -eu
export LC_ALL=C
for package in jpegoptim imagemagick; do
    dpkg-query -W "$package" >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
jpegoptim --version | head -1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
convert -seed 3 -size 720x480 plasma:red-blue -attenuate .6 +noise Gaussian -quality 90 picture.jpg
above=0 limit=6
while [ $limit -le 24 ]; do
    cp picture.jpg written.jpg
    jpegoptim --quiet --size=$limit written.jpg
    bytes=$(wc -c <written.jpg) quality=$(identify -format %Q written.jpg)
    if [ "$bytes" -gt $((limit * 1024)) ]; then
        cp picture.jpg lower.jpg # a lower quality would have been within
        jpegoptim --quiet --max=$((quality - 3)) lower.jpg
        [ "$(wc -c <lower.jpg)" -le $((limit * 1024)) ]
        above=$((above + 1))
        echo "$limit kB = $((limit * 1024)): $bytes bytes, quality $quality; quality $((quality - 3)): $(wc -c <lower.jpg)"
    fi
    limit=$((limit + 1))
done
echo "above the limit: $above of 19"
[ $above -ge 15 ]
