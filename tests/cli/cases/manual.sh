# The manual is well formed.
command -v mandoc >/dev/null || { echo "SKIP: needs mandoc"; exit; }
mandoc -Tlint -Wwarning "$TOOLS/piclog-crush.1" && echo fine
# In every language it tells of the same options and sections. mandoc knows section names in English only.
for name in piclog piclog-crush; do
    grep -oE '^\.(It (Fl|Cm)|Sh)|Fl -?[a-zA-Z0-9-]+' "$TOOLS/$name.1" | sed 's/^\.Sh.*/section/' >told
    for other in "$TOOLS/$name".*.1; do
        mandoc -Tlint -Wwarning "$other" | grep -vE 'first section is not "NAME"|outside NAME section' || true
        grep -oE '^\.(It (Fl|Cm)|Sh)|Fl -?[a-zA-Z0-9-]+' "$other" | sed 's/^\.Sh.*/section/' >other
        grep -v section told | grep '^Fl' | sort >one
        grep -v section other | grep '^Fl' | sort >two
        cmp one two && [ "$(grep -c '' told)" = "$(grep -c '' other)" ] && echo "$(basename "$other") tells the same"
    done
done
