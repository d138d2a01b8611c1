import LabRunner
package import LabSupport

/// The forms in which grades are written.
package enum GradeFormat: String, Sendable, CaseIterable {
    /// For people.
    case table
    /// Everything, for a spreadsheet.
    case csv
    case gradescope
    case canvas
    case moodle
    /// Everything, for programs.
    case json
}

/// Grades as text.
package struct GradeSheet: Sendable {
    private let grading: Grading
    private let language: Language
    /// What all sub-steps together are worth.
    private let points: Double

    package init(_ grading: Grading, language: Language, points: Double) {
        self.grading = grading
        self.language = language
        self.points = points
    }

    /// The whole text, without a line end at its end.
    package func text(_ format: GradeFormat) -> String {
        switch format {
        case .table: table
        case .csv: lines(everything)
        case .gradescope: lines(gradescope)
        case .canvas: lines(canvas)
        case .moodle: lines(moodle)
        case .json: GradeJSON(grading).text
        }
    }

    private func pick(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }

    // MARK: For people

    private var table: String {
        let head = [
            pick("STUDENT", "学生"), pick("DONE", "完成"), pick("OWN", "自写"), pick("SOLUTION", "答案"), pick("HINTS", "提示"),
            pick("RIGHT", "预测"), pick("ACCURACY", "准确率"), pick("TIME", "用时"), pick("LOOK AT", "需要查看"),
        ]
        let rows = grading.reports.map { report in
            [
                Self.cut(report.author), "\(report.done)/\(report.all)", "\(report.own)", "\(report.reference)", "\(report.hints)",
                "\(report.right)/\(report.predictions)", report.accuracy.map(Self.percent) ?? "–", Self.clock(report.seconds),
                report.findings.map(\.code.rawValue).joined(separator: " "),
            ]
        }
        let odd = grading.reports.filter { !$0.findings.isEmpty }
        let details = odd.flatMap { report in
            ["", "\(report.author) (\(report.path))"] + report.findings.map { "  \($0.code.rawValue): \($0.text[language])" }
        }
        let count = grading.reports.count
        let sum = pick(
            "\(count) report\(count == 1 ? "" : "s"), \(odd.count) to look at", "共 \(count) 份报告，\(odd.count) 份需要查看")
        let lines = rows.isEmpty ? [] : TextTable.lines([head] + rows)
        return (lines + details + ["", sum]).map { Self.line($0) }.joined(separator: "\n")
    }

    /// A name that doesn't push everything else out of the window.
    private static func cut(_ name: String) -> String { name.count > 32 ? name.prefix(31) + "…" : name }

    private static func percent(_ share: Double) -> String {
        let tenths = Int(shown: (share * 1000).rounded())
        return "\(tenths / 10).\(abs(tenths) % 10)%"
    }

    /// `1:02:03`
    private static func clock(_ seconds: Double) -> String {
        let all = max(0, Int(shown: seconds.rounded()))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (all / 3600, all / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(all % 60))" : "\(minutes):\(two(all % 60))"
    }

    /// One line that is harmless on any terminal.
    private static func line(_ text: String) -> String {
        SafeLines.clean(text: text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    // MARK: For spreadsheets and course systems

    private func lines(_ rows: [[String]]) -> String {
        rows.map { $0.map(GradeCell.quoted).joined(separator: ",") }.joined(separator: "\n")
    }

    private var everything: [[String]] {
        let tasks = grading.reports.max { $0.states.count < $1.states.count }?.states.map(\.task) ?? []
        let head = [
            "student", "email", "id", "file", "lab", "version", "workspace", "done", "all", "score", "own", "solution", "hints", "right",
            "predictions", "accuracy", "seconds", "cautions", "findings",
        ]
        let rows = grading.reports.map { report -> [String] in
            let person = GradedPerson(report.author)
            let states = Dictionary(report.states.map { ($0.task, $0.state) }) { first, _ in first }
            return [
                person.name, person.email, person.number, report.path, report.lab, report.version, report.workspace, "\(report.done)",
                "\(report.all)", score(report), "\(report.own)", "\(report.reference)", "\(report.hints)", "\(report.right)",
                "\(report.predictions)", report.accuracy.map { "\($0)" } ?? "", "\(report.seconds)", report.cautions.joined(separator: " "),
                report.findings.map(\.code.rawValue).joined(separator: " "),
            ] + tasks.map { states[$0] ?? "" }
        }
        return [head + tasks] + rows
    }

    /// The columns of Gradescope's own lists of scores.
    private var gradescope: [[String]] {
        [["First Name", "Last Name", "SID", "Email", "Total Score", "Max Points"]]
            + grading.reports.map { report in
                let person = GradedPerson(report.author)
                return [person.first, person.last, person.number, person.email, score(report), Self.number(points)]
            }
    }

    /// Canvas finds a student by one of the ids and creates a column for an assignment that it doesn't know.
    private var canvas: [[String]] {
        let title = grading.reports.first?.title[language] ?? "ailab"
        return [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]]
            + [["    Points Possible", "", "", "", "", Self.number(points)]]
            + grading.reports.map { report in
                let person = GradedPerson(report.author)
                return [person.name, "", person.number, person.email, "", score(report)]
            }
    }

    /// Moodle asks at the import which column is what.
    private var moodle: [[String]] {
        let title = grading.reports.first?.title[language] ?? "ailab"
        return [["Full name", "ID number", "Email address", title, "Feedback"]]
            + grading.reports.map { report in
                let person = GradedPerson(report.author)
                let feedback = pick(
                    "\(report.done) of \(report.all) sub-steps done, \(report.right) of \(report.predictions) predictions right",
                    "共 \(report.all) 个小节，完成 \(report.done) 个；\(report.right)/\(report.predictions) 个预测正确")
                return [person.name, person.number, person.email, score(report), feedback]
            }
    }

    private func score(_ report: GradedReport) -> String { Self.number((report.share * points * 100).rounded() / 100) }

    /// Without a fraction if it has none.
    private static func number(_ value: Double) -> String { value == value.rounded() ? "\(Int(shown: value))" : "\(value)" }
}
