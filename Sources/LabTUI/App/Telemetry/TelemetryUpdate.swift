import Telemetry

/// What the walkthrough knows of the measurements.
package struct TelemetryState: Sendable {
    package var history = TelemetryHistory()
    /// Whether it is being measured now.
    package var isOn = false

    package init() {}
}

/// Measures while the tab is open.
enum TelemetryUpdate {
    static func take(_ samples: [TelemetrySample], _ model: inout AppModel) {
        for sample in samples { model.telemetry.history.append(sample) }
    }

    /// Begins or ends measuring when the tab was opened or left, by whatever way.
    static func follow(_ model: inout AppModel) -> [AppEffect] {
        let isOpen = model.walkthrough.tab == .telemetry && (WalkthroughLayout(model).mode == .full || !model.walkthrough.showsText)
        guard isOpen != model.telemetry.isOn else { return [] }
        model.telemetry.isOn = isOpen
        return [isOpen ? .startTelemetry : .stopTelemetry]
    }
}
