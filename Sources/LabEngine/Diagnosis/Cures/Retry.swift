/// Another way to run the step that failed, as data: the driver of a cure changes the run's options by it.
package struct Retry: Sendable, Hashable, Codable {
    /// What computes.
    package enum Device: String, Sendable, Codable, CaseIterable {
        case cpu
        case gpu
    }

    /// The step, and what was typed with it, as the command shows them. Outside of a lab it's the word `STEP`.
    package var step: String
    /// Use reference solutions and scripts.
    package var auto: Bool
    /// Train on a slice.
    package var quick: Bool
    /// Run again what is already done.
    package var force: Bool
    /// Nil: as before.
    package var device: Device?
    /// Variables of the lab to change.
    package var set: [String: String]

    package init(
        step: String, auto: Bool = false, quick: Bool = false, force: Bool = false, device: Device? = nil, set: [String: String] = [:]
    ) {
        self.step = step
        self.auto = auto
        self.quick = quick
        self.force = force
        self.device = device
        self.set = set
    }

    /// What it adds to the options of `ailab step`.
    package var words: [String] {
        var words: [String] = []
        if auto { words.append("--auto") }
        if quick { words.append("--quick") }
        if force { words.append("--force") }
        if let device { words += ["--device", device.rawValue] }
        for (name, value) in set.sorted(by: { $0.key < $1.key }) { words += ["--set", "\(name)=\(value)"] }
        return words
    }

    /// The command that a student would type for it. It's for showing only: nothing reads it back.
    package var command: String { (["ailab step \(step)"] + words).joined(separator: " ") }
}

/// A retry as the rule files hold it, with words in capitals for what isn't known yet.
package struct RetryRule: Sendable, Hashable {
    package var auto: Bool
    package var quick: Bool
    package var force: Bool
    package var device: Retry.Device?
    package var set: [String: String]

    /// The words in capitals that it needs.
    var texts: [String] { ["STEP"] + set.flatMap { [$0.key, $0.value] } }

    /// The retry with what is known filled in.
    func filled(by filler: inout RemedyFiller) -> Retry {
        let step = filler.fill(word: "STEP")
        var values: [String: String] = [:]
        for (name, value) in set.sorted(by: { $0.key < $1.key }) { values[filler.fill(word: name)] = filler.fill(word: value) }
        return Retry(step: step, auto: auto, quick: quick, force: force, device: device, set: values)
    }
}
