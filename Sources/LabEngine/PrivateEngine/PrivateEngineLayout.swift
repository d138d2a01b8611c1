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

    /// The maximum length of a unix socket's path, and the longest path that occurs here (containerd's debug socket).
    static let socketPathLimit = 107
    var longestSocket: String { execRoot + "/containerd/containerd-debug.sock" }
}

/// Options for starting a private engine.
package struct PrivateEngineOptions: Sendable, Equatable {
    /// Registries to ask before the public hub.
    package var registryMirrors: [String]
    /// Free space that the data folder must have.
    package var minimumFreeBytes: Int64
    /// Timeout for the first response.
    package var startTimeout: Duration
    /// Timeout for an orderly end. The engine itself gives its containers fifteen seconds.
    package var stopTimeout: Duration
    /// For tests: use a separate network namespace without a bridge, so that the machine's own engine keeps its bridge and rules.
    package var isolatesNetwork: Bool

    package init(
        registryMirrors: [String] = [], minimumFreeBytes: Int64 = 6 << 30, startTimeout: Duration = .seconds(60),
        stopTimeout: Duration = .seconds(40), isolatesNetwork: Bool = false
    ) {
        self.registryMirrors = registryMirrors
        self.minimumFreeBytes = minimumFreeBytes
        self.startTimeout = startTimeout
        self.stopTimeout = stopTimeout
        self.isolatesNetwork = isolatesNetwork
    }
}

/// The current state of a private engine.
package struct PrivateEngineStatus: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case stopped
        /// The engine responds.
        case running(pid: Int32)
        /// The process runs, but its socket doesn't respond.
        case silent(pid: Int32)
    }

    package var layout: PrivateEngineLayout
    package var state: State
}

/// The result of a start.
package enum PrivateEngineStart: Sendable, Equatable {
    case started(pid: Int32)
    case alreadyRunning(pid: Int32)
    /// Another engine runs on this machine and responds. Use that one.
    case otherEngine(pid: Int32, endpoint: Endpoint)
}
