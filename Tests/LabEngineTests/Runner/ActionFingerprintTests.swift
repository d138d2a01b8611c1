import TestSupport
import Testing

@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// A workspace keeps the fingerprints of what was done in it. If one changes without a reason in the lab, every workspace does that work
/// again, so each kind of action is pinned here.
@Suite("The fingerprint of each kind of action") struct ActionFingerprintTests {
    private static let actions: [(key: String, yaml: String, fingerprint: String)] = [
        ("read", "true", "3316348dbadfb7b11c7c2ea2"),
        ("facts", "[engine, gpu]", "d72409fd88105fb5eb6442d2"),
        ("image", "base", "62b4e8bafefe6ff95369e8b8"),
        ("file", "{path: Dockerfile, template: ctx/template, reference: ctx/Dockerfile}", "f4ac02d089f85e7e4a267c61"),
        (
            "build",
            "{tag: 'own:1', context: ctx, dockerfile: ctx/Dockerfile, student: Dockerfile, arguments: {BASE: 'image:base', N: '1'}}",
            "cc14fb29edc11c8db22332ee"
        ),
        ("run", container("run", ", command: [train, '${epochs}']"), "befbb1cb7e9b826430415631"),
        ("shell", "{container: \(container("shell")), script: [ls, 'echo \"a\"']}", "12ed38f7651a0b8e9c98ba57"),
        ("exec", "{container: '${user}-run', command: [id, -u], user: root, timeout: 5}", "1aac0439e14e3e4bb6f73bc8"),
        ("containers", "true", "dc64336a2d181fbc049d3f3d"),
        ("compare", container("compare"), "48db532a7a2ced3d2149055e"),
        ("copy", "{direction: out, container: '${user}-run', inside: /out, outside: out}", "39b91c49804a6ee6b338bb54"),
        ("fetch", "{files: [{path: data/a.bin, sha256: \(sum), urls: ['http://a/b', 'http://c/d']}]}", "f6902cf557355e90348a5f76"),
        ("serve", "{server: ts, container: \(container("ts")), ready: 60}", "b93ca2c5a334ad8790503904"),
        (
            "archive",
            """
            {server: ts, model_name: m, version: 1.0, model_file: /m.py, serialized_file: /w.pt, handler: h.py, extra_files: [/l.json],
             export_path: /s}
            """, "9a6d4a8ebcc23824f95d1b17"
        ),
        ("register", "{server: ts, model: m, archive: m.mar, workers: 2, ready: 2m}", "c0f7309c195b2db2935a1fd3"),
        ("predict", "{server: ts, model: m, timeout: 9, cases: [{picture: cat.png, expected: [cat, tabby]}]}", "f6b08f44ff030d14bafabe78"),
        ("stop", "ts", "bc4083b150f9a69ac689ba23"),
        (
            "limits", "{container: \(container("limits")), cpus: [0.5, 2], memory: [1g, 64m], metric: rate, results: out/limits.json}",
            "4c9076065617b975d48eef3c"
        ),
        (
            "tune",
            """
            {serve: \(server), model: m, archive: m.mar, workers: [1, 2], batches: [1, 8], delay: 20, connections: 8, seconds: 5,
             rounds: 9, limit: 100, cases: [{picture: cat.png, expected: [cat]}], results: out/tune.json}
            """, "ec233b9bc70cf1251cfe9bfb"
        ),
        (
            "rollout",
            """
            {serve: \(server), model: m, archive: m.mar, canary: 10, rate: 50, seconds: 5, results: out/rollout.json,
             next: {server: ts, model_name: m-2, version: 2.0, serialized_file: /w.pt, handler: h.py, export_path: /s},
             cases: [{picture: cat.png, expected: [cat]}]}
            """, "00df4af99e7d72d7f5e09286"
        ),
        ("gpus", container("gpus"), "b0b138359108fd802e568d50"),
        (
            "group",
            """
            {network: '${user}-net', members: [{host: one, container: \(container("one"))},
             {host: many, count: 3, container: {image: 'image:base', name: '${user}-many', command: [sleep, '9']}}]}
            """, "1de4f3ef15b676259bcda6b9"
        ),
        (
            "experiment",
            """
            {container: '${user}-run', command: [try, it], user: root, timeout: 5, title: {en: T, zh: 题}, results: out/tried.json,
             columns: [{name: job, title: {en: Job, zh: 作业}}, {name: n, title: {en: N, zh: 数}, form: number}]}
            """, "4901ef84b7b8f3506c74184c"
        ),
        (
            "cluster",
            """
            {begin: epochs, network: net, service: {image: 'image:base', name: '${user}-s', mounts: [{lab: data, target: /data}]}, replicas: 2,
             ready: [ask, it], start: 60, update: {RELEASE: two}, entry: \(container("entry")), model: m, rate: 50, seconds: 5,
             cases: [{picture: cat.png, expected: [cat]}], results: out/cluster.json}
            """, "9163c5dc98aaa5ff0d14718c"
        ),
    ]

