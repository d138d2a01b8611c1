/// One line of a pull's or import's progress.
package enum PullEvent: Sendable, Equatable {
    /// A layer moved on. `current` and `total` are bytes, absent where the engine does not count.
    case layer(id: String, phase: LayerPhase, current: Int64?, total: Int64?)
    /// The content's digest, `sha256:…`.
    case digest(String)
    /// Anything else that the engine says.
    case message(String)
}

/// What happens to a layer, in the engine's words. A struct: engines invent new ones.
package struct LayerPhase: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.init(rawValue: value) }

    package static let downloading: LayerPhase = "Downloading"
    package static let downloaded: LayerPhase = "Download complete"
    package static let complete: LayerPhase = "Pull complete"
    package static let present: LayerPhase = "Already exists"

    /// Whether nothing more happens to the layer.
    package var isFinal: Bool { self == .complete || self == .present }
}

/// A message of the engine's progress streams, only the fields that are read.
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

    /// The failure that the line reports, nil where it reports none.
    func failure(_ operation: DockerOperation) -> DockerError? {
        guard error != nil || errorDetail != nil else { return nil }
        let message = (errorDetail?.message ?? error ?? "").trimmingWhitespace()
        // One field for two things: an instruction's exit code, and the status of a registry's answer.
        let code = errorDetail?.code ?? 0
        return DockerError(
            operation: operation, status: code >= 400 ? code : nil, message: message, exitCode: (1...255).contains(code) ? code : nil)
    }

    /// What the line says about a pull, nil where it says nothing.
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

/// Reads the stream of a pull; an error inside it is thrown.
package struct PullInterpreter: LineInterpreter {
    private let operation: DockerOperation

    init(_ operation: DockerOperation) { self.operation = operation }

    package mutating func read(_ line: ProgressLine) throws -> [PullEvent] {
        if let failure = line.failure(operation) { throw failure }
        return line.pullEvent.map { [$0] } ?? []
    }
}

/// Sums up the layers of a pull, for one bar.
package struct PullProgress: Sendable, Equatable {
    /// Layers by id.
    package private(set) var layers: [String: Layer] = [:]

    /// How far one layer is.
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

    /// Bytes that arrived.
    package var downloaded: Int64 { layers.values.reduce(0) { $0 + $1.downloaded } }
    /// Bytes of the layers whose size is known.
    package var total: Int64 { layers.values.reduce(0) { $0 + ($1.total ?? 0) } }
    /// Layers that are done.
    package var finished: Int { layers.values.count { $0.phase.isFinal } }
}
