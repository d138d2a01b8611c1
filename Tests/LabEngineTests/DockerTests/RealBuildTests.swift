import ContainerEngine
import HTTPTransport
import TestSupport
import Testing

@Suite("Docker, real engine: images", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct RealBuildTests {
    @Test("A build tells its steps, and a failing one its instruction and exit code")
    func failingBuild() async throws {
        try await RealEngine.with("fail") { engine in
            let dockerfile =
                "FROM ailab/standin-alpine:latest\nLABEL \(RealEngine.label)=\(engine.id)\nRUN echo 'Step 9/9 : no'; echo bad >&2; exit 7\n"
            let events = try await engine.docker.buildImage(
                BuildOptions(tags: [engine.id]), context: Self.context(dockerfile))
            var seen: [BuildEvent] = []
            let error = await #expect(throws: DockerError.self) { for try await event in events { seen.append(event) } }
            #expect(error?.exitCode == 7)
            #expect(error?.instruction?.hasPrefix("RUN echo") == true)
            #expect(error?.status == nil)
            #expect(seen.contains(.step(index: 1, count: 3, instruction: "FROM ailab/standin-alpine:latest")))
            #expect(seen.contains(.output(.stdout, "Step 9/9 : no\n")))
            #expect(seen.contains(.output(.stderr, "bad\n")))
        }
    }

    @Test("A build of a context makes an image with the names and labels asked for; the second one comes from the cache")
    func build() async throws {
        try await RealEngine.with("build") { engine in
            let dockerfile = "FROM ailab/standin-alpine:latest\nARG WHO=nobody\nCOPY greeting /greeting\nRUN echo $WHO >> /greeting\n"
            engine.removesAtEnd(image: "\(engine.id):1")
            var options = BuildOptions(tags: ["\(engine.id):1"], labels: engine.labels)
            options.arguments = ["WHO": "world & co"]
            let context = Self.context(dockerfile, ["greeting": "hello "])
            var id: String?
            for try await event in try await engine.docker.buildImage(options, context: context) {
                if case .image(let made) = event { id = made }
            }
            let image = try await engine.docker.inspectImage("\(engine.id):1")
            #expect(image.id == id)
            #expect(image.config.labels?[RealEngine.label] == engine.id)
            var cached = 0
            for try await event in try await engine.docker.buildImage(options, context: Self.context(dockerfile, ["greeting": "hello "]))
            where event == .cached { cached += 1 }
            // The labels are a step of their own, which the builder adds.
            #expect(cached == 4)
        }
    }

    static func context(_ dockerfile: String, _ files: [String: String] = [:]) -> HTTPBody {
        var entries = [TarEntry(name: Array("Dockerfile".utf8), mode: 0o644, modified: 0, content: .memory(Array(dockerfile.utf8)))]
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            entries.append(TarEntry(name: Array(name.utf8), mode: 0o644, modified: 0, content: .memory(Array(text.utf8))))
        }
        return TarWriter(entries).body
    }

    @Test("A tar archive becomes an image that runs, and can be tagged, listed and removed")
    func importing() async throws {
        try await RealEngine.with("import") { engine in
            let docker = engine.docker
            let tar = TarWriter([
                TarEntry(name: Array("etc".utf8), mode: 0o755, modified: 0, content: .directory),
                TarEntry(name: Array("etc/motd".utf8), mode: 0o644, modified: 0, content: .memory(Array("hi".utf8))),
            ])
            engine.removesAtEnd(image: "\(engine.id):tar")
            let id = try await docker.importImage(
                from: tar.body, as: "\(engine.id):tar", changes: ["LABEL \(RealEngine.label)=\(engine.id)", "CMD [\"/bin/x\"]"])
            let image = try await docker.inspectImage(id)
            #expect(image.tags == ["\(engine.id):tar"])
            #expect(image.config.command == ["/bin/x"])
            try await docker.tagImage(id, as: "\(engine.id):second")
            let listed = try await docker.listImages(labels: ["\(RealEngine.label)=\(engine.id)"])
            #expect(listed.map(\.id) == [id])
            #expect(Set(listed.first?.tags ?? []) == ["\(engine.id):tar", "\(engine.id):second"])
            #expect(try await docker.removeImage("\(engine.id):second").first?.untagged == "\(engine.id):second")
            #expect(try await docker.imageIfPresent("\(engine.id):second") == nil)
        }
    }
}
