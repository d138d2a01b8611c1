package import ContainerEngine
import Glibc
package import HTTPTransport
import HostFacts
import LabSupport

/// The engine that tests run against, and what one test made in it. Everything is removed at the end, last made first.
package final class RealEngine: Sendable {
    /// The label on everything that a test makes.
    package static let label = "ailab.test"
    /// The variable that names the engine.
    package static let variable = "AILAB_TEST_ENGINE"

    /// The client.
    package let docker: DockerClient
    /// A name of this test's own, fit for containers and images.
    package let id: String
    private let cleanups = Locked<[@Sendable () async throws -> Void]>([])

    private init(docker: DockerClient, id: String) {
        self.docker = docker
        self.id = id
    }

    /// Runs a test's body with an engine and cleans up behind it, also when it throws. `place` is another engine than the one of the tests.
    package static func with<Result>(
        _ name: String, at place: Endpoint? = nil, _ body: (RealEngine) async throws -> Result
    ) async throws -> Result {
        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: try place ?? endpoint())
        try await ensureBase(docker)
        let id = "ailab-test-\(name)-\(getpid())-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
        let engine = RealEngine(docker: docker, id: id)
        do {
            let result = try await body(engine)
            try await engine.cleanUp()
            return result
        } catch {
            try? await engine.cleanUp()
            throw error
        }
    }

    /// Where the engine listens; throws a sentence that says what to do where the variable is missing.
    package static func endpoint() throws -> Endpoint {
        guard let value = getenv(variable).map({ String(cString: $0) }), !value.isEmpty else { throw EngineMissing() }
        return try Endpoint(dockerHost: value)
    }

    /// The labels for whatever this test makes.
    package var labels: [String: String] { [Self.label: id] }

    /// Something to do at the end.
    package func atEnd(_ cleanup: @escaping @Sendable () async throws -> Void) {
        cleanups.withLock { $0.append(cleanup) }
    }

    /// The image that tests start containers from: a shell and what busybox has besides.
    package static let base = "ailab/standin-alpine:latest"

    /// Makes the image from the distribution's packages where it is missing.
    package static func ensureBase(_ docker: DockerClient) async throws {
        guard try await docker.imageIfPresent(base) == nil else { return }
        var environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        for name in ["PATH", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        let cache = try TemporaryDirectory()
        let builder = StandInBuilder(cache: cache.path, network: .read(environment: environment), environment: environment)
        let tar = try await builder.build(.busybox(files: []))
        _ = try await docker.importImage(from: .file(path: tar), as: base, changes: [#"CMD ["/bin/sh"]"#])
    }

    /// A small image with a shell, the test's own name on it.
    package func image() async throws -> String {
        let name = "\(id):base"
        try await docker.tagImage(Self.base, as: name)
        removesAtEnd(image: name)
        return name
    }

    /// A container of that image, created with the test's label, removed at the end.
    package func container(_ command: [String], _ change: (inout ContainerConfig) -> Void = { _ in }) async throws -> String {
        var config = ContainerConfig(image: Self.base, command: command)
        config.labels = labels
        change(&config)
        let created = try await docker.createContainer(config, name: "\(id)-\(UInt16.random(in: 0 ... .max))")
        removesAtEnd(container: created.id)
        return created.id
    }

    /// Removes a container at the end, if it is there then.
    package func removesAtEnd(container name: String) {
        atEnd { [docker] in
            do { try await docker.removeContainer(name, force: true) } catch let error as DockerError where error.isGone {}
        }
    }

    /// Removes an image at the end, if it is there then.
    package func removesAtEnd(image name: String) {
        atEnd { [docker] in
            do { try await docker.removeImage(name, force: true) } catch let error as DockerError where error.isGone {}
        }
    }

    /// The first sample of a container's use of the machine.
    package func firstStats(of container: String) async throws -> ContainerStats? {
        for try await sample in try await docker.stats(container) { return sample }
        return nil
    }

    private func cleanUp() async throws {
        while let cleanup = cleanups.withLock({ $0.popLast() }) { try await cleanup() }
        try await removeLayers()
    }

    /// What builds left behind: images without a name, each of which holds the one below it.
    private func removeLayers() async throws {
        while true {
            let left = try await docker.listImages(all: true, labels: ["\(Self.label)=\(id)"])
            var removed = 0
            for image in left where (try? await docker.removeImage(image.id, force: true)) != nil { removed += 1 }
            if removed == 0 { return }
        }
    }
}

extension DockerClient {
    /// Waits for a container's end and returns its exit code.
    package func wait(_ id: String) async throws -> Int { try await beginWait(id).exitCode() }
}

extension DockerError {
    /// Gone already, or about to: a container that removes itself answers 409 then.
    fileprivate var isGone: Bool { status == 404 || status == 409 }
}

/// Says how to get an engine.
package struct EngineMissing: Error, CustomStringConvertible {
    package var description: String {
        "This test needs a container engine. `make test` starts one; by hand: \(RealEngine.variable)=unix:///var/run/docker.sock swift test"
    }
}
