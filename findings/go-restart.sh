#!/bin/sh
# Go's image/jpeg refuses JPEGs with restart markers whose components have scans of their own, as every progressive one has.
#
# Guess: a decoder that reads progressive JPEGs, and restart markers, reads both at once: in a scan of one component the
#        interval counts its blocks (ITU T.81, sections A.2.2 and B.2.4.4).
# Seen:  Go 1.19.8 of Debian 12 (1.24.4 of Debian 13 too) counts the blocks of all components together, and ends with "invalid JPEG
#        format: missing 0xff00 sequence" when chroma is halved, progressive or in separate baseline scans. With chroma at full size the two
#        counts are the same, and it reads them. cjpeg -progressive -restart 1 writes such files; libjpeg-turbo and browsers show them.
# Ends with 0 while that is so, else 1. Needs root for apt-get; takes 500 MB of /tmp for a minute.
set -eu
export LC_ALL=C
command -v cjpeg >/dev/null || apt-get install -y -qq --no-install-recommends libjpeg-turbo-progs >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq golang-1.19-go golang-1.19-src 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
mkdir go
cp -r usr/lib/go-1.19/bin usr/lib/go-1.19/pkg usr/share/go-1.19/src go/
cp -rL usr/share/go-1.19/pkg/include go/pkg/ 2>/dev/null || true
export GOROOT="$work/go" GOCACHE="$work/cache" GO111MODULE=off
go/bin/go version
cat >look.go <<'END'
package main

import (
	"fmt"
	"image/jpeg"
	"os"
)

func main() {
	picture, err := jpeg.Decode(os.Stdin)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(picture.Bounds().Dx(), "x", picture.Bounds().Dy())
}
END
go/bin/go build -o look look.go
awk 'BEGIN { print "P3 96 64 255"; for (i = 0; i < 96 * 64; i++) print i % 96 * 2, int(i / 96) * 3, (i * 7) % 256 }' >picture.ppm
printf '0;\n1;\n2;\n' >scans
result=0
try() # WANTED CJPEG-OPTION...
{
    wanted=$1
    shift
    cjpeg "$@" -outfile picture.jpg picture.ppm
    [ "$(djpeg picture.jpg | sed -n 2p)" = "96 64" ]
    said=$(./look <picture.jpg)
    echo "cjpeg $*: $said"
    [ "$said" = "$wanted" ] || result=1
}
refused='invalid JPEG format: missing 0xff00 sequence'
try '96 x 64' -restart 3B
try '96 x 64' -progressive
try "$refused" -progressive -restart 3B
try "$refused" -progressive -restart 1
try '96 x 64' -progressive -restart 3B -sample 1x1
try "$refused" -scans scans -restart 3B
exit $result
