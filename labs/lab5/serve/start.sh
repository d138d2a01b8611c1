#!/bin/sh
# Process 1 of the container. The server runs in the foreground, so the container runs exactly as long as the server. When
# `docker stop` asks for it, the server shuts down cleanly. Arguments of this script are passed on to torchserve.
torchserve --start --foreground --ts-config /home/model-server/config.properties "$@" &
server=$!
trap 'torchserve --stop' TERM INT
wait "$server"
code=$?
# A signal ends the first wait early. The second one waits until the server has exited.
if [ "$code" -gt 128 ]; then
    wait "$server"
    code=$?
fi
exit "$code"
