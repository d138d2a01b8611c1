import LabFile
import LabRunner
import LabSupport

/// What the student showed with each step, and what the step doesn't show.
struct ReportAccount {
    let report: LabReport
    let words: ReportWords

    var blocks: [ReportDocument.Block] {
        let told = report.steps.filter { step in
            step.account.map { !$0.isEmpty } ?? false && step.tasks.contains { $0.isTold }
        }
        guard !told.isEmpty else { return [] }
        let title = words.pick("What was shown, and what wasn't", "证明了什么，没有证明什么")
        return [.heading(2, [.words(title)], anchor: "shown")] + told.flatMap(section)
    }

    private func section(_ step: LabReport.Step) -> [ReportDocument.Block] {
        guard let account = step.account else { return [] }
        let proved = account.lines.map { line -> [ReportDocument.Span] in
            let mark = line.isProved ? words.pick("✔ Shown: ", "✔ 已证明：") : words.pick("○ Not shown yet: ", "○ 尚未证明：")
            let evidence = line.evidence.map { $0[words.language] }.joined(separator: words.pick("; ", "；"))
            return [.strong(mark)] + ReportDocument.marked(line.text[words.language])
                + (evidence.isEmpty ? [] : [.words(words.pick(" (\(evidence))", "（\(evidence)）"))])
        }
        let limits = account.limits.map { limit -> [ReportDocument.Span] in
            [.strong(words.pick("Not shown by this step: ", "本步骤没有证明："))] + ReportDocument.marked(limit[words.language])
        }
        let anchor = "shown-\(step.number)"
        return [
            .heading(3, [.words("\(step.number) \(step.title[words.language])")], anchor: anchor), .list(proved + limits),
        ]
    }
}

extension LabReport.SubStep {
    /// The opened hints, and what the student expected, as sentences.
    func help(_ words: ReportWords) -> [[ReportDocument.Span]] {
        let opened = hints.map { hint -> [ReportDocument.Span] in
            [.words(words.pick("Hints opened: \(hint.number) of \(hint.all)", "打开的提示：\(hint.number)/\(hint.all)") + words.level(hint))]
        }
        let told = expectation.map { $0.lines.map { ReportDocument.marked($0[words.language]) } } ?? []
        return (opened.map { [$0] } ?? []) + told
    }
}

extension ReportWords {
    /// How much the highest of the opened hints gave away.
    func level(_ hint: HintOpened) -> String {
        switch hint.level {
        case .question: pick(", a question", "（问题）")
        case .pointer: pick(", a pointer", "（方向）")
        case .shape: pick(", the shape of the solution", "（写法）")
        case .answer: pick(", the solution", "（答案）")
        }
    }
}
