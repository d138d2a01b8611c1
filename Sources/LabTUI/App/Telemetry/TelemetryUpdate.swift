import Telemetry

/// The walkthrough's measurements.
package struct TelemetryState: Sendable {
    package var history = TelemetryHistory()
    /// Whether samples are being taken now.
    package var isOn = false

    package init() {}
}

/// Takes samples while the tab is open, or while the third column shows them.
enum TelemetryUpdate {
    static func take(_ samples: [TelemetrySample], _ model: inout AppModel) {
        for sample in samples { model.telemetry.history.append(sample) }
    }

    /// Starts or stops taking samples when the tab was opened or left, however that happened.
    static func follow(_ model: inout AppModel) -> [AppEffect] {
        let isFull = WalkthroughLayout.mode(model.size) == .full
        let isTab = model.walkthrough.tab == .telemetry && (isFull || !model.walkthrough.showsText)
        let isOpen = isTab || SideView(model).measures
        guard isOpen != model.telemetry.isOn else { return [] }
        model.telemetry.isOn = isOpen
        return [isOpen ? .startTelemetry : .stopTelemetry]
    }
}
