package import LabSupport

/// A cause, how it shows in outputs, and what cures it.
package struct Symptom: Sendable {
    /// How much a clause says.
    package enum Strength: String, Sendable, CaseIterable, Comparable, Codable {
        /// Words that the program prints for this cause only.
        case sure
        /// A sign that other causes give too: it counts behind the sure ones, and not where success follows.
        case weak
        /// What is left when nothing better is found; not where success follows.
        case last

        package static func < (a: Strength, b: Strength) -> Bool { a.order < b.order }
        private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Where the evidence is taken from.
    enum Evidence: String, Sendable, CaseIterable {
        /// The line that matched.
        case line
        /// The exception that ends the traceback in which the line stands.
        case exception
    }

    /// One way in which a cause shows.
    struct Clause: Sendable {
        /// One of these is the evidence.
        var any: [SymptomPattern]
        /// One of each of these must be near.
        var with: [[SymptomPattern]] = []
        /// How many lines away is still near.
        var within = 0
        /// None of these on the line itself.
        var unless: [SymptomPattern] = []
        /// None of these anywhere.
        var absent: [SymptomPattern] = []
        var strength = Strength.sure
        var evidence = Evidence.line
    }

    /// The id of the cause: a stable word of the vocabulary.
    package var id: String
    /// Where it can occur: `build`, `pull`, `run`, `container`, `train`, `archive`, `serve`, `request`, `daemon`, `host`.
    package var places: [String]
    /// The cause in a few words.
    package var title: Text
    /// Why that happens.
    package var why: Text
    /// What cures it, the likeliest first.
    package var cures: [RemedyRule]
    /// Codes of `LabError` that mean this cause.
    package var codes: [String]
    /// Where in the output a word in capitals of the cures stands: regular expressions whose first group is its value.
    package var fills: [String: [String]]
    var clauses: [Clause]
    /// False for a cause that only a look at the machine finds: no output names it.
    package var hasPatterns: Bool { !clauses.isEmpty }
    /// True where programs try again by themselves: then it counts only where no success follows.
    var recovers: Bool
    /// Causes of which this one is a mere consequence when both show.
    package var after: [String]
}

/// Scary words that mean nothing.
struct BenignSign: Sendable {
    var clauses: [Symptom.Clause]
    /// Further lines that belong to it.
    var lines: Int
    /// True: so do all lines of the log record and of its traceback.
    var record: Bool
    /// Harmless only where one of these stands in the text, too; empty: always harmless.
    var success: [SymptomPattern]
}

/// What the rule files hold.
package struct Symptoms: Sendable {
    package var causes: [Symptom] = []
    var benign: [BenignSign] = []
    /// Signs that all went well in the end.
    var success: [SymptomPattern] = []
    /// Signs that something failed, for failures that no cause explains.
    var failures: [SymptomPattern] = []
    /// Lines that never are the decisive part.
    var noise: [SymptomPattern] = []

    /// The cause of an id.
    package subscript(id: String) -> Symptom? { causes.first { $0.id == id } }
}
