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
