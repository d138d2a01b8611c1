/// A lab of seconds: everything that the command line has to deal with, in one container each.
enum QuickLab {
    static func text(id: String, port: Int) -> String {
        """
        schema: 1
        id: mini
        title: {en: Mini, zh: 迷你}
        summary: {en: A small lab., zh: 一个小实验。}
        variables:
          word: {text: {en: A word., zh: 一个词。}, value: hello, pattern: '[a-z]+'}
          port: {text: {en: A port., zh: 一个端口。}, value: \(port), pattern: '[0-9]+'}
        images: {}
        servers: {}
        steps:
          - number: 1
            title: {en: One, zh: 一}
            tasks:
        \(task("1.1", "build: {tag: '\(id):own', context: ., dockerfile: Dockerfile}", checks: ["image: '\(id):own'"]))
        \(run("1.2", id, "hello", ##"echo ${word}; printf '\033[31mred\033[0m\n'; echo made > /out/made"##, checks: ["file: {path: out/made}"]))
        \(run("1.3", id, "fails", "echo it went wrong >&2; exit 3"))
        \(run("1.4", id, "waits", "trap 'exit 7' TERM; echo begun; while [ ! -e /out/go ]; do sleep 0.1; done; echo went on"))
        \(task("1.5", "shell: {container: {image: '\(id):base', name: '\(id)-shell', command: [sh]}, script: [echo scripted]}", checks: []))
        \(run("1.6", id, "port", "true", more: ", ports: [{host: '${port}', container: 80}]"))
        \(task("1.7", "build: {tag: '\(id):slow', context: ., dockerfile: Dockerfile.slow}", checks: ["image: '\(id):slow'"]))

        """
    }

    /// A build that goes on until somebody lets it end.
    static func slowDockerfile(base: String, id: String) -> String {
        """
        FROM \(base)
        RUN echo \(id) begun; while [ ! -e /go ]; do sleep 0.1; done; echo went on to the end

        """
    }

    private static func run(_ task: String, _ id: String, _ name: String, _ script: String, more: String = "", checks: [String] = [])
        -> String
    {
        let mounts = "mounts: [{workspace: out, target: /out}]"
        let quoted = script.replacing("'", with: "''")
        let action = "run: {image: '\(id):base', name: '\(id)-\(name)', command: [sh, -c, '\(quoted)'], \(mounts)\(more)}"
        return Self.task(task, action, checks: ["container: {name: '\(id)-\(name)', state: exited, exit_code: 0}"] + checks)
    }

    private static func task(_ id: String, _ action: String, checks: [String]) -> String {
        let list = checks.map { "{\($0)}" }.joined(separator: ", ")
        return """
                  - id: "\(id)"
                    title: {en: "Task \(id)", zh: "任务 \(id)"}
                    text: {en: Do it., zh: 做吧。}
                    action: {\(action)}
                    checks: [\(list)]
                    expected: 2
            """
    }
}
