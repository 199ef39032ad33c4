# Shared by the sections of tools/bench, which sets ROUNDS, CORE, CORPUS, PHOTOS, CRUSH, BUILD and WORK. To be sourced.
# shellcheck shell=bash disable=SC2154

# What piclog-crush sets for malloc (main_keep_heap), as variables of the environment: peers get it as well.
MALLOC=${MALLOC-MALLOC_MMAP_THRESHOLD_=16777216 MALLOC_TRIM_THRESHOLD_=33554432 MALLOC_TOP_PAD_=262144}

alike()
{
    # shellcheck disable=SC2086
    if [ -n "$MALLOC" ]; then local -x ${MALLOC?}; fi
    "$@"
}

pinned() { taskset -c "$CORE" "$@"; }

# Milliseconds of processor time, user and system, of a whole process.
cpu_of()
{
    local TIMEFORMAT='%3U %3S'
    { time taskset -c "$CORE" "$@" >/dev/null 2>&1; } 2>&1 | awk '{print ($1 + $2) * 1000}'
}

# The least of so many times: what others do on the machine only ever adds.
least_cpu_of() # TIMES COMMAND...
{
    local times=$1 i
    shift
    for ((i = 0; i < times; i++)); do cpu_of "$@"; done | sort -n | head -1
}

median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

# A line with the median and the worst of the ratios on standard input.
ratio_line() # LABEL
{
    sort -n >"$WORK/ratios"
    awk -v label="$1" '{v[NR] = $1} END {printf "  %-28s median %.2f x   worst %.2f x\n", label, NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[1]}' "$WORK/ratios"
}

# Megabytes that a process held at most.
peak_of()
{
    /usr/bin/time -o "$WORK/time" -f '%M' "$@" >/dev/null 2>&1
    tail -1 "$WORK/time" | awk '{printf "%.1f", $1 / 1024}'
}

# Of the files given at most $EACH, spread evenly; without EACH all. One a line.
chosen()
{
    local count=$# each=${EACH:-$#} i
    [ "$each" -le "$count" ] || each=$count
    for ((i = 0; i < each; i++)); do
        local at=$((1 + i * count / each))
        echo "${!at}"
    done
}
