import LabFile
import LabSupport
import Testing

@Suite("Reading a lab file") struct LabSpecLoaderTests {
    private func spec(_ changes: [(String, String)] = []) throws -> LabSpec {
        let load = MiniLab.load(changes)
        #expect(load.diagnostics.filter { $0.severity == .error } == [])
        return try #require(load.spec)
    }

    @Test("the top of the file") func top() throws {
        let load = MiniLab.load()
        #expect(load.diagnostics == [])
        let spec = try #require(load.spec)
        #expect(spec.id == "mini" && spec.title == Text(en: "Mini", zh: "迷你"))
        #expect(spec.directory == "/nonexistent/mini")
        #expect(spec.tasks.map(\.id.description) == ["1.1", "1.2", "2.1", "2.2", "2.3"])
        #expect(
            spec.variables == [
                LabVariable(name: "port", text: Text(en: "Port", zh: "端口"), value: "8080", pattern: "[0-9]+"),
                LabVariable(name: "epochs", text: Text(en: "Epochs", zh: "轮数"), value: "3", quick: "1"),
            ])
        #expect(
            spec.images.first?.sources == [
                .pull(reference: "alpine:3.20"),
                .busybox(
                    tag: "ailab/standin-alpine:latest", command: ["/bin/sh"],
                    files: [InlineFile(path: "/etc/motd", content: "hi")]),
                .debian(suite: "trixie", include: ["ca-certificates"], tag: "ailab/standin-debian:latest"),
            ])
        #expect(spec.server("ts")?.managementPort == "8081")
    }

    @Test("a task with everything") func task() throws {
        let task = try #require(try spec().task(TaskID(step: 2, number: 1)))
        #expect(
            task.action
                == .run(
                    LabRunAction(
                        LabContainer(
                            image: "alpine", name: "${user}-train", command: ["train", "${epochs}"], environment: ["LEVEL": "1.0"],
                            mounts: [LabMount(source: .workspace("out"), target: "/out")], gpu: .auto, timeout: 600))))
        #expect(
            task.checks == [
                LabCheck(subject: .container(name: "${user}-train", state: .exited, exitCode: 0)),
                LabCheck(
                    subject: .logs(
                        container: "${user}-train", match: LabMatch(pattern: "accuracy ([0-9.]+)", capture: "accuracy", atLeast: "0.9"))),
            ])
        #expect(task.expectedSeconds == 160 && task.expectedQuickSeconds == 30 && !task.optional)
        #expect(task.needs == [TaskID(step: 1, number: 2)])
        #expect(task.errata.map(\.printed) == ["docker run train"] && task.hints.map(\.text.en) == ["Look at the log."])
    }

    @Test("a check with everything, and its defaults") func check() throws {
        let check = try #require(try spec().task(TaskID(step: 2, number: 2))?.checks.first)
        #expect(check.until == TaskID(step: 2, number: 3) && check.advice?.en == "Wait a little.")
        #expect(
            check.subject
                == .http(
                    LabHTTPCheck(
                        url: "http://127.0.0.1:${port}/ping", status: 200, pointer: "/status", equals: "Healthy", server: "ts")))
    }

    @Test(
        "every action and check that the mini lab does not have",
        arguments: [
            ("facts: [engine, gpu]", .facts(LabFactsAction([.engine, .gpu]))),
            ("containers: true", .containers(LabContainersAction())),
            ("stop: ts", .stop(LabStopAction(server: "ts"))),
            (
                "shell: {container: {image: alpine, name: sh}, script: [ls]}",
                .shell(LabShellAction(container: LabContainer(image: "alpine", name: "sh"), script: ["ls"]))
            ),
            (
                "exec: {container: '${user}-ts', command: [id], user: root, timeout: 5}",
                .exec(LabExecAction(container: "${user}-ts", command: ["id"], user: "root", timeout: 5))
            ),
            (
                "copy: {direction: in, container: '${user}-ts', inside: /a, outside: b}",
                .copy(LabCopyAction(direction: .into, container: "${user}-ts", inside: "/a", outside: "b"))
            ),
            (
                "archive: {server: ts, model_name: m, version: 1.0, serialized_file: /w.pt, handler: h.py, extra_files: [/l.json], export_path: /s}",
                .archive(
                    LabArchiveAction(
                        server: "ts", modelName: "m", version: "1.0", serializedFile: "/w.pt", handler: "h.py", extraFiles: ["/l.json"],
                        exportPath: "/s"))
            ),
            (
                "register: {server: ts, model: m, archive: m.mar, ready: 2m}",
                .register(LabRegisterAction(server: "ts", model: "m", archive: "m.mar", workers: 1, ready: 120))
            ),
        ] as [(String, LabAction)])
    func action(yaml: String, expected: LabAction) throws {
        let load = MiniLab.load([("{stop: ts}", "{\(yaml)}")])
        #expect(load.errors == [])
        #expect(load.spec?.task(TaskID(step: 2, number: 3))?.action == expected)
    }

    @Test(
        "every check that the mini lab does not have",
        arguments: [
            ("engine: true", .engine),
            ("container: {name: '${user}-ts', state: running}", .container(name: "${user}-ts", state: .running, exitCode: nil)),
            ("output: {pattern: '^a'}", .output(match: LabMatch(pattern: "^a"))),
            ("file: {path: out/model.pt}", .file(path: "out/model.pt", minimumBytes: 1, sha256: nil)),
            (
                "json: {path: m.json, pointer: /a/0, pattern: '([0-9.]+)', at_least: 0.9}",
                .json(path: "m.json", pointer: "/a/0", match: LabMatch(pattern: "([0-9.]+)", atLeast: "0.9"))
            ),
            (
                "inside: {container: '${user}-ts', path: /m.mar, minimum_bytes: 9}",
                .inside(container: "${user}-ts", path: "/m.mar", minimumBytes: 9)
            ),
            ("model: {server: ts, name: mnist}", .model(server: "ts", name: "mnist")),
        ] as [(String, LabCheckSubject)])
    func subject(yaml: String, expected: LabCheckSubject) throws {
        let load = MiniLab.load([("{absent: '${user}-ts'}", "{\(yaml)}")])
        #expect(load.errors == [])
        #expect(load.spec?.task(TaskID(step: 2, number: 3))?.checks.first?.subject == expected)
    }

    @Test(
        "durations", arguments: [("7", 7), ("90s", 90), ("2m40s", 160), ("1h", 3600), ("1h5m", 3900)])
    func duration(text: String, seconds: Int) throws {
        #expect(try spec([("expected: 60", "expected: \(text)")]).tasks.first?.expectedSeconds == seconds)
    }

    @Test("anchors and aliases may spare repetition") func alias() throws {
        let spec = try spec([("summary: {", "summary: &s {"), ("text: {en: Welcome., zh: 欢迎。}", "text: *s")])
        #expect(spec.tasks.first?.text.en == "A small lab.")
    }
}
