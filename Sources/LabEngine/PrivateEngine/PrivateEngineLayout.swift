package import HTTPTransport

/// The paths of a private engine. They share one folder, so removing the folder removes the engine.
package struct PrivateEngineLayout: Sendable, Equatable {
    /// The folder: an absolute path without a trailing slash.
    package let folder: String

    package init(folder: String) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }

    /// `AILAB_ENGINE_DIR`, or a system folder: only root can run an engine, so no user's home folder is right.
    package static func standard(environment: [String: String]) -> PrivateEngineLayout {
        let named = environment["AILAB_ENGINE_DIR"] ?? ""
        return PrivateEngineLayout(folder: named.isEmpty ? "/var/lib/ailab/engine" : named)
    }

    /// Images, containers and volumes.
    package var dataRoot: String { folder + "/data" }
    /// The state of running containers and of the engine's own containerd.
    package var execRoot: String { folder + "/exec" }
    package var socket: String { folder + "/docker.sock" }
    package var pidFile: String { folder + "/docker.pid" }
    package var log: String { folder + "/dockerd.log" }
    package var configuration: String { folder + "/daemon.json" }
    /// The started process, with what distinguishes it from a later process with the same pid.
    package var record: String { folder + "/engine.json" }
    package var lock: String { folder + "/lock" }
    package var endpoint: Endpoint { .unix(path: socket) }

    /// The longest path of a socket that occurs here (containerd's debug socket).
    var longestSocket: String { execRoot + "/containerd/containerd-debug.sock" }
}
