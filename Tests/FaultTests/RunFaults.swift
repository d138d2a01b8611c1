/// Faults of containers that are started, built and used.
enum RunFaults {
    private static let image = "ailab/standin-alpine:latest"
    private static let step = "--auto --lab fault --json"

    static let all: [Fault] = [
        Fault(
            title: "`--gpus` without NVIDIA's toolkit", injected: "an unchanged engine on a machine without the toolkit",
            command: "docker run --rm --gpus all \(image) true", reader: .diagnose("--step 1.3"),
            cause: "gpu-no-nvidia-runtime", cure: .printed("--device cpu")),
        Fault(
            title: "NVIDIA's toolkit fails", injected: "a fake toolkit hook that fails like the real one without a driver",
            inject: """
                mkdir -p /var/tmp/bin
                printf '#!/bin/sh\\necho "nvidia-container-cli: initialization error: nvml error: driver not loaded" >&2\\nexit 1\\n' \
                >/var/tmp/bin/nvidia-container-runtime-hook
                chmod +x /var/tmp/bin/nvidia-container-runtime-hook && service docker restart
                """,
            command: "docker run --rm --gpus all \(image) true", reader: .diagnose("--step 1.3"),
            cause: "gpu-driver-not-loaded", cure: .printed("--device cpu"), cleanup: "rm -rf /var/tmp/bin; service docker restart"),
        Fault(
            title: "The runtime `nvidia` is not registered", injected: "an unchanged engine",
            command: "docker run --rm --runtime=nvidia \(image) true", reader: .diagnose("--step 1.3"),
            cause: "gpu-runtime-unknown", cure: .printed("--device cpu")),
        Fault(
            title: "The port is taken", injected: "another program listens on the port",
            inject: "python3 -m http.server --bind 127.0.0.1 18099 >/dev/null 2>&1 & echo $! >/run/holder; sleep 1",
            command: "ailab step 1.2 \(step)", reader: .step, cause: "port-in-use", cure: .printed("--set port="),
            cleanup: "kill $(cat /run/holder)"),
        Fault(
            title: "The container's name is taken", injected: "another container, not made by ailab, has the name",
            inject: "docker create --name fault-write \(image) true", command: "ailab step 1.6 \(step)", reader: .step,
            cause: "container-name-in-use", cure: .printed("--set prefix="), cleanup: "docker rm -f fault-write"),
        Fault(
            title: "The container exceeds its memory limit", injected: "a limit of 12 MB for a program that needs 25 MB",
            command: "ailab step 1.4 \(step)", reader: .step, cause: "oom-killed", cure: .printed("--set memory=")),
        Fault(
            title: "The folder to mount is missing", injected: "a bind mount of a folder that doesn't exist",
            command: "docker run --rm --mount type=bind,source=$W/missing,target=/data \(image) ls /data", cause: "invalid-mount",
            cure: .printed("mkdir -p"), cleanup: "rm -rf $W/missing"),
        Fault(
            title: "exec in a stopped container", injected: "the container is killed before the exec",
            inject: "docker run -d --name fault-sleeper \(image) sleep 600 && docker kill fault-sleeper",
            command: "docker exec fault-sleeper true", cause: "container-not-running", cure: .printed("docker start"),
            cleanup: "docker rm -f fault-sleeper"),
        Fault(
            title: "Exit code 126: not executable", injected: "an entry point without the execute bit",
            inject: """
                mkdir -p $HOME/context && cd $HOME/context && printf '#!/bin/sh\\necho started\\n' >start.sh && chmod 644 start.sh
                printf 'FROM \(image)\\nCOPY start.sh /start.sh\\nENTRYPOINT ["/start.sh"]\\n' >Dockerfile
                """,
            command: "cd $HOME/context && export DOCKER_BUILDKIT=0 && docker build -t fault-start . && docker run --rm fault-start",
            cause: "entrypoint-not-executable", cure: .printed("chmod +x"), at: "cd $HOME/context; export DOCKER_BUILDKIT=0",
            after: "docker run --rm fault-start",
            cleanup: "docker rmi -f fault-start; rm -rf $HOME/context"),
        Fault(
            title: "Exit code 127: no such program", injected: "`bash` in an image that doesn't contain it",
            command: "docker run --rm \(image) bash -c true", cause: "command-not-found-in-image", cure: .printed("docker run --rm -i"),
            after: "true"),
        Fault(
            title: "The image doesn't know the user", injected: "`--user` with a name that the image doesn't have",
            command: "docker run --rm --user stranger \(image) true", cause: "container-user-unknown", cure: .printed("--user"),
            after: "true"),
        Fault(
            title: "/dev/shm is full", injected: "a file of 100 MB in a container's default 64 MB",
            command: "docker run --rm \(image) dd if=/dev/zero of=/dev/shm/filled bs=1M count=100", cause: "shm-too-small",
            cure: .printed("--shm-size"), after: "docker run --rm --shm-size=8g \(image) dd if=/dev/zero of=/dev/shm/filled bs=1M count=100"
        ),
    ]
}
