#!/usr/bin/env bash
# Steps 1-4 of labs/lab5.yaml as plain docker and curl commands, one after the other, as a careful student would type them. The script
# checks every result and ends at the first wrong one. `bench/lab.sh` compares ailab with it.
#   WORK=DIR                     the student's folder (default: a temporary one)
#   LAB=DIR                      the lab's files (default: labs/lab5 of this checkout)
#   NAMES=byhand                 prefix for the names of containers and images
#   STANDINS=ailab/standin       prefix for the names of stand-in images
#   PORTS="18080 18081 18082"    inference, management, metrics
#   DEVICE=cpu|gpu  QUICK=1      same as ailab's --device and --quick
# Needs docker, curl and jq. If no registry answers, also mmdebstrap, apt-get, dpkg-deb and tar.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
LAB=${LAB:-$here/labs/lab5} WORK=${WORK:-$(mktemp -d /tmp/by-hand.XXXXXX)} NAMES=${NAMES:-byhand} STANDINS=${STANDINS:-ailab/standin}
DEVICE=${DEVICE:-cpu} QUICK=${QUICK:-}
read -r INFERENCE MANAGEMENT METRICS <<<"${PORTS:-18080 18081 18082}"
BASE=$NAMES/base:trixie TRAIN=$NAMES/train:latest SERVE=$NAMES/serve:latest
# BuildKit, as ailab uses it, if Docker's client has the plugin for it. The classic builder knows no mounts.
builder=1
docker buildx version >/dev/null 2>&1 || builder=0
export DOCKER_BUILDKIT=$builder
gpu=()
[ "$DEVICE" = cpu ] || gpu=(--gpus all)
training=(--epochs 5 --no-quick) least=0.98
[ -z "$QUICK" ] || { training=(--epochs 2 --quick) least=0.9; }

step() { printf '\n=== [%4d s] %s\n' "$SECONDS" "$*"; }
build() {
    local tag=$1 context=$2 recipe=$2/$3
    shift 3
    [ "$builder" = 1 ] || { sed 's/--mount=[^ ]* *//' "$recipe" >"$WORK/Dockerfile"; recipe=$WORK/Dockerfile; }
    docker build "$@" -f "$recipe" -t "$tag" "$context"
    docker image inspect "$tag" >/dev/null
}
want() { grep -E -q -- "$1" || { echo "NOT FOUND: $1" >&2; exit 1; }; echo "ok: $1"; }
containers="$NAMES-hello $NAMES-ls $NAMES-echo $NAMES-shell $NAMES-compare $NAMES-data $NAMES-training $NAMES-result $NAMES-serving"
# shellcheck disable=SC2086
remove_containers() { docker rm -f $containers >/dev/null 2>&1 || true; }
trap remove_containers EXIT
remove_containers
mkdir -p "$WORK"/{data,out,weights,model-store,standins}

