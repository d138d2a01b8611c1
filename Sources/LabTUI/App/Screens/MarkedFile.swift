import DockerfileCheck
import LabEngine
import LabRunner
import LabSupport

/// The student's file with numbered lines, and under a line what the check says about it.
struct MarkedFile {
    private let file: ExaminedFile
    private let model: AppModel
    /// By line.
    private let findings: [Int: [DockerfileFinding]]

    init(_ file: ExaminedFile, _ model: AppModel) {
        self.file = file
        self.model = model
        let last = max(1, file.lines.count)
        findings = Dictionary(grouping: file.review?.besideTicks ?? []) { min(max(1, $0.place.line), last) }
    }

    private var look: Look { model.look }
    private var digits: Int { max(2, String(file.lines.count).count) }
    /// Where the text of a line begins: after the mark, the number and the bar.
    private var indent: Int { digits + 5 }

    /// All lines of the file.
    func lines(columns: Int) -> [RichLine] {
        // An empty file has no line, and yet its first one has remarks.
        (1...max(1, file.lines.count)).flatMap { line($0, columns) + remarks($0, columns) }
    }

    /// The row of `lines(columns:)` where a line of the file begins.
    func row(of line: Int, columns: Int) -> Int {
        file.lines.indices.prefix(max(0, line - 1)).reduce(0) { rows, index in
            rows + self.line(index + 1, columns).count + remarks(index + 1, columns).count
        }
    }

    /// Lines without what the check says about them.
    func code(_ numbers: ClosedRange<Int>, columns: Int) -> [RichLine] {
        numbers.clamped(to: 1...max(1, file.lines.count)).flatMap { line($0, columns) }
    }

    /// Only the lines with a mistake, and what to write there.
    func mistakes(columns: Int) -> [RichLine] {
        let numbers = findings.filter { $0.value.contains { $0.severity == .error } }.keys.sorted()
        return numbers.flatMap { line($0, columns) + remarks($0, columns) }
    }

    private func line(_ number: Int, _ columns: Int) -> [RichLine] {
        guard file.lines.indices.contains(number - 1) else { return [] }
        let worst = findings[number]?.map(\.severity).max()
        let (mark, role) = worst.map { Self.mark($0, look.glyphs) } ?? (" ", .muted)
        let place = String(number)
        let lead = String(repeating: " ", count: digits - place.count) + place
        return RichLine(
            [
                Span("\(mark) ", look[role]), Span("\(lead) ", look[worst == nil ? .muted : role]),
                Span("\(look.glyphs.vertical) ", look[.border]), Span(file.lines[number - 1], look[.code]),
            ], hanging: indent
        ).wrapped(to: columns)
    }

    private func remarks(_ number: Int, _ columns: Int) -> [RichLine] {
        (findings[number] ?? []).flatMap { remark($0, columns) }
    }

    private func remark(_ finding: DockerfileFinding, _ columns: Int) -> [RichLine] {
        let (mark, role) = Self.mark(finding.severity, look.glyphs)
        let room = max(10, columns - indent - 2)
        let corner = String(repeating: " ", count: digits + 3) + (look.glyphs.isUnicode ? "╰ " : "\\ ")
        let rest = String(repeating: " ", count: indent + 2)
        let message = RichLine("\(mark) \(plain(finding.message))", look[role]).wrapped(to: room)
        let why = finding.severity == .hint ? [] : Markdown.lines(model.say(finding.why), columns: room, look: look)
        let instead = RichLine([Span("+ ", look[.good]), Span(plain(finding.instead), look[.strong])], hanging: 2).wrapped(to: room)
        return message.enumerated().map { index, line in
            RichLine([Span(index == 0 ? corner : rest, look[.border])] + line.spans)
        } + (why + instead).map { RichLine([Span(rest)] + $0.spans) }
    }

    /// What to write is shown as it's typed: its stars and underscores are part of it.
    private func plain(_ text: Text) -> String { model.say(text).filter { $0 != "`" } }

    static func mark(_ severity: DockerfileRule.Severity, _ glyphs: Glyphs) -> (symbol: String, role: Role) {
        switch severity {
        case .error: (glyphs.failed, .bad)
        case .warning: ("!", .warning)
        case .hint: (glyphs.bullet, .muted)
        }
    }
}
