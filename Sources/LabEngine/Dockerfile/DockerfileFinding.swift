package import LabSupport

/// A rule about Dockerfiles. Its findings say what is wrong in one file.
package struct DockerfileRule: Sendable, Hashable {
    package enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
        /// The build or the lab surely fails.
        case error
        /// It may fail, or does something else than it seems to.
        case warning
        /// It works; it could be better.
        case hint

        /// The milder one is smaller.
        package static func < (a: Severity, b: Severity) -> Bool { a.rank > b.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// A stable name.
    package var code: String
    /// How bad it is at most. A finding can be milder.
    package var severity: Severity
    /// What it looks for.
    package var title: Text
    package var why: Text
    package var instead: Text

    init(_ code: String, _ severity: Severity, _ title: Text, why: Text, instead: Text) {
        self.code = code
        self.severity = severity
        self.title = title
        self.why = why
        self.instead = instead
    }
}

/// One thing that is wrong, or could be better, in a Dockerfile.
package struct DockerfileFinding: Sendable, Hashable {
    package var code: String
    package var severity: DockerfileRule.Severity
    package var place: DockerfilePlace
    /// The line as written.
    package var printed: String
    package var message: Text
    package var why: Text
    /// What to write.
    package var instead: Text
    /// The word that it's about, if another program may name it, too.
    package var subject: String?

    /// `line 3`, for sentences.
    package var line: Text { Text(en: "line \(place.line)", zh: "第 \(place.line) 行") }
}