    private static let server = "{server: ts, container: \(container("ts")), ready: 60}"

    private static let sum = String(repeating: "0123456789abcdef", count: 4)

    /// A container with everything that one can have.
    private static func container(_ name: String, _ more: String = "") -> String {
        """
        {image: 'image:base', name: '${user}-\(name)', entrypoint: [/bin/sh], environment: {B: two, A: one}, gpu: auto, user: '1:1',
         ports: [{host: 8080, container: 80}], mounts: [{workspace: out, target: /out}, {lab: data, target: /data}], memory: 512m,
         cpus: 1.5, shm: 64m, timeout: 600\(more)}
        """
    }

    private static func yaml(_ key: String, _ action: String) -> String {
        """
        schema: 1
        id: mini
        title: {en: Mini, zh: 迷你}
        summary: {en: A small lab., zh: 一个小实验。}
        variables:
          epochs: {text: {en: Epochs, zh: 轮次}, value: 3, quick: 1}
        images:
          base:
            tag: base:latest
            text: {en: A base., zh: 一个基础镜像。}
            sources: [{pull: 'base:1'}, {debian: {suite: trixie, include: [curl], tag: 'ailab/standin-base:latest'}}]
        servers:
          ts: {container: '${user}-ts', inference_port: 8080, management_port: 8081, metrics_port: 8082, key_file: /key_file.json}
        steps:
          - number: 1
            title: {en: One, zh: 一}
            tasks:
              - id: 1.1
                title: {en: A task, zh: 任务}
                text: {en: Text., zh: 文字。}
                action:
                  \(key): \(action.replacing("\n", with: "\n" + String(repeating: " ", count: 12)))
                expected: 1s

        """
    }

    @Test("stays as workspaces have recorded it", arguments: actions)
    func stays(key: String, yaml: String, fingerprint: String) async throws {
        let lab = try TemporaryDirectory()
        let home = try TemporaryDirectory()
        for (name, text) in [
            ("ctx/Dockerfile", "FROM base\n"), ("ctx/template", "FROM\n"), ("ctx/train.py", "print(1)\n"), ("data/a.txt", "aid"),
            ("cat.png", "cat"),
        ] { try lab.write(text, to: name) }
        let reporter = LabReporter()
        let node = try #require(LabYAML.parse(Self.yaml(key, yaml), file: "mini.yaml", reporter: reporter))
        let spec = LabValue(node: node, name: "lab", reporter: reporter).object { LabSpec($0, directory: lab.path) }
        #expect(reporter.diagnostics == [])
        var prints = Fingerprints(try await MiniRun.context(spec, home: home.path), progress: LabProgress())
        #expect(prints.act("1.1") == fingerprint)
    }

    @Test("is pinned for every kind") func complete() {
        #expect(Self.actions.map(\.key) == LabAction.decoders.map(\.key))
    }
}
