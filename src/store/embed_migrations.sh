#!/bin/sh
# Prints the migrations as one C array of strings, in the order given.
echo 'static const char *const migrations[] = {'
for file; do
    sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/' "$file"
    echo '    ,'
done
echo '};'
