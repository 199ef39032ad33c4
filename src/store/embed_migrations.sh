#!/bin/sh
# Prints the migrations as one C array of strings, in the order given, which has to be that of their numbers.
last=
echo 'static const char *const migrations[] = {'
for file; do
    number=$(basename "$file")
    if [ "$(printf '%s\n' "$last" "$number" | sort | tail -n 1)" != "$number" ]; then
        echo "$number stands behind $last" >&2
        exit 1
    fi
    last=$number
    echo '    (' # clang takes a few lines without parentheses for a forgotten comma
    sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/' "$file"
    echo '    ),'
done
echo '};'
