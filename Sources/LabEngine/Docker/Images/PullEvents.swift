/// One line of progress of a pull or an import.
package enum PullEvent: Sendable, Equatable {
    /// A layer's progress. `current` and `total` are bytes, or nil if the engine doesn't count.
    case layer(id: String, phase: LayerPhase, current: Int64?, total: Int64?)
    /// The content's digest, `sha256:…`.
    case digest(String)
    /// Any other message of the engine.
    case message(String)
}

/// A layer's phase in the engine's words. It's a struct because engines add new phases.
package struct LayerPhase: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.init(rawValue: value) }

    package static let waiting: LayerPhase = "Waiting"
    package static let downloading: LayerPhase = "Downloading"
    package static let downloaded: LayerPhase = "Download complete"
    package static let extracting: LayerPhase = "Extracting"
    package static let complete: LayerPhase = "Pull complete"
    package static let present: LayerPhase = "Already exists"

    /// Whether the layer is done.
    package var isFinal: Bool { self == .complete || self == .present }
}

/// A message of the engine's progress streams, with only the fields that ailab reads.
package struct ProgressLine: Decodable, Sendable {
    var status: String?
    var id: String?
    var progressDetail: Detail?
    var stream: String?
    var error: String?
    var errorDetail: ErrorDetail?
    var aux: Aux?

    struct Detail: Decodable, Sendable {
        var current: Int64?
        var total: Int64?
    }

    struct ErrorDetail: Decodable, Sendable {
        var code: Int?
        var message: String?
    }

    struct Aux: Decodable, Sendable {
        var id: String?

        private enum CodingKeys: String, CodingKey { case id = "ID" }
    }

    /// The failure that the line reports, or nil.
    func failure(_ operation: DockerOperation) -> DockerError? {
        guard error != nil || errorDetail != nil else { return nil }
        let message = (errorDetail?.message ?? error ?? "").trimmingWhitespace()
        // One field has two meanings: an instruction's exit code, or the status of a registry's response.
        let code = errorDetail?.code ?? 0
        return DockerError(
            operation: operation, status: code >= 400 ? code : nil, message: message, exitCode: (1...255).contains(code) ? code : nil)
    }

    /// The pull event that the line reports, or nil.
    var pullEvent: PullEvent? {
        guard let status, !status.isEmpty else { return nil }
        if let id, id.count == 12, id.allSatisfy(\.isHexDigit) {
            let counted = progressDetail
            return .layer(id: id, phase: LayerPhase(rawValue: status), current: counted?.current, total: counted?.total)
        }
        let digest = "Digest: "
        if status.hasPrefix(digest) { return .digest(String(status.dropFirst(digest.count))) }
        return .message(id.map { "\($0): \(status)" } ?? status)
    }
}

/// Reads the stream of a pull. Throws an error that the stream contains.
package struct PullInterpreter: LineInterpreter {
    private let operation: DockerOperation

    init(_ operation: DockerOperation) { self.operation = operation }

    package mutating func read(_ line: ProgressLine) throws -> [PullEvent] {
        if let failure = line.failure(operation) { throw failure }
        return line.pullEvent.map { [$0] } ?? []
    }
}

/// Adds up the layers of a pull for one progress bar.
package struct PullProgress: Sendable, Equatable {
    /// Layers by id.
    package private(set) var layers: [String: Layer] = [:]

    /// The progress of one layer.
    package struct Layer: Sendable, Equatable {
        package var phase: LayerPhase
        package var downloaded: Int64 = 0
        package var total: Int64?
    }

    package init() {}

    package mutating func take(_ event: PullEvent) {
        guard case .layer(let id, let phase, let current, let total) = event else { return }
        var layer = layers[id] ?? Layer(phase: phase)
        layer.phase = phase
        if phase == .downloading {
            layer.downloaded = current ?? layer.downloaded
            layer.total = total ?? layer.total
        } else if phase == .downloaded || phase.isFinal {
            layer.downloaded = layer.total ?? layer.downloaded
        }
        layers[id] = layer
    }

    /// Bytes downloaded so far.
    package var downloaded: Int64 { layers.values.reduce(0) { $0 + $1.downloaded } }
    /// Bytes of the layers with a known size.
    package var total: Int64 { layers.values.reduce(0) { $0 + ($1.total ?? 0) } }
    /// Layers that are done.
    package var finished: Int { layers.values.count { $0.phase.isFinal } }
}
