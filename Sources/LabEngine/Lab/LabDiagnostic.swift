package import LabSupport

/// An error or a warning about a lab file, with its place.
package struct LabDiagnostic: Sendable, Hashable {
    /// A lab with an error can't be run.
    package enum Severity: String, Sendable, Codable {
        case error
        case warning
    }

    package var severity: Severity
    /// The file as the author named it, or one of the lab's own files.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    package var message: Text
    /// For an unknown word, the closest valid one.
    package var suggestion: String?

    package init(
        _ severity: Severity = .error, file: String, line: Int, column: Int, message: Text, suggestion: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.suggestion = suggestion
    }

    /// `labs/lab5.yaml:12:5: error: …`, a form that editors can jump to.
    package func rendered(_ language: Language) -> String {
        let label =
            switch (language, severity) {
            case (.en, .error): "error: "
            case (.en, .warning): "warning: "
            case (.zh, .error): "错误："
            case (.zh, .warning): "警告："
            }
        return "\(file):\(line):\(column): \(label)\(sentence[language])"
    }

    /// The message together with the suggestion.
    package var sentence: Text {
        guard let suggestion else { return message }
        return Text(en: "\(message.en); did you mean `\(suggestion)`?", zh: "\(message.zh)；是不是想写 `\(suggestion)`？")
    }
}

extension LabDiagnostic: Comparable {
    /// By place, so that authors can work from top to bottom.
    package static func < (a: LabDiagnostic, b: LabDiagnostic) -> Bool {
        (a.file, a.line, a.column, a.message.en) < (b.file, b.line, b.column, b.message.en)
    }
}

/// A place in a file.
package struct LabPosition: Sendable, Hashable {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// Collects diagnostics. With it, reading continues after a mistake.
package final class LabReporter {
    package private(set) var diagnostics: [LabDiagnostic] = []
    private var known: Set<LabDiagnostic> = []

    /// Further ones aren't collected: nobody reads them, and finding the place of each takes time.
    package static let limit = 200

    package init() {}

    /// The number of errors.
    private(set) var errors = 0
    /// There are more than were collected.
    private(set) var isCut = false

    /// False if there are so many that no further one is collected. The first error always is: it keeps the lab from being used.
    func takes(_ severity: LabDiagnostic.Severity) -> Bool { diagnostics.count < Self.limit || severity == .error && errors == 0 }

    package func report(
        _ message: Text, at position: LabPosition, suggestion: String? = nil, severity: LabDiagnostic.Severity = .error
    ) {
        guard takes(severity) else {
            isCut = true
            return
        }
        let diagnostic = LabDiagnostic(
            severity, file: position.file, line: position.line, column: position.column, message: message, suggestion: suggestion)
        guard known.insert(diagnostic).inserted else { return }
        diagnostics.append(diagnostic)
        if severity == .error { errors += 1 }
    }
}
