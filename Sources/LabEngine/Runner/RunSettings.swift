import Diagnosis

/// The settings under which a result counts, as far as a person gave them. The rest is as in the last run.
package struct RunSettings: Sendable, Equatable {
    package var quick: Bool?
    package var device: RunOptions.Device?
    /// Variables of the lab.
    package var set: [String: String]

    package init(quick: Bool? = nil, device: RunOptions.Device? = nil, set: [String: String] = [:]) {
        self.quick = quick
        self.device = device
        self.set = set
    }

    /// The options of the last run with these settings.
    package func applied(to last: RunOptions) -> RunOptions {
        var options = last
        if let quick { options.quick = quick }
        if let device { options.device = device }
        options.set.merge(set) { _, new in new }
        return options
    }
}

extension RunOptions {
    /// True if a result counts under both.
    package func hasSameSettings(as other: RunOptions) -> Bool { quick == other.quick && device == other.device && set == other.set }

    /// The options as a person types them after `ailab step`.
    package var words: [String] {
        // A retry changes the same options, and says them in the same words.
        let device = Retry.Device(rawValue: device.rawValue)
        let words = Retry(step: "", auto: auto, quick: quick, force: force, device: device, set: set).words
        return words + (usesReference ? ["--use-reference"] : [])
    }
}
