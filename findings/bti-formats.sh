#!/bin/sh
# bti asks a host of one's own for JSON and reads XML, and its direct messages ask nobody.
#
# Guess: with host=http://HOST/api/statuses and no key for OAuth, bti asks HOST for home_timeline.json, update.json,
#        direct_messages/new.json and public_timeline.json, and reads JSON.
# Seen:  bti 034 (Debian 12, 034-6+b1) asks HOST for home_timeline.json and update.json, and reads what comes as XML:
#        JSON is shown as nothing and ends it with an error, XML at the same address is shown. replies.xml is XML; the
#        timeline of NAME is user_timeline.jsonNAME.xml, asked without name and password. A direct message asks for no
#        address at all (curl's error 3). "public" asks stream.twitter.com, as its source says; that is not run here.
# Ends with 0 while that is so, else 1. Needs root for apt-get.
set -eu
export LC_ALL=C
for package in bti python3; do
    dpkg-query -W "$package" >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
dpkg-query -W bti
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$work"' EXIT
cd "$work"
cat >server.py <<'PY'
import http.server, sys
# one post, as JSON below /json and as XML below /xml, whatever the address ends in
JSON = '[{"created_at": "Mon Nov 30 13:00:00 +0000 2026", "id": 7, "id_str": "7", "text": "hello", "user": {"screen_name": "potato"}}]'
POST = '<created_at>Mon Nov 30 13:00:00 +0000 2026</created_at><id>7</id><text>hello</text><user><screen_name>potato</screen_name></user>'
class Answer(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        print(self.command, self.path, 'Basic' if 'Authorization' in self.headers else 'nobody', file=log, flush=True)
        xml = f'<status>{POST}</status>' if self.command == 'POST' else f'<statuses type="array"><status>{POST}</status></statuses>'
        body = (JSON if self.path.startswith('/json') else '<?xml version="1.0" encoding="UTF-8"?>' + xml).encode()
        self.send_response(200)
        self.send_header('Content-Type', 'application/json' if self.path.startswith('/json') else 'application/xml')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = answer
    def log_message(self, *args):
        pass
log = open('asked', 'w')
server = http.server.HTTPServer(('127.0.0.1', 0), Answer)
open('port.new', 'w').write(str(server.server_port))
import os
os.rename('port.new', 'port')
server.serve_forever()
PY
python3 server.py &
server=$!
tries=0
while test ! -e port; do
    tries=$((tries + 1))
    test $tries -lt 100
    sleep 0.1
done
# ask FORMAT ACTION: what bti shows
ask() {
    printf 'account=potato\npassword=secret\nhost=http://127.0.0.1:%s/%s\n' "$(cat port)" "$1" >.bti
    echo "hello" | HOME=$work no_proxy='*' bti --action "$2" --user minitel 2>errors || true
}
json=$(ask json friends) json_error=$(cat errors)
xml=$(ask xml friends)
ask xml update >/dev/null
update_error=$(cat errors)
ask json update >/dev/null
ask xml user >/dev/null
ask xml replies >/dev/null
before=$(wc -l <asked)
ask xml direct >/dev/null
direct_error=$(cat errors)
after=$(wc -l <asked)
echo "friends as JSON: '$json' ($json_error)"
echo "friends as XML:  '$xml'"
echo "update as XML:   '$update_error'"
echo "direct:          $((after - before)) requests ($(echo "$direct_error" | head -n 1))"
echo "asked:"
cat asked
test -z "$json"
echo "$xml" | grep -q 'potato\] hello'
test -z "$update_error"
test "$before" = "$after"
grep -q '^GET /json/home_timeline.json?page=1 Basic$' asked
grep -q '^GET /xml/home_timeline.json?page=1 Basic$' asked
grep -q '^POST /xml/update.json Basic$' asked
grep -q '^GET /xml/user_timeline.jsonminitel.xml?page=1 nobody$' asked
grep -q '^GET /xml/replies.xml?page=1 Basic$' asked
