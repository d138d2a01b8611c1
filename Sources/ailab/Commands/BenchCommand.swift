import ArgumentParser
import ContainerEngine
import Glibc
import HTTPTransport
import LabRunner
import LabSupport

/// `ailab __engine`: the engine's client by itself, for `bench/engine.sh` to measure beside docker's own. Not shown to users.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "__engine", abstract: "The engine's client by itself, for measurements.", shouldDisplay: false,
        subcommands: [BenchPingCommand.self, BenchBuildCommand.self, BenchLogsCommand.self, BenchPathCommand.self])

    /// A client of the engine that the environment names.
    static func client() async throws -> DockerClient {
        let search = await EngineFinder.discovery(Console.environment).search(http: CurlHTTPClient.shared)
        guard let found = search.found else {
            throw search.failure ?? LabError("engine.missing", Text(en: "No engine answers.", zh: "没有引擎应答。"))
        }
        return DockerClient(http: CurlHTTPClient.shared, endpoint: found.endpoint, ping: found.ping)
    }
}

/// What `docker version` is to docker, without its slow questions.
struct BenchPingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ping", abstract: "Ask the engine for its version.")

    func run() async throws {
        Console.output(try await BenchCommand.client().version.description)
    }
}

/// What `docker build --quiet --no-cache` is to docker.
struct BenchBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "build", abstract: "Build an image without the cache.")

    @Argument(help: "The build context.")
    var directory: String

    @Argument(help: "The image's name.")
    var tag: String

    func run() async throws {
        let docker = try await BenchCommand.client()
        let context = try BuildContext(directory: directory)
        var image = ""
        for try await event in try await docker.buildImage(BuildOptions(tags: [tag], usesCache: false), context: context.archive().body) {
            if case .image(let id) = event { image = id }
        }
        Console.output(image)
    }
}

/// What `docker logs` is to docker.
struct BenchLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Print what a container said so far.")

    @Argument(help: "The container.")
    var container: String

    func run() async throws {
        for try await chunk in try await BenchCommand.client().logs(container) {
            let failed = Files.writeAll(chunk.bytes, to: chunk.channel == .stderr ? STDERR_FILENO : STDOUT_FILENO)
            guard failed == 0 else { throw Files.error(failed, "-") }
        }
    }
}
