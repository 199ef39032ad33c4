# bash completion for piclog

_piclog()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=
    # --option=value arrives as three words
    [[ $current == = ]] && current=
    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}
    case $previous in
    --signup) words='open invite closed' ;;
    --rate-limits | --log-requests | --webhook-allow-private) words='on off' ;;
    --user) words=$(compgen -u) ;;
    --data | --rules | --templates | backup | restore | import) ;;
    --listen | --public-url | --site-name | --motto | --contact | --name-rest | --trusted-proxy | --rate | --threads | --connections | \
        --connections-per-address | --streams | --timeout | --workers | --deadline | --queue | --upload-bytes | --max-pixels | \
        --uploads-in-flight | --quota | --reserve | --webhook-retry | --purge | --page-cache | --image-cache) return ;;
    user) words='add password disable enable delete' ;;
    *)
        if [[ $current == -* ]]; then
            words='--data --listen --public-url --site-name --motto --signup --contact --rules --name-rest --templates --user
                --trusted-proxy --rate-limits --rate --log-requests --threads --connections --connections-per-address --streams
                --timeout --workers --deadline --queue --upload-bytes --max-pixels --uploads-in-flight --quota --reserve
                --webhook-allow-private --webhook-retry --purge --page-cache --image-cache --admin --force --help --version'
        elif [[ $COMP_CWORD == 1 ]]; then
            words='serve user token invite backup restore export import stats'
        fi
        ;;
    esac
    local IFS=$' \t\n'
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _piclog piclog
