# The manual is well formed.
command -v mandoc >/dev/null || { echo "SKIP: needs mandoc"; exit; }
mandoc -Tlint -Wwarning "$TOOLS/piclog-crush.1" && echo fine
