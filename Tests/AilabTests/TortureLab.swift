import TestSupport

/// A lab of seconds with what the real one does to an engine: a build, a training, a server, and a command in its container.
enum TortureLab {
    static func text(id: String, port: Int) -> String {
        let server = "httpd -f -p 80 -h /www"
        let pages = #"mkdir -p /www; echo "{\"status\": \"Healthy\"}" > /www/ping"#
        let training = "for i in 1 2 3; do echo epoch $i; sleep 0.3; done; echo made > /out/made"
        return """
            schema: 1
            id: mini
            title: {en: Mini, zh: 迷你}
            summary: {en: A small lab., zh: 一个小实验。}
            images: {}
            servers:
              web: {container: '\(id)-web', inference_port: '\(port)', management_port: '\(port)', metrics_port: '\(port)', key_file: /keys.json}
            steps:
              - number: 1
                title: {en: One, zh: 一}
                tasks:
            \(task("1.1", [], "build: {tag: '\(id):own', context: ., dockerfile: Dockerfile.steps}", "image: '\(id):own'"))
            \(task(
                "1.2", ["1.1"],
                container("run", "\(id):own", "\(id)-train", training, ", mounts: [{workspace: out, target: /out}]"),
                "container: {name: '\(id)-train', state: exited, exit_code: 0}", "file: {path: out/made}", "output: {pattern: 'epoch 3'}"))
            \(task(
                "1.3", ["1.1"],
                "serve: {server: web, ready: 20, container: {image: '\(id):own', name: '\(id)-web', "
                    + "command: [sh, -c, '\(pages); exec \(server)'], ports: [{host: '\(port)', container: 80}]}}",
                "container: {name: '\(id)-web', state: running}"))
            \(task(
                "1.4", ["1.3"], "exec: {container: '\(id)-web', command: [sh, -c, 'echo inside > /mark']}",
                "inside: {container: '\(id)-web', path: /mark}"))

            """
    }

    static func dockerfile(base: String) -> String { "FROM \(base)\nRUN echo one; sleep 0.3; echo 1 > /one\nRUN echo two > /two\n" }

    /// The names of its containers.
    static func containers(id: String) -> Set<String> { ["\(id)-train", "\(id)-web"] }

    private static func container(_ kind: String, _ image: String, _ name: String, _ script: String, _ more: String) -> String {
        "\(kind): {image: '\(image)', name: '\(name)', command: [sh, -c, '\(script)']\(more)}"
    }

    private static func task(_ id: String, _ needs: [String], _ action: String, _ checks: String...) -> String {
        """
              - id: "\(id)"
                title: {en: "Task \(id)", zh: "任务 \(id)"}
                text: {en: Do it., zh: 做吧。}
                needs: [\(needs.map { "\"\($0)\"" }.joined(separator: ", "))]
                action: {\(action)}
                checks: [\(checks.map { "{\($0)}" }.joined(separator: ", "))]
                expected: 2
        """
    }
}
