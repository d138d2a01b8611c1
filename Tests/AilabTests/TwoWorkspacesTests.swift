import ContainerEngine
import HTTPTransport
import LabEngine
import LabRunner
import LabSupport
import TestSupport
import Testing

/// Two workspaces of one lab on one engine: each builds, runs and serves its own image, and neither takes the other's for its own.
@Suite(.tags(.engine), .needsOfTags, .timeLimit(.minutes(5))) struct TwoWorkspacesTests {
    @Test func eachBuildsRunsAndServesItsOwn() async throws {
        try await Pair.with("two") { pair in
            let (first, second) = (pair.first, pair.second)
            try first.write("alpha")
            try second.write("beta")
            let built = try await first.run(["step", "1.1-1.3"])
            #expect(built.code == 0 && built.output.contains("alpha"))
            let plain = try await pair.id(pair.tag)
            #expect(try await pair.id(first.ownTag) == plain)

            // Before it builds anything, the other workspace's image and container are no work of its own.
            let before = try await second.run(["verify", "1.2-1.3"])
            #expect(before.code == 1)
            #expect(before.output.contains("\(pair.tag) is another workspace's (\(first.home))"))
            #expect(before.output.contains("\(pair.lab.id)-run is another workspace's (\(first.home))"))

            let beside = try await second.run(["step", "1.1-1.3"])
            #expect(beside.code == 1)
            #expect(beside.said.contains("this workspace's image is called \(try second.ownTag)"))
            #expect(beside.said.contains("A container named \(pair.lab.id)-run exists, and it is another workspace's (\(first.home))"))
            let renamed = try await second.run(["step", "1.2-1.3"] + second.names)
            #expect(renamed.code == 0 && renamed.output.contains("beta") && !renamed.output.contains("alpha"))
            #expect(try await pair.id(pair.tag) == plain)
            #expect(try await first.run(["verify", "1.1-1.3"]).code == 0)
            let verified = try await second.run(["verify", "1.1-1.3"])
            #expect(verified.code == 0)
            #expect(verified.output.contains("\(try second.ownTag) ("))
            #expect(verified.output.contains("\(pair.tag) is another workspace's"))

            try await serve(pair)
            try await cleanOne(pair)
        }
    }

    private func serve(_ pair: Pair) async throws {
        let (first, second) = (pair.first, pair.second)
        #expect(try await first.run(["step", "1.4"]).code == 0)
        #expect(try await pair.word(at: pair.lab.port) == "alpha")
        let foreign = try await second.run(["verify", "1.4"])
        #expect(foreign.code == 1)
        #expect(
            foreign.output.contains("port \(pair.lab.port) belongs to the container \(pair.lab.id)-serving, which is another workspace's"))
        let taken = try await second.run(["step", "1.4"] + second.names)
        #expect(taken.code == 1 && taken.said.contains("The container \(pair.lab.id)-serving has it. It is another workspace's"))
        #expect(try await second.run(["step", "1.4"] + second.names + second.ports).code == 0)
        #expect(try await pair.word(at: pair.otherPort) == "beta")
        #expect(try await pair.word(at: pair.lab.port) == "alpha")
        #expect(try await first.run(["verify", "1.4"]).code == 0)
        #expect(try await second.run(["verify", "1.4"]).code == 0)
    }

    private func cleanOne(_ pair: Pair) async throws {
        let (first, second) = (pair.first, pair.second)
        let own = try await pair.id(second.ownTag)
        #expect(try await first.run(["clean", "--yes"]).code == 0)
        #expect(try await pair.id(pair.tag) == nil)
        #expect(try await pair.id(first.ownTag) == nil)
        #expect(try await pair.id(second.ownTag) == own)
        #expect(try await pair.word(at: pair.otherPort) == "beta")
        #expect(try await second.run(["verify", "1.1-1.4"]).code == 0)
        // The lab's name is free now; the next build takes it.
        try second.write("gamma")
        let again = try await second.run(["step", "1.3"])
        #expect(again.code == 0 && again.output.contains("gamma") && !again.said.contains("image is called"))
        #expect(try await pair.id(pair.tag) == pair.id(second.ownTag))
        #expect(try await pair.id(pair.tag) != own)
    }

    @Test func theSameDockerfileIsTwoImagesWithTheirOwnLabels() async throws {
        try await Pair.with("cache") { pair in
            for workspace in [pair.first, pair.second] {
                try workspace.write("same")
                #expect(try await workspace.run(["step", "1.1-1.2"]).code == 0)
            }
            var layers: [[String]] = []
            for workspace in [pair.first, pair.second] {
                let image = try await pair.lab.engine.docker.inspectImage(workspace.ownTag)
                #expect(image.config.labels?[Label.workspace] == (try workspace.id))
                #expect(image.tags.filter { $0.contains("ailab-\((try? workspace.id) ?? "")/") }.count == 1)
                #expect(image.tags.count == (workspace.home == pair.first.home ? 2 : 1))
                layers.append(image.layers)
            }
            #expect(layers[0] == layers[1])
        }
    }

    @Test func anImageBuiltByHandCountsAndIsNeverOverwritten() async throws {
        try await Pair.with("hand") { pair in
            let student = pair.first
            try student.write("alpha")
            try await pair.buildByHand("manual")
            let byHand = try await pair.id(pair.tag)
            let verified = try await student.run(["verify", "1.1-1.2"])
            #expect(verified.code == 0)
            #expect(verified.output.contains("[done by hand]") && verified.output.contains("is there, built by hand"))
            let ran = try await student.run(["step", "1.3"])
            #expect(ran.code == 0 && ran.output.contains("manual"))

            let forced = try await student.run(["step", "1.2", "--force"])
            #expect(forced.code == 0)
            #expect(forced.said.contains("\(pair.tag) was built by hand, not by ailab"))
            #expect(try await pair.id(pair.tag) == byHand)
            let own = try await student.run(["verify", "1.2"])
            #expect(own.code == 0 && own.output.contains("\(pair.tag) was built by hand and is not used"))
            let uses = try await student.run(["step", "1.3", "--force"])
            #expect(uses.code == 0 && uses.output.contains("alpha"))
            #expect(uses.said.contains("Uses \(try student.ownTag)"))

            // A reset gives up the own image; the student's counts again.
            #expect(try await student.run(["reset", "1.2-1.3", "--yes"]).code == 0)
            #expect(try await pair.id(pair.tag) == byHand)
            #expect(try await student.run(["verify", "1.2"]).output.contains("[done by hand]"))
            let back = try await student.run(["step", "1.3"])
            #expect(back.code == 0 && back.output.contains("manual"))
        }
    }
}