# Makes a root file system from Debian's static busybox, for when no registry serves alpine and hello-world.
busybox_root() {
    root=$WORK/standins/$1
    if [ ! -e "$WORK/standins/package/bin/busybox" ]; then
        (cd "$WORK/standins" && apt-get -q -o APT::Sandbox::User=root download busybox-static && dpkg-deb -x busybox-static_*.deb package)
    fi
    mkdir -p "$root"/{bin,dev,etc,proc,root,sbin,sys,tmp,usr/bin,usr/sbin,var}
    cp "$WORK/standins/package/bin/busybox" "$root/bin/busybox"
    "$root/bin/busybox" --list-full | while read -r applet; do
        case $applet in bin/busybox) ;; */*) ln -sf /bin/busybox "$root/$applet" ;; esac
    done
    echo "root:x:0:0:root:/root:/bin/sh" >"$root/etc/passwd"
    echo 'PRETTY_NAME="stand-in made of busybox-static"' >"$root/etc/os-release"
}
# get IMAGE STANDIN: pulls IMAGE, or makes the stand-in. Sets `image` to the one that exists.
get() {
    image=$1
    docker pull "$1" && return
    image=$STANDINS-$2
    case $2 in
        hello-world)
            busybox_root hello
            echo 'Hello from Docker! (a stand-in: no registry served the original)' >"$root/hello.txt"
            tar -C "$root" -c . | docker import --change 'CMD ["cat", "/hello.txt"]' - "$image" ;;
        alpine)
            busybox_root alpine
            tar -C "$root" -c . | docker import --change 'CMD ["/bin/sh"]' - "$image" ;;
        debian:trixie)
            mmdebstrap --variant=minbase --format=tar --include=ca-certificates trixie "$WORK/standins/debian.tar"
            docker import "$WORK/standins/debian.tar" "$image" ;;
    esac
}

step "1.1 what this machine has"; nproc; free -h | sed -n 2p; df -h "$WORK" | tail -1; nvidia-smi 2>/dev/null || echo "no GPU"
step "1.2 the engine answers"; docker version --format 'client {{.Client.Version}}, server {{.Server.Version}}'
step "1.3 a first image"; get hello-world:latest hello-world; hello=$image
step "1.4 a first container"; docker run --name "$NAMES-hello" "$hello" | tee "$WORK/log"; want 'Hello from Docker!' <"$WORK/log"

step "2.1 alpine"; get alpine:latest alpine; alpine=$image
step "2.2 ls -l"; docker run --name "$NAMES-ls" "$alpine" ls -l | tee "$WORK/log"; want '\bbin\b' <"$WORK/log"
step "2.3 echo"; docker run --name "$NAMES-echo" "$alpine" echo "hello from alpine" | tee "$WORK/log"; want '^hello from alpine$' <"$WORK/log"
step "2.4 a shell"; printf 'ls -l\nuname -a\ncat /etc/os-release\nps\nexit\n' | docker run -i --name "$NAMES-shell" "$alpine" /bin/sh
step "2.5 list the containers"; docker ps -a --filter "name=$NAMES-" | tee "$WORK/log"; want 'Exited \(0\)' <"$WORK/log"
step "2.6 inside and outside"
docker run --name "$NAMES-compare" --memory 64m --cpus 0.5 "$alpine" sh -c 'hostname; ps; ls -l /proc/self/ns'
hostname; ls -l /proc/self/ns

step "3.1 the Dockerfile"; head -1 "$LAB/train/Dockerfile.$DEVICE"
step "3.2 the base image"; get debian:trixie-slim debian:trixie
mkdir -p "$WORK/base"
cp /etc/ssl/certs/ca-certificates.crt "$WORK/base/ca-bundle.crt"
echo 'Acquire::https::CAInfo "/etc/ailab/ca-bundle.crt";' >"$WORK/base/apt.conf"
cat >"$WORK/base/Dockerfile" <<DOCKERFILE
FROM $image
COPY apt.conf /etc/apt/apt.conf.d/80ailab
COPY ca-bundle.crt /etc/ailab/ca-bundle.crt
ENV PIP_CERT=/etc/ailab/ca-bundle.crt SSL_CERT_FILE=/etc/ailab/ca-bundle.crt
ENV REQUESTS_CA_BUNDLE=/etc/ailab/ca-bundle.crt CURL_CA_BUNDLE=/etc/ailab/ca-bundle.crt
DOCKERFILE
docker build -t "$BASE" "$WORK/base" | tail -1
step "3.3 build the training image"
build "$TRAIN" "$LAB/train" "Dockerfile.$DEVICE" --build-arg "BASE=$BASE" >"$WORK/build-train.log"
step "3.4 the digits"
docker run --name "$NAMES-data" -v "$WORK/data:/workspace/data" --entrypoint python3 "$TRAIN" /app/prepare_data.py --data /workspace/data | tail -3
[ -s "$WORK/data/train-images-idx3-ubyte.gz" ]
step "3.5 train"
docker run --name "$NAMES-training" ${gpu[@]+"${gpu[@]}"} -v "$WORK/data:/workspace/data:ro" -v "$WORK/out:/workspace/out" "$TRAIN" \
    --data /workspace/data --out /workspace/out "${training[@]}" --device "$DEVICE" >"$WORK/train.log"
jq -e ".accuracy >= $least" "$WORK/out/metrics.json" >/dev/null || { echo "accuracy below $least" >&2; exit 1; }
step "3.6 the result"
docker run --name "$NAMES-result" -v "$WORK/out:/workspace/out:ro" --entrypoint cat "$TRAIN" /workspace/out/metrics.json >"$WORK/log"
want accuracy <"$WORK/log"; jq -c '{accuracy, seconds, device}' "$WORK/log"

step "4.1 the serving Dockerfile"; head -1 "$LAB/serve/Dockerfile.$DEVICE"
step "4.2 build the TorchServe image"
build "$SERVE" "$LAB/serve" "Dockerfile.$DEVICE" --build-arg "BASE=$BASE" >"$WORK/build-serve.log"
step "4.3 start the server"
docker run -d --name "$NAMES-serving" ${gpu[@]+"${gpu[@]}"} -v "$WORK/model-store:/workspace/model-store" -v "$WORK/weights:/workspace/weights" \
    -v "$WORK/out:/workspace/out" -p "127.0.0.1:$INFERENCE:8080" -p "127.0.0.1:$MANAGEMENT:8081" -p "127.0.0.1:$METRICS:8082" "$SERVE"
for _ in $(seq 240); do
    docker exec "$NAMES-serving" test -s key_file.json 2>/dev/null && curl -s -o /dev/null -m 2 "127.0.0.1:$INFERENCE/ping" && break
    sleep 0.5
done
keys=$(docker exec "$NAMES-serving" cat /home/model-server/key_file.json)
ask=(-sS --fail -m 60 -H "Authorization: Bearer $(jq -r .inference.key <<<"$keys")")
manage=(-sS --fail -m 180 -H "Authorization: Bearer $(jq -r .management.key <<<"$keys")")
models=127.0.0.1:$MANAGEMENT/models
# register NAME: registers NAME.mar and waits for its worker.
register() {
    curl "${manage[@]}" -X POST "$models?url=$1.mar&model_name=$1&initial_workers=1&synchronous=true" | want registered
    curl "${manage[@]}" "$models/$1" | want READY
}
curl "${ask[@]}" "127.0.0.1:$INFERENCE/ping" | want Healthy
step "4.4 look inside"
docker port "$NAMES-serving"
docker exec "$NAMES-serving" sh -c 'torchserve --version; java -version 2>&1; ls -l /home/model-server; ls /app'
curl "${manage[@]}" "$models"
step "4.5 pretrained weights"; docker exec "$NAMES-serving" python3 /app/fetch_weights.py --out /workspace/weights | tail -2
step "4.6 archive the model"
docker exec "$NAMES-serving" torch-model-archiver --model-name imagenet --version 1.0 --model-file /workspace/weights/model.py \
    --serialized-file /workspace/weights/weights.pt --handler image_classifier \
    --extra-files /workspace/weights/index_to_name.json --export-path /workspace/model-store --force
step "4.7 load it"; register imagenet
step "4.8 what is in the picture"
curl "${ask[@]}" -T "$LAB/pictures/cat.jpg" "127.0.0.1:$INFERENCE/predictions/imagenet" >"$WORK/log"
jq -r 'to_entries[0].key' "$WORK/log" | want '^(tabby|tiger cat|Persian cat|Siamese cat|Egyptian cat)$'
step "4.9 archive your own model"
docker exec "$NAMES-serving" torch-model-archiver --model-name mnist --version 1.0 --model-file /workspace/out/mnist_model.py \
    --serialized-file /workspace/out/mnist_cnn.pt --handler /app/mnist_handler.py --export-path /workspace/model-store --force
step "4.10 load it"; register mnist
step "4.11 let it read digits"
for digit in 0 1 2 3 4 5 6 7 8 9; do
    read=$(curl "${ask[@]}" -T "$LAB/pictures/digit-$digit.png" "127.0.0.1:$INFERENCE/predictions/mnist" | jq -r 'to_entries[0].key')
    echo "digit-$digit.png -> $read"
    [ "$read" = "$digit" ]
done
step "4.12 stop the server"; docker stop -t 15 "$NAMES-serving"; docker rm "$NAMES-serving"
step "done in $SECONDS s, in $WORK"
