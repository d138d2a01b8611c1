/// A layer's phase in the engine's words. It's a struct because engines add new phases.
package struct LayerPhase: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.init(rawValue: value) }

    package static let waiting: LayerPhase = "Waiting"
    package static let downloading: LayerPhase = "Downloading"
    package static let downloaded: LayerPhase = "Download complete"
    package static let complete: LayerPhase = "Pull complete"
    package static let present: LayerPhase = "Already exists"

    /// Whether the layer is done.
    package var isFinal: Bool { self == .complete || self == .present }
}
