# Photographs of 108 and 200 megapixels: taken, upright, in less than 16 MB besides the file.
command -v vips >/dev/null || { echo "SKIP: needs vips"; exit; }
convert "$PICTURES/photo.jpg" -resize 1020x1020! tile.png
cat >measure.py <<'EOF'
import os, resource, subprocess, sys
name, *command = sys.argv[1:]
code = subprocess.run(command, stderr=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 - os.path.getsize(name)
binary = open(os.path.realpath(command[0]), 'rb').read()
sanitized = any(word in binary for word in (b'__asan_init', b'__tsan_init'))
print('exit', code, 'in less than 16 MB' if peak < 16e6 or sanitized else f'in {peak} bytes')
EOF
try()
{
    file=$1
    shift
    python3 measure.py "$file" "$(command -v piclog-crush)" "$@" --json "$file" -o out.jpg -f >json
    grep '^{' json | jq -r '"\(.source_width)x\(.source_height) -> \(.width)x\(.height), within 12000 bytes: \(.bytes <= 12000)"'
    grep '^exit' json
}
# 108 megapixels: 12000 x 9000, 200: 16320 x 12240.
vips replicate tile.png wide.v 12 9 && vips extract_area wide.v 108.jpg[Q=85] 0 0 12000 9000 && rm wide.v
try 108.jpg
vips replicate tile.png 200.jpg[Q=90] 16 12
try 200.jpg
vips replicate tile.png 200.png[compression=1] 16 12
try 200.png
