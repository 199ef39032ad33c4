# Lists of names, each ended by a zero byte; folders of relative names are kept.
mkdir -p a/b "odd
name"
for file in a/one.jpg a/b/two.jpg "odd
name/three.jpg" ./-; do cp "$PICTURES/small.jpg" "$file"; done
find a odd* -name '*.jpg' -print0 | sort -z | piclog-crush --files0-from - -o out
find out -type f | sort
printf '%s\0' a/one.jpg ./a/b/two.jpg a/../a/one.jpg - "$PWD/a/b/two.jpg" missing '' a >list
piclog-crush a/one.jpg --files0-from list -o out2 || echo "exit $?"
find out2 -type f | sort
printf 'a/one.jpg\0a/b/two.jpg' >unended
piclog-crush -f --files0-from unended
: >nothing
piclog-crush --files0-from nothing && echo "exit $?"
piclog-crush --files0-from a || echo "exit $?"
