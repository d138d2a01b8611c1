package import LabSupport
package import Telemetry

/// A sample as lines of text, for pipes and for terminals without a screen.
package struct TelemetryText {
    private let sample: TelemetrySample
    private let language: Language

    package init(_ sample: TelemetrySample, _ language: Language) {
        self.sample = sample
        self.language = language
    }

    package func lines(columns: Int) -> [String] {
        let look = Look(theme: .mono, glyphs: .unicode)
        var history = TelemetryHistory()
        history.append(sample)
        let meters = TelemetryMeters(history, since: 0, language, .unicode).all
        let width = meters.map { CellWidth.of($0.title) }.max() ?? 0
        var lines: [String] = []
        if let insight = sample.insight { lines += RichLine(insight[language]).wrapped(to: columns).map(\.text) + [""] }
        lines += meters.map { $0.title.padded(to: width) + "  " + $0.value }
        if let absence = sample.gpu.absence, sample.gpu.forTraining.isEmpty {
            lines += RichLine("\(TelemetryWords.gpu[language])\(absence.reason.followed(by: absence.hint)[language])").wrapped(to: columns)
                .map(\.text)
        }
        lines += details
        if !sample.late.isEmpty { lines.append(TelemetryWords.late[language] + Text.words(sample.late)[language]) }
        // A recording is a file that anyone could have written, so its texts are cleaned.
        return lines.map { SafeLines.clean(text: $0) } + [""]
            + TelemetryTables(sample, look, language).lines(columns: columns).map { line in
                var text = SafeLines.clean(text: line.text)
                while text.last == " " { text.removeLast() }
                return text
            }
    }

    /// Facts about a device that the curves don't show.
    private var details: [String] {
        sample.gpu.devices.map { device in
            var parts = ["GPU \(device.index): \(device.name)"]
            if let limit = device.powerLimit { parts.append("≤ \(Int(shown: limit)) W") }
            if let clock = device.clock {
                parts.append("\(Int(shown: clock))" + (device.maxClock.map { " / \(Int(shown: $0))" } ?? "") + " MHz")
            }
            let reasons = device.throttle.map { $0.text[language] }
            if !reasons.isEmpty { parts.append(Text.words(reasons)[language]) }
            for instance in device.instances ?? [] {
                parts.append("MIG \(instance.gpuInstance): \(ByteSize.shown(instance.memoryUsed ?? 0))")
            }
            return parts.joined(separator: "  ")
        }
    }
}
