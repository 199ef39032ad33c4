#!/bin/sh
# twittering-mode shows no posts, and says "Success", because curl prints the names of headers in bold.
#
# Guess: twittering-mode of Debian 12, with its default connection (curl) and a StatusNet host of one's own, shows the
#        posts that the host answers with.
# Seen:  twittering-mode 3.1.0-1.2 with curl 7.88.1 and Emacs 28.2 asks, gets one post as valid JSON, says "Fetching :home.
#        Success. (No new tweets)" and shows none. It runs "curl --include" on a pseudo-terminal, where curl since 7.61
#        puts escape sequences around header names; no Content-Type is found, so the body is taken for nothing. With
#        (setq process-connection-type nil), which makes it a pipe, the same post is shown.
# Ends with 0 while that is so, else 1. Needs root for apt-get.
set -eu
export LC_ALL=C
for package in emacs-nox twittering-mode curl python3; do
    dpkg-query -W "$package" >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends "$package" >/dev/null
done
dpkg-query -W emacs-nox twittering-mode curl
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$work"' EXIT
cd "$work"
cat >server.py <<'PY'
import http.server, json, os
user = {'id': 1, 'id_str': '1', 'screen_name': 'potato', 'name': 'potato', 'protected': False, 'profile_image_url': 'http://127.0.0.1/x.png'}
post = {'id': 7, 'id_str': '7', 'created_at': 'Mon Nov 30 13:00:00 +0000 2026', 'text': 'hello', 'source': 'web', 'user': user}
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        is_user = 'verify_credentials' in self.path
        if self.path.split('?')[0].endswith('.xml'):
            kind, body = 'application/xml', b'<?xml version="1.0"?><user><id>1</id><screen_name>potato</screen_name></user>'
        else:
            kind, body = 'application/json', json.dumps(user if is_user else [post]).encode()
        print(self.path, file=log, flush=True)
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
log = open('asked', 'w')
server = http.server.HTTPServer(('127.0.0.1', 0), Answer)
open('port.new', 'w').write(str(server.server_port))
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
cat >look.el <<'EL'
(require 'twittering-mode)
(when (getenv "AS_PIPE") (setq process-connection-type nil))
(setq twittering-auth-method 'basic twittering-service-method 'statusnet twittering-use-ssl nil
      twittering-connection-type-order '(curl)
      twittering-api-host (concat "127.0.0.1:" (getenv "PORT")) twittering-api-prefix "api/"
      twittering-username "potato" twittering-password "secret" twittering-timer-interval 100000
      twittering-initial-timeline-spec-string ":home")
(twit)
(let ((end (+ (float-time) 8)))
  (while (< (float-time) end) (accept-process-output nil 0.2)))
(princ (with-current-buffer (twittering-get-buffer-from-spec-string ":home")
         (if (string-match "hello" (buffer-string)) "the post" "no post")))
EL
look() {
    PORT=$(cat port) HOME=$work no_proxy='*' emacs -Q --batch -L /usr/share/emacs/site-lisp/twittering-mode -l look.el 2>said
}
terminal=$(look)
said=$(grep '^Fetching' said || true)
pipe=$(AS_PIPE=1 look)
echo "as it comes:                    $terminal ($said)"
echo "with process-connection-type nil: $pipe"
echo "asked: $(grep -c home_timeline asked) times for the timeline"
test "$terminal" = "no post"
test "$pipe" = "the post"
echo "$said" | grep -q 'Success'
test "$(grep -c home_timeline asked)" -ge 2
