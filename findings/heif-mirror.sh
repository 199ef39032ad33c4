#!/bin/sh
# Debian 12's libheif cannot mirror pictures of more than 8 bits.
#
# Guess: a decoder that reads pictures of 10 bits, turns them (irot), and mirrors pictures of 8 bits (imir) can mirror
#        those of 10 bits.
# Seen:  libheif 1.15.1 (heif-convert of libheif-examples 1.15.1-1+deb12u1) decodes each of the first three, and refuses
#        the fourth: "Unsupported feature: Unspecified: Can currently only mirror images with 8 bits per pixel". What is
#        built on it (vips, ImageMagick) cannot open such a file at all; libavif and Chromium can.
# Ends with 0 while that is so, else 1. Needs root for apt-get.
set -eu
export LC_ALL=C
for package in libheif-examples libavif-bin imagemagick; do
    dpkg-query -W "$package" >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
dpkg-query -W libheif1 libavif-bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
convert -size 256x128 gradient:red-blue -depth 8 PNG24:p.png
avifenc -s 9 -d 10 p.png -o ten.avif >/dev/null
avifenc -s 9 -d 10 --irot 1 p.png -o ten_turned.avif >/dev/null
avifenc -s 9 --imir 1 p.png -o eight_mirrored.avif >/dev/null
avifenc -s 9 -d 10 --imir 1 p.png -o ten_mirrored.avif >/dev/null
avifdec ten_mirrored.avif sound.png >/dev/null # libavif opens it: the file is sound
for name in ten ten_turned eight_mirrored ten_mirrored; do
    heif-convert "$name.avif" "$name.out.png" >"$name.log" 2>&1 && echo "$name: decoded" || echo "$name: $(tail -n 1 "$name.log")"
done
[ -s ten.out.png ] && [ -s ten_turned.out.png ] && [ -s eight_mirrored.out.png ] && [ ! -s ten_mirrored.out.png ] &&
    grep -q 'only mirror images with 8 bits' ten_mirrored.log
