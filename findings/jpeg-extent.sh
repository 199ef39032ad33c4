#!/bin/sh
# ImageMagick's jpeg:extent often stops one quality before the highest that fits.
#
# Guess: -define jpeg:extent=12kb tries qualities by halving and writes the highest that is no larger.
# Seen:  ImageMagick 6.9.11-60: of 40 limits from 8 to 27.5 kB on a picture of 720 x 480, 13 got a file although the next quality
#        was within the limit too, never by more than one; it has 5 % more bytes on average.
#        The other 27 got the best. Whoever compares pictures at equal bytes by it compares smaller ones.
# Ends with 0 while that is so, else 1. Needs root for apt-get.
set -eu
export LC_ALL=C
command -v convert >/dev/null || apt-get install -y -qq --no-install-recommends imagemagick >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
convert -version | head -1
convert -seed 3 -size 720x480 plasma:red-blue -attenuate .6 +noise Gaussian picture.png
quality=1
while [ $quality -le 60 ]; do # the bytes of every quality, a line each
    convert picture.png -quality $quality jpg:- | wc -c
    quality=$((quality + 1))
done >bytes
short=0 best=0 limit=8000
while [ $limit -lt 28000 ]; do
    convert picture.png -define jpeg:extent=${limit}B written.jpg
    got=$(wc -c <written.jpg)
    fits=$(awk -v limit=$limit '$1 <= limit { q = NR } END { print q + 0 }' bytes)
    is=$(awk -v got="$got" '$1 == got { print NR; exit }' bytes)
    if [ "$is" = "$fits" ]; then best=$((best + 1)); elif [ "$is" = $((fits - 1)) ]; then
        short=$((short + 1))
        echo "$got $(sed -n "${fits}p" bytes)" >>pairs
    else
        echo "limit $limit: quality $is of $fits"
        exit 1
    fi
    limit=$((limit + 500))
done
echo "the best quality that fits: $best; one less: $short; bytes more that would have fitted: $(awk '{ sum += $2 / $1 - 1 } END { printf "%.0f %%", 100 * sum / NR }' pairs)"
[ $short -ge 10 ]
