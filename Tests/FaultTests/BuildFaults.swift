/// Faults of `docker build`, with the classic builder, which needs no plugin.
enum BuildFaults {
    private static let image = "ailab/standin-alpine:latest"
    private static let folder = "cd $HOME/context && export DOCKER_BUILDKIT=0"
    private static let cleanup = "docker rmi -f fault-built; rm -rf $HOME/context"

    private static func context(_ files: String) -> String { "mkdir -p $HOME/context && cd $HOME/context && \(files)" }

    static let all: [Fault] = [
        Fault(
            title: "The Dockerfile has no FROM", injected: "a Dockerfile that begins with RUN",
            inject: context("printf 'RUN true\\n' >Dockerfile"), command: "\(folder) && docker build -t fault-built .",
            cause: "dockerfile-syntax", cure: .person("you choose the base image; ailab says what is missing"), cleanup: cleanup),
        Fault(
            title: "`--progress` without buildx", injected: "an engine without the buildx plugin",
            inject: context("printf 'FROM \(image)\\n' >Dockerfile"),
            command: "cd $HOME/context && unset DOCKER_BUILDKIT && docker build --progress=plain -t fault-built .",
            cause: "buildx-missing",
            cure: .person("the plugin is a package, and a test must not depend on the network; ailab shows the command"), cleanup: cleanup),
        Fault(
            title: "A start script with Windows line ends", injected: "a script with CRLF as entry point",
            inject: context(
                """
                printf '#!/bin/sh\\r\\necho started\\r\\n' >start.sh && chmod 755 start.sh
                printf 'FROM \(image)\\nCOPY start.sh /start.sh\\nENTRYPOINT ["/start.sh"]\\n' >Dockerfile
                """),
            command: "\(folder) && docker build -q -t fault-built . && docker run --rm fault-built", cause: "exec-interpreter-missing",
            cure: .printed("sed -i"), at: folder, after: "docker build -q -t fault-built . && docker run --rm fault-built",
            prints: "started", cleanup: cleanup),
    ]
}
