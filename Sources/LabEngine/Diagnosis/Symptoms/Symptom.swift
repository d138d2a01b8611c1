package import LabSupport

/// A rule: a cause, how outputs show it, and its cures.
package struct Symptom: Sendable {
    /// How reliable a clause is.
    package enum Strength: String, Sendable, CaseIterable, Comparable, Codable {
        /// The program prints this text only for this cause.
        case sure
        /// Other causes show the same text. It ranks after the sure ones, and doesn't count if success follows.
        case weak
        /// Counts only if nothing better is found and no success follows.
        case last

        package static func < (a: Strength, b: Strength) -> Bool { a.order < b.order }
        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Which line is the evidence.
    enum Evidence: String, Sendable, CaseIterable {
        /// The line that matched.
        case line
        /// The exception at the end of the traceback that contains the matching line.
        case exception
    }

    /// One way in which outputs show a cause.
    struct Clause: Sendable {
        /// One of these must match. The match is the evidence.
        var any: [SymptomPattern]
        /// One pattern of each of these lists must match nearby.
        var with: [[SymptomPattern]] = []
        /// How many lines away still counts as nearby.
        var within = 0
        /// None of these may match on the line itself.
        var unless: [SymptomPattern] = []
        /// None of these may match anywhere.
        var absent: [SymptomPattern] = []
        var strength = Strength.sure
        var evidence = Evidence.line
    }

    /// The permanent id of the cause.
    package var id: String
    /// Where it can occur: `build`, `pull`, `run`, `container`, `train`, `archive`, `serve`, `request`, `daemon`, `host`.
    package var places: [String]
    /// The cause in a few words.
    package var title: Text
    /// Why that happens.
    package var why: Text
    /// The cures, the most likely first.
    package var cures: [RemedyRule]
    /// The codes of `LabError` that mean this cause.
    package var codes: [String]
    /// Finds values for the cures' placeholders in the output: regular expressions whose first group is the value.
    package var fills: [String: [String]]
    var clauses: [Clause]
    /// False for a cause that only a check of the machine finds, because no program prints it.
    package var hasPatterns: Bool { !clauses.isEmpty }
    /// True if programs retry by themselves. Then the cause counts only if no success follows.
    var recovers: Bool
    /// If one of these causes is found, too, this one is only a consequence of it.
    package var after: [String]
}

/// Text that looks like a failure but is harmless.
struct BenignSign: Sendable {
    var clauses: [Symptom.Clause]
    /// How many of the next lines belong to it.
    var lines: Int
    /// True if all lines of the log record and of its traceback belong to it.
    var record: Bool
    /// True if the sign is a command that a person typed, and everything that it printed belongs to it.
    var command: Bool
    /// The sign is harmless only if one of these matches, too. If it's empty, the sign is always harmless.
    var success: [SymptomPattern]
}

/// The contents of the rule files.
package struct Symptoms: Sendable {
    package var causes: [Symptom] = []
    var benign: [BenignSign] = []
    /// Signs that everything went well in the end.
    var success: [SymptomPattern] = []
    /// Signs that something failed, for failures that no cause explains.
    var failures: [SymptomPattern] = []
    /// What programs themselves suggest.
    var hints: [SymptomPattern] = []
    /// Lines that are never decisive.
    var noise: [SymptomPattern] = []
    /// Messages in other languages, and the English ones that the patterns know.
    var translations: [Translation] = []
    /// How outputs reveal facts.
    package var facts: [FactRule] = []
    /// Programs that don't exist in a situation.
    var lacking: [LackingPrograms] = []
    /// Values that outputs name, whatever the cause: regular expressions whose first group is the value.
    var values: [String: [String]] = [:]
    /// Tables from a name that an output shows to the one that a command needs.
    package var names: [NameTable] = []
    /// Which torch runs on which card, driver and Python.
    package var wheels: [WheelTable.Row] = []
    /// How repositories and tools are set up.
    package var setups: [SetupRow] = []
    /// The newest CUDA version of each driver branch.
    package var drivers = WheelTable.Drivers()

    /// The cause with this id.
    package subscript(id: String) -> Symptom? { causes.first { $0.id == id } }
}
