import ContainerEngine
import TestSupport
import Testing

@Suite("Docker, real engine: client", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct RealClientTests {
    @Test("A version is agreed on from the ping alone")
    func negotiation() async throws {
        try await RealEngine.with("ping") { engine in
            #expect(engine.docker.version == engine.docker.ping.apiVersion)
        }
    }

    @Test("A container runs: create, wait before start, output by channel, exit code, removal")
    func run() async throws {
        try await RealEngine.with("run") { engine in
            let docker = engine.docker
            let id = try await engine.container(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"])
            let waiting = try await docker.beginWait(id, for: .nextExit)
            try await docker.startContainer(id)
            #expect(try await waiting.exitCode() == 3)
            let output = try await docker.logs(id).collect()
            #expect(String(decoding: output.stdout, as: UTF8.self) == "out\n")
            #expect(String(decoding: output.stderr, as: UTF8.self) == "err\n")
            let details = try await docker.inspectContainer(id)
            #expect(details.state.status == .exited)
            #expect(details.state.exitCode == 3)
            #expect(details.config.labels?[RealEngine.label] == engine.id)
            try await docker.removeContainer(id)
            #expect(try await docker.containerIfPresent(id) == nil)
        }
    }

    @Test("A second container of the same name is refused with 409")
    func nameTaken() async throws {
        try await RealEngine.with("name") { engine in
            let id = try await engine.container(["true"])
            let name = try await engine.docker.inspectContainer(id).name
            var config = ContainerConfig(image: "ailab/standin-alpine:latest")
            config.labels = engine.labels
            let error = await #expect(throws: DockerError.self) { try await engine.docker.createContainer(config, name: name) }
            #expect(error?.status == 409)
        }
    }

    @Test("A missing image is 404 on create")
    func missingImage() async throws {
        try await RealEngine.with("missing") { engine in
            let config = ContainerConfig(image: "ailab/there-is-none:x")
            let error = await #expect(throws: DockerError.self) { try await engine.docker.createContainer(config) }
            #expect(error?.status == 404)
            #expect(error?.operation == .create(image: "ailab/there-is-none:x", name: nil))
        }
    }
}
