# Debian machines to try things on; sourced by fresh and packages.
#
# A machine is a folder in a mount namespace of its own, in memory where there is enough of it, with devices that debootstrap
# makes: nothing of this machine is bound into it but the folder of the corpus, to be read. When the namespace ends, so do its
# processes, and everything in it is gone. With KEEP=FOLDER it is made in FOLDER and stays there: the next run with that KEEP
# brings its clone up to date and goes on with what is installed and built.
# shellcheck shell=bash

# Starts the script anew in a namespace, once; comes back in there only.
machine_enter() # SCRIPT ARGUMENT...
{
    [ "$(id -u)" = 0 ] || { echo 'only root can make a machine' >&2; exit 2; }
    if [ -n "${PICLOG_MACHINE-}" ]; then
        machine=$PICLOG_MACHINE/root
        return
    fi
    if [ -n "${KEEP-}" ]; then
        mkdir -p "$KEEP"
        PICLOG_MACHINE=$(realpath "$KEEP")
    else
        PICLOG_MACHINE=$(mktemp -d "${TMPDIR:-/tmp}/piclog-machine.XXXXXX")
        trap 'rm -rf --one-file-system "$PICLOG_MACHINE"' EXIT
    fi
    export PICLOG_MACHINE
    local status=0
    unshare --mount --pid --fork --kill-child --propagation private "$@" || status=$?
    exit $status
}

machine_make() # 12|13: its required packages, git, and a clone of the tree in /srv/piclog
{
    local release mirror log=$PICLOG_MACHINE/log
    case $1 in 12) release=bookworm ;; 13) release=trixie ;; esac
    if [ -f "$PICLOG_MACHINE/made" ]; then
        [ "$(<"$PICLOG_MACHINE/made")" = "$1" ] || { echo "$PICLOG_MACHINE holds another Debian than $1" >&2; exit 2; }
        machine_mount
        git -C "$machine/srv/piclog" fetch --quiet "$top" HEAD
        git -C "$machine/srv/piclog" reset --quiet --hard FETCH_HEAD
        return
    fi
    if [ -z "${KEEP-}" ] && [ "$(awk '/^MemAvailable/ { print int($2 / 1000000) }' /proc/meminfo)" -ge 12 ]; then
        mount -t tmpfs -o size=9G piclog "$PICLOG_MACHINE"
    fi
    rm -rf --one-file-system "$machine" # half made, and kept
    mkdir "$machine"
    echo "Debian $1: making a machine in $PICLOG_MACHINE, a few minutes"
    mirror=$(sed -n -E 's/^(deb .*|URIs: *)(https?:[^ ]*debian\/?)( .*)?$/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
    debootstrap --variant=minbase --include=ca-certificates,git "$release" "$machine" "${mirror:-http://deb.debian.org/debian}" >"$log" 2>&1 ||
        { tail -20 "$log" >&2; exit 1; }

    # How the network is reached, and nothing else of this machine.
    cp /etc/resolv.conf /etc/hosts "$machine/etc/"
    grep -rhE '^ *Acquire::.*;$' /etc/apt/apt.conf /etc/apt/apt.conf.d 2>/dev/null >"$machine/etc/apt/apt.conf.d/90machine" || true
    cp /usr/local/share/ca-certificates/*.crt "$machine/usr/local/share/ca-certificates/" 2>/dev/null &&
        chroot "$machine" update-ca-certificates >>"$log" 2>&1
    echo 'force-unsafe-io' >"$machine/etc/dpkg/dpkg.cfg.d/90machine" # it is thrown away
    mkdir -p "$machine/srv/shared/corpus"
    machine_mount
    git clone --quiet --no-hardlinks "$top" "$machine/srv/piclog"
    echo "$1" >"$PICLOG_MACHINE/made"
}

machine_mount()
{
    mount -t proc proc "$machine/proc"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$machine/dev/pts"
    mount -t tmpfs shm "$machine/dev/shm"
    local corpus=${PICLOG_CORPUS:-$top/../shared/corpus}
    [ ! -d "$corpus" ] || mount --bind -o ro "$corpus" "$machine/srv/shared/corpus"
}

# For what runs containers: it looks at the kind of control groups, and must not remember, in a kept machine, what ran before.
machine_mount_for_containers()
{
    mount --bind "$machine" "$machine"
    machine_mount
    mount -t tmpfs run "$machine/run"
    mount -t sysfs -o ro sysfs "$machine/sys"
    mount -t cgroup2 cgroup2 "$machine/sys/fs/cgroup"
}

# A second machine as bare as the first was when it was made; the commands after this are for it.
machine_copy() # NAME
{
    local copy=$PICLOG_MACHINE/$1
    cp -ax "$machine" "$copy"
    machine=$copy
    machine_mount
}

machine_run() # COMMAND, run in the clone with nothing of this environment
{
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
        chroot "$machine" /bin/bash -c "cd /srv/piclog && $1"
}

# The same with the machine as the root of its namespace, the last thing that a script does: whoever enters a container of a
# changed root later, as "podman exec" does, would stand outside of it.
machine_run_as_root() # COMMAND
{
    cd "$machine" || exit
    pivot_root . mnt
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        chroot . /bin/bash -c "umount -l /mnt && cd /srv/piclog && $1"
}
