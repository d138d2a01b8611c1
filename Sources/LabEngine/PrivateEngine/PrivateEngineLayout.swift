package import HTTPTransport

/// Where everything of a private engine lies: one folder, so that removing the folder removes the engine.
package struct PrivateEngineLayout: Sendable, Equatable {
    /// The folder, an absolute path without a slash at its end.
    package let folder: String

    package init(folder: String) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }

    /// `AILAB_ENGINE_DIR`, else a folder of the system: only root may run an engine, whoever's home that was called from.
    package static func standard(environment: [String: String]) -> PrivateEngineLayout {
        let named = environment["AILAB_ENGINE_DIR"] ?? ""
        return PrivateEngineLayout(folder: named.isEmpty ? "/var/lib/ailab/engine" : named)
    }

    /// Images, containers, volumes.
    package var dataRoot: String { folder + "/data" }
    /// State of what runs, and the engine's own containerd.
    package var execRoot: String { folder + "/exec" }
    package var socket: String { folder + "/docker.sock" }
    package var pidFile: String { folder + "/docker.pid" }
    package var log: String { folder + "/dockerd.log" }
    package var configuration: String { folder + "/daemon.json" }
    /// Who was started, with what tells it from a later process of the same number.
    package var record: String { folder + "/engine.json" }
    package var lock: String { folder + "/lock" }
    package var endpoint: Endpoint { .unix(path: socket) }

    /// The longest path of a unix socket, and the longest one that is made here (containerd's debug socket).
    static let longestSocketPath = 107
    var longestSocket: String { execRoot + "/containerd/containerd-debug.sock" }
}

/// How a private engine is started.
package struct PrivateEngineOptions: Sendable, Equatable {
    /// Registries that are asked before the public hub.
    package var registryMirrors: [String]
    /// Room that the data folder must have.
    package var minimumFreeBytes: Int64
    /// Longest wait for the first answer.
    package var startTimeout: Duration
    /// Longest wait for an orderly end; the engine itself gives its containers fifteen seconds.
    package var stopTimeout: Duration
    /// For tests: a network namespace of its own without a bridge, so that the machine's own engine keeps its bridge and rules.
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

/// A private engine as it is found.
package struct PrivateEngineStatus: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case stopped
        /// It answers.
        case running(pid: Int32)
        /// The process lives and its socket does not answer.
        case silent(pid: Int32)
    }

    package var layout: PrivateEngineLayout
    package var state: State
}

/// What a start came to.
package enum PrivateEngineStart: Sendable, Equatable {
    case started(pid: Int32)
    case alreadyRunning(pid: Int32)
    /// Another engine runs on this machine and answers: that one is to be used.
    case otherEngine(pid: Int32, endpoint: Endpoint)
}
