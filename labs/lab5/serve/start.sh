#!/bin/sh
# Process 1 of the container: the server in the foreground, so the container lives exactly as long as the server, and a clean end
# when `docker stop` asks for it. What you write after the image's name is added to the command.
torchserve --start --foreground --ts-config /home/model-server/config.properties "$@" &
server=$!
trap 'torchserve --stop' TERM INT
wait "$server"
code=$?
# A signal ends the first wait early. The second one waits until the server has really gone.
if [ "$code" -gt 128 ]; then
    wait "$server"
    code=$?
fi
exit "$code"
