# --help and --version go to standard output and are no failure.
piclog-crush --help >help && echo "exit $?"
head -2 help
piclog-crush -h | cmp - help
piclog-crush --version
piclog-crush -V
# Each option of the help is in the manual and in every completion.
grep -o -- '--[a-z0-9-]*' help | sort -u | while read -r option; do
    name=${option#--}
    grep -q -- "-$(echo "$name" | sed 's/-/.*/g')" "$TOOLS/piclog-crush.1" || echo "manual lacks $option"
    grep -q -- "$option" "$TOOLS/completions/piclog-crush.bash" || echo "bash lacks $option"
    grep -q -- "$option" "$TOOLS/completions/_piclog-crush" || echo "zsh lacks $option"
    grep -q -- "-l $name" "$TOOLS/completions/piclog-crush.fish" || echo "fish lacks $option"
done
grep -c -o -- '--[a-z0-9-]*' help | sed 's/[0-9]*/options were compared/'
piclog-crush --help >/dev/full || echo "exit $? when the help cannot be written"
