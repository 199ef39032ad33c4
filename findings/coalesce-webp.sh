#!/bin/sh
# ImageMagick's -coalesce blends the frames of an animated WebP that shall not be blended.
#
# Guess: a frame that replaces what is below it ("do not blend", which every animation with a moving hole has) leaves its
#        transparent pixels transparent, as in browsers, libwebp's own decoder and libvips.
# Seen:  ImageMagick 6.9.11-60 of Debian 12 shows what was below: (12,4) is red. libvips 8.14.1 reads the same file as the
#        container says it: transparent. Whoever takes -coalesce for the truth about an animation, as tests do, calls
#        right decoders wrong; whoever converts such a file to GIF or sprites with it gets trails.
# Ends with 0 while that is so, else 1. Needs root for apt-get.
set -eu
export LC_ALL=C
for package in imagemagick webp libvips-tools; do
    dpkg-query -W "$package" >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
dpkg-query -W imagemagick webp libvips-tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
magick=/usr/bin/convert
# all red; then the left half green, the right half transparent, which replaces it
$magick -size 16x16 xc:red -define webp:lossless=true first.webp
$magick -size 16x16 xc:'rgba(0,0,255,0)' -fill lime -draw 'rectangle 0,0 7,15' -define webp:lossless=true second.webp
webpmux -frame first.webp +100+0+0+0-b -frame second.webp +100+0+0+0-b -o film.webp 2>/dev/null
[ "$(webpinfo film.webp | grep -c 'Blend: 1')" = 2 ] # 1: do not blend
alpha_at() { $magick "$1" -format "%[fx:round(255*p{$2}.a)]" info:; }
$magick film.webp -coalesce -delete 0 coalesced.png
vips copy 'film.webp[n=-1]' pages.png # one below the other
$magick pages.png -crop 16x16+0+16 +repage second.png
magick_sees=$(alpha_at coalesced.png 12,4) vips_sees=$(alpha_at second.png 12,4)
echo "opacity of (12,4) in the second frame: ImageMagick $magick_sees, libvips $vips_sees"
[ "$magick_sees" = 255 ] && [ "$vips_sees" = 0 ]
