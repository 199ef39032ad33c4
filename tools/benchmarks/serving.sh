# The service, for sections of tools/bench that ask it for something. To be sourced after common.sh; who does sets port.
# shellcheck shell=bash disable=SC2154,SC2034
piclog=$BUILD/src/piclog server=''

start() # DATA [OPTION]...
{
    data=$1
    shift
    "$piclog" serve --data "$data" --listen "127.0.0.1:$port" --rate-limits off --log-requests off "$@" 2>/dev/null &
    server=$!
    for _ in $(seq 50); do curl -s -o /dev/null "http://127.0.0.1:$port/healthz" && break; sleep 0.1; done
}

stop()
{
    kill "$server"
    wait "$server"
    server=
}

# All processes of the service together, proportional set size in MB.
memory()
{
    for pid in $server $(pgrep -P "$server") $(pgrep -P "$(pgrep -d, -P "$server")"); do
        awk '/^Pss:/ {print $2}' "/proc/$pid/smaps_rollup" 2>/dev/null
    done | awk '{s += $1} END {printf "%.1f", s / 1024}'
}

# A person, whose API token is in TOKEN afterwards.
sign_up()
{
    echo 'long enough' | "$piclog" user add bench --data "$data"
    TOKEN=$("$piclog" token bench --data "$data")
}
