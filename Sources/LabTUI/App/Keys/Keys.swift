package import LabSupport

/// The bindings of this student: the defaults, changed by the key file.
package struct Keys: Sendable, Equatable {
    package internal(set) var bindings = KeyMap.bindings

    package init() {}

    /// The command of a key. A binding for a special situation takes precedence over the general one.
    package func command(for key: Key, isAvailable: (Availability) -> Bool) -> Command? {
        if case .character(let character) = key, let number = character.wholeNumberValue, (1...9).contains(number) { return .step(number) }
        let fitting = bindings.filter { $0.keys.contains(key) }
        if let special = fitting.first(where: { $0.when == .searching && isAvailable(.searching) }) { return special.command }
        return fitting.first { $0.when != .searching }?.command
    }

    /// The palette's suggestions: first the names that begin with the text, then the names and help texts that contain it.
    package func matches(_ text: String, _ say: (Text) -> String) -> [Binding] {
        let wanted = text.lowercased().trimmed
        let offered = bindings.filter { $0.command != .back && $0.command != .palette }
        guard !wanted.isEmpty else { return offered }
        let first = offered.filter { $0.name.hasPrefix(wanted) }
        let rest = offered.filter { binding in
            !binding.name.hasPrefix(wanted) && (binding.name + " " + say(binding.help)).lowercased().range(of: wanted) != nil
        }
        return first + rest
    }

    /// Keys with two meanings in the same situation.
    package var clashes: [Key] {
        var seen: Set<Key> = []
        var clashes: [Key] = []
        for binding in bindings where binding.when != .searching {
            for key in binding.keys where !seen.insert(key).inserted { clashes.append(key) }
        }
        return clashes
    }

    /// The name of the other action, if any, that uses a key in ordinary situations.
    func owner(of key: Key, besides name: String) -> String? {
        bindings.first { $0.name != name && $0.when != .searching && $0.keys.contains(key) }?.name
    }
}