extension CommandLineFixture.Outcome {
    fileprivate var said: String { output + error }
}

/// Two workspaces with one small lab.
private struct Pair: Sendable {
    let lab: CommandLineFixture
    let first: Side
    let second: Side
    let otherPort: Int
    var tag: String { "\(lab.id):own" }

    /// One workspace.
    struct Side: Sendable {
        let lab: CommandLineFixture
        let home: String
        let names: [String]
        let ports: [String]

        func run(_ arguments: [String]) async throws -> CommandLineFixture.Outcome { try await lab.run(arguments, ["AILAB_HOME": home]) }

        var id: String { get throws { try Workspace(root: home).id } }
        var ownTag: String { get throws { Label.ownTag("\(lab.id):own", workspace: try id) } }

        /// Writes the student's Dockerfile: an image that says a word.
        func write(_ word: String) throws {
            try Files.makeDirectory("\(home)/work/mini")
            try Files.write(Array(Pair.dockerfile(word, base: "\(lab.id):base").utf8), to: "\(home)/work/mini/Dockerfile")
        }
    }

    static func with(_ name: String, _ body: (Pair) async throws -> Void) async throws {
        try await CommandLineFixture.with(name) { lab in
            let other = lab.port + 20_000
            let names = ["--set", "prefix=\(lab.id)-other-"]
            let ports = ["--set", "port=\(other)", "--set", "management=\(other + 1)", "--set", "metrics=\(other + 2)"]
            let pair = Pair(
                lab: lab, first: Side(lab: lab, home: lab.home, names: [], ports: []),
                second: Side(lab: lab, home: lab.home + "-other", names: names, ports: ports), otherPort: other)
            try Files.write(Array(text(lab).utf8), to: lab.labs + "/mini.yaml")
            try Files.write(Array("# Write it.\n".utf8), to: lab.labs + "/mini/Dockerfile.template")
            lab.engine.removesAtEnd(image: pair.tag)
            do {
                try await body(pair)
                await pair.cleanUp()
            } catch {
                await pair.cleanUp()
                throw error
            }
        }
    }

