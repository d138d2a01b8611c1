import Telemetry

/// The walkthrough's measurements.
package struct TelemetryState: Sendable {
    package var history = TelemetryHistory()
    /// Whether samples are being taken now.
    package var isOn = false

    package init() {}
}

/// Takes samples while the tab is open.
enum TelemetryUpdate {
    static func take(_ samples: [TelemetrySample], _ model: inout AppModel) {
        for sample in samples { model.telemetry.history.append(sample) }
    }

    /// Starts or stops taking samples when the tab was opened or left, however that happened.
    static func follow(_ model: inout AppModel) -> [AppEffect] {
        let isOpen = model.walkthrough.tab == .telemetry && (WalkthroughLayout(model).mode == .full || !model.walkthrough.showsText)
        guard isOpen != model.telemetry.isOn else { return [] }
        model.telemetry.isOn = isOpen
        return [isOpen ? .startTelemetry : .stopTelemetry]
    }
}
