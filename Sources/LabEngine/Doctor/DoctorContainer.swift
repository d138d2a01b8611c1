import ContainerEngine
import LabFile
import LabRunner
import LabSupport

/// A short-lived container in which a probe runs a shell script.
struct DoctorContainer {
    let docker: DockerClient
    let id: String

    /// Creates a container for the script, and removes it after `body`.
    static func with<Value: Sendable>(
        _ script: String, image: String, probe: String, docker: DockerClient, configure: (inout ContainerConfig) -> Void,
        _ body: (DoctorContainer) async throws -> Value
    ) async throws -> Value {
        var config = ContainerConfig(image: image, command: ["-c", script])
        config.entrypoint = ["/bin/sh"]
        config.labels = ["ailab.doctor": probe]
        configure(&config)
        let id = try await docker.createContainer(config, name: "ailab-doctor-\(UInt32.random(in: 0 ... .max))").id
        let cleanup: @Sendable () async -> Void = { try? await docker.removeContainer(id, force: true) }
        do {
            let value = try await body(DoctorContainer(docker: docker, id: id))
            await cleanup()
            return value
        } catch {
            // A detached task cleans up even if this one was canceled, for example by the probe's timeout.
            await Task.detached { await cleanup() }.value
            throw error
        }
    }

    /// Starts the script and waits until it ends.
    func run() async throws {
        let wait = try await docker.beginWait(id, for: .nextExit)
        try await docker.startContainer(id)
        _ = try await wait.exitCode()
    }

    /// What the script printed.
    func lines() async throws -> [String] {
        let output = try await docker.logs(id, LogOptions(), hasTerminal: false).collect()
        return String(decoding: output.stdout, as: UTF8.self).split(separator: "\n").map { SafeLines.clean(text: String($0)) }
    }

    /// An image of the lab that the engine already has. The doctor downloads nothing.
    static func image(_ scene: DoctorScene) async throws -> String? { try await labImages(scene).first }

    /// Images that the engine already has: those of the lab first, then others, the smallest first. A container of another image uses the
    /// same network.
    static func images(_ scene: DoctorScene) async throws -> [String] {
        let own = try await labImages(scene)
        let others = try await scene.images().filter { !$0.tags.contains { own.contains($0) } }
        return own + others.sorted { $0.size < $1.size }.compactMap(\.tags.first)
    }

    private static func labImages(_ scene: DoctorScene) async throws -> [String] {
        let tags = try await scene.images().flatMap(\.tags)
        let wanted = (scene.concerns?.builds ?? []) + (scene.spec?.images ?? []).filter { $0.name != "hello" }.flatMap(\.localTags)
        return wanted.filter(tags.contains)
    }
}
