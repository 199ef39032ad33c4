# bash completion for piclog-crush

_piclog_crush()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=
    # --option=value arrives as three words
    [[ $current == = ]] && current=
    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}
    case $previous in
    -p | --preset) words='crispy crunchy fried dust' ;;
    --chroma) words='420 444 auto' ;;
    --shrink) words='auto floor never' ;;
    --decoder) words='auto library' ;;
    --progress) words='auto always never' ;;
    -s | --max-side) words='320 480 640 800' ;;
    -b | --budget) words='3k 6k 12k 24k' ;;
    --shard | -q | --quality | -g | --generations | -j | --jobs | --background) return ;;
    -o | --output | --gallery | --files0-from) ;;
    *)
        [[ $current == -* ]] && words='--output --preset --max-side --budget --quality --generations --gray --clip
            --background --chroma --shrink --decoder --recursive --jobs --dry-run --files0-from --shard --resume --force --gallery
            --keep-date --json --progress --quiet --help --version'
        ;;
    esac
    local IFS=$' \t\n'
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _piclog_crush piclog-crush
