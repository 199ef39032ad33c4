# Two hosts of our own making, two SSH servers on the loopback, and GNU parallel that shares a list out over them; one worker
# is killed on the way.
for program in parallel dropbear dropbearkey ssh ssh-keygen; do
    command -v $program >/dev/null || { echo "SKIP: no $program"; exit; }
done
wrapper=$(find /usr/lib -name libnss_wrapper.so 2>/dev/null | head -n 1)
[ "$wrapper" ] || { echo "SKIP: no libnss-wrapper"; exit; }
here=$PWD
# the home of whoever runs this stays as it is: the servers are told of another one
mkdir -m 700 home home/.ssh
ssh-keygen -q -t ed25519 -N '' -f key
cp key.pub home/.ssh/authorized_keys
chmod 600 home/.ssh/authorized_keys
printf 'worker:x:%s:%s::%s/home:/bin/sh\n' "$(id -u)" "$(id -g)" "$here" >passwd
printf 'worker:x:%s:\n' "$(id -g)" >group
dropbearkey -t ed25519 -f host >/dev/null 2>&1
servers=
for _ in one two; do
    for try in 1 2 3 4 5 6 7 8 9; do
        port=$((20000 + ($$ * 7 + try * 131 + ${port:-0}) % 20000))
        LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD=$here/passwd NSS_WRAPPER_GROUP=$here/group dropbear -F -E -s -e -r host -p 127.0.0.1:$port -P "$here/pid$port" 2>>log &
        server=$!
        for _ in $(seq 100); do grep -qs . "pid$port" && break; kill -0 $server 2>/dev/null || break; sleep 0.05; done
        kill -0 $server 2>/dev/null && break
    done
    servers="$servers $server" ports="${ports:-} $port"
done
trap 'kill $servers' EXIT
mkdir in
for i in $(seq 60); do cp "$PICTURES/small.jpg" "in/$i.jpg"; done
find in -type f -print0 | sort -z >list
cat >worker <<WORKER
#!/bin/sh
# the third part is killed at its first try, half way
cd "$here" || exit
export LC_ALL=C.UTF-8
echo "\${SSH_CONNECTION##* }" >>hosts
if [ "\$1" = 3 ] && mkdir "$here/killed" 2>/dev/null; then
    $(command -v piclog-crush) -j 1 --files0-from list --shard 3/6 --resume -o out --json --quiet | { head -n 3; kill -9 \$\$; }
fi
exec $(command -v piclog-crush) -j 1 --files0-from list --shard \$1/6 --resume -o out --json --quiet
WORKER
chmod +x worker
set -- $ports
run="ssh -i $here/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o IdentitiesOnly=yes"
user=worker
HOME=$here parallel --will-cite --retries 3 --joblog jobs --ssh "$run" -S "1/$run -p $1 $user@127.0.0.1,1/$run -p $2 $user@127.0.0.1" "$here/worker" ::: 1 2 3 4 5 6 >lines
echo "hosts: $(sort -u hosts | wc -l)"
find out -type f ! -name '.*' | wc -l
jq -r 'select(.quality).input' lines | sort | uniq -d | wc -l
(cd in && sha256sum ./* | wc -l)
sha256sum out/in/* | cut -d' ' -f1 | sort -u | wc -l
[ -d killed ] && echo "one was killed"
