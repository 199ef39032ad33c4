# Formats are told by the first bytes; what an object says about them.
for format in jpg png webp gif; do
    cp "$PICTURES/photo.$format" "$format.bin"
    piclog-crush --json "$format.bin" 2>/dev/null |
        jq -c '[.input,.output,.ok,.source_format,.source_width,.source_height,.width,.height,.bytes<=12000]'
done