    private func cleanUp() async {
        guard let workspace = try? Workspace(root: second.home) else { return }
        let objects = WorkspaceObjects(lab.engine.docker, workspace)
        if let all = try? await objects.list() { _ = try? await objects.remove(all) }
    }

    func id(_ reference: String) async throws -> String? { try await lab.engine.docker.imageIfPresent(reference)?.id }

    /// What a server says.
    func word(at port: Int) async throws -> String {
        let answer = try await CurlHTTPClient.shared.send(try HTTPRequest(url: "http://127.0.0.1:\(port)/word"))
        return String(decoding: try await answer.body.collect(limit: 1000), as: UTF8.self).trimmingWhitespace()
    }

    /// `docker build -t` of a student in another terminal.
    func buildByHand(_ word: String) async throws {
        let dockerfile = Self.dockerfile(word, base: "\(lab.id):base")
        let entry = TarEntry(name: Array("Dockerfile".utf8), mode: 0o644, modified: 0, content: .memory(Array(dockerfile.utf8)))
        for try await _ in try await lab.engine.docker.buildImage(BuildOptions(tags: [tag]), context: TarWriter([entry]).body) {}
    }

    static func dockerfile(_ word: String, base: String) -> String {
        """
        FROM \(base)
        RUN mkdir /www && echo '{"status": "Healthy"}' > /www/ping && echo \(word) > /www/word
        CMD ["cat", "/www/word"]

        """
    }

    private static func text(_ lab: CommandLineFixture) -> String {
        """
        schema: 1
        id: mini
        title: {en: Mini, zh: 迷你}
        summary: {en: A small lab., zh: 一个小实验。}
        variables:
          prefix: {text: {en: Names., zh: 名称。}, value: '\(lab.id)-', pattern: '[a-z0-9][a-z0-9_.-]*'}
          port: {text: {en: A port., zh: 端口。}, value: \(lab.port), pattern: '[0-9]+'}
          management: {text: {en: A port., zh: 端口。}, value: \(lab.port + 1), pattern: '[0-9]+'}
          metrics: {text: {en: A port., zh: 端口。}, value: \(lab.port + 2), pattern: '[0-9]+'}
        images: {}
        servers:
          web:
            container: ${prefix}serving
            inference_port: ${port}
            management_port: ${management}
            metrics_port: ${metrics}
            key_file: /keys.json
        steps:
          - number: 1
            title: {en: One, zh: 一}
            tasks:
        \(task("1.1", "file: {path: Dockerfile, template: Dockerfile.template, reference: Dockerfile}"))
        \(task("1.2", "build: {tag: '\(lab.id):own', context: ., dockerfile: Dockerfile, student: Dockerfile}", "1.1", "image: '\(lab.id):own'"))
        \(task("1.3", "run: {image: '\(lab.id):own', name: '${prefix}run', mounts: [{workspace: out, target: /out}]}", "1.2",
            "container: {name: '${prefix}run', state: exited, exit_code: 0}"))
        \(task("1.4", """
            serve: {server: web, ready: 30, container: {image: '\(lab.id):own', name: '${prefix}serving', \
            command: [httpd, -f, -p, '80', -h, /www], ports: [{host: '${port}', container: 80}]}}
            """, "1.2", "http: {url: 'http://127.0.0.1:${port}/ping', pointer: /status, equals: Healthy, server: web}"))

        """
    }

    private static func task(_ id: String, _ action: String, _ needs: String? = nil, _ check: String? = nil) -> String {
        """
              - id: "\(id)"
                title: {en: "Task \(id)", zh: "任务 \(id)"}
                text: {en: Do it., zh: 做吧。}
                needs: [\(needs.map { "\"\($0)\"" } ?? "")]
                action: {\(action)}
                checks: [\(check.map { "{\($0)}" } ?? "")]
                expected: 2
        """
    }
}
