/// One line of progress of a pull or an import.
package enum PullEvent: Sendable, Equatable {
    /// A layer's progress. `current` and `total` are bytes, or nil if the engine doesn't count.
    case layer(id: String, phase: LayerPhase, current: Int64?, total: Int64?)
    /// The content's digest, `sha256:…`.
    case digest(String)
    /// Any other message of the engine.
    case message(String)
}
