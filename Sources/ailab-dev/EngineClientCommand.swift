import ArgumentParser
import ContainerEngine
import FoundationEssentials
import Glibc
import HTTPTransport
import LabRunner
import LabSupport

/// `ailab-dev engine`: ailab's client of the engine by itself, for `bench/engine.sh` to measure beside docker's own.
struct EngineClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Use ailab's client of the engine by itself.",
        subcommands: [EnginePingCommand.self, EngineBuildCommand.self, EngineLogsCommand.self])

    /// A client of the engine that the environment names.
    static func client() async throws -> DockerClient {
        let search = await EngineFinder.discovery(ProcessInfo.processInfo.environment).search(http: CurlHTTPClient.shared)
        guard let found = search.found else {
            throw search.failure ?? LabError(.engineMissing, Text(en: "No engine answers.", zh: "没有引擎响应。"))
        }
        return DockerClient(http: CurlHTTPClient.shared, endpoint: found.endpoint, ping: found.ping)
    }
}

/// The counterpart of `docker version`, without its slow questions.
struct EnginePingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ping", abstract: "Ask the engine for its version.")

    func run() async throws {
        print(try await EngineClientCommand.client().version.description)
    }
}

/// The counterpart of `docker build --quiet`, by the same builder: `DOCKER_BUILDKIT` chooses.
struct EngineBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "build", abstract: "Build an image.")

    @Flag(help: "Use the build cache.")
    var cache = false

    @Argument(help: "The build context.")
    var directory: String

    @Argument(help: "The image's name.")
    var tag: String

    func run() async throws {
        let docker = try await EngineClientCommand.client()
        let context = try BuildContext(directory: directory)
        let options = BuildOptions(tags: [tag], usesCache: cache)
        let body = context.archive().body
        var image = ""
        switch ImageBuilder(ping: docker.ping, environment: ProcessInfo.processInfo.environment)?.kind {
        case .buildKit:
            for try await event in try await docker.buildImage(options, buildKitID: "ailab-bench-\(getpid())", context: body) {
                if case .image(let id) = event { image = id }
            }
        case .classic, .buildah, nil:
            for try await event in try await docker.buildImage(options, context: body) {
                if case .image(let id) = event { image = id }
            }
        }
        print(image)
    }
}

/// The counterpart of `docker logs`.
struct EngineLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Print a container's output so far.")

    @Argument(help: "The container.")
    var container: String

    func run() async throws {
        for try await chunk in try await EngineClientCommand.client().logs(container) {
            try Files.write(chunk.bytes, to: chunk.channel == .stderr ? STDERR_FILENO : STDOUT_FILENO, of: "-")
        }
    }
}
