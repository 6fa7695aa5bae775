#!/bin/sh
# Restarts the nodes behind nginx one after the other, without a failed request: rolling-restart.sh 8081 8082
set -eu
nodes=${NODES:-/etc/nginx/callboard-nodes.conf}
reload=${RELOAD:-nginx -s reload}
restart=${RESTART:-systemctl restart callboard@}

# mark PORT "" has nginx use a node, and mark PORT " down" leave it out.
mark() {
    sed "s/^\(server [^;]*:$1\)[^;]*;/\1$2;/" "$nodes" >"$nodes.new"
    mv "$nodes.new" "$nodes"
    $reload
}

for port in "$@"; do
    mark "$port" " down"
    $restart"$port"
    until curl -fsS -o /dev/null --max-time 5 "http://127.0.0.1:$port/readyz"; do sleep 1; done
    mark "$port" ""
done
