package import LabFile
package import LabSupport

/// Sentences about results that the command line and the screen share.
package enum DoctorWording {
    /// A symbol and a word for each result, so that nobody needs to know the symbols or see the colors.
    package static func mark(_ standing: ProbeResult.Standing) -> (symbol: String, word: Text) {
        switch standing {
        case .good: ("✔", Text(en: "good", zh: "正常"))
        case .note: ("·", Text(en: "note", zh: "说明"))
        case .advice: ("!", Text(en: "advice", zh: "建议"))
        case .problem: ("✘", Text(en: "problem", zh: "问题"))
        case .hidden: ("–", Text(en: "skipped", zh: "未检查"))
        case .undecided: ("?", Text(en: "unknown", zh: "未知"))
        }
    }

    /// `3.3–3.6, 4`: a whole step is one number, and neighboring tasks form a range.
    package static func tasks(_ ids: [TaskID], of spec: LabSpec?) -> String {
        let all = spec?.tasks.map(\.id) ?? ids
        let steps = Dictionary(grouping: all, by: \.step)
        var parts: [String] = []
        for (step, own) in Dictionary(grouping: ids, by: \.step).sorted(by: { $0.key < $1.key }) {
            guard own.count < steps[step]?.count ?? .max else {
                parts.append("\(step)")
                continue
            }
            parts += ranges(own, among: steps[step] ?? own)
        }
        return parts.joined(separator: ", ")
    }

    private static func ranges(_ ids: [TaskID], among all: [TaskID]) -> [String] {
        var runs: [[TaskID]] = []
        for id in all where ids.contains(id) {
            let follows =
                runs.last?.last.flatMap { last in all.firstIndex(of: last) }.map { $0 + 1 < all.count && all[$0 + 1] == id } ?? false
            if follows { runs[runs.count - 1].append(id) } else { runs.append([id]) }
        }
        return runs.map { run in run.count > 1 ? "\(run[0])–\(run[run.count - 1])" : "\(run[0])" }
    }

    /// The tasks that a finding blocks.
    package static func blocks(_ finding: DoctorFinding, of spec: LabSpec?) -> Text {
        guard !finding.blocks.isEmpty else { return Text(en: "blocks nothing", zh: "不影响任何步骤") }
        let tasks = tasks(finding.blocks, of: spec)
        return Text(en: "blocks \(tasks)", zh: "阻塞 \(tasks.replacing(", ", with: "、"))")
    }

    /// The last line: `2 problems block steps 3, 4. 1 is advice.`
    package static func summary(_ report: DoctorReport, of spec: LabSpec?) -> Text {
        let undecided = report.results.count { $0.standing == .undecided }
        let advice = report.advice.count
        var parts: [Text] = []
        if report.problems.isEmpty {
            parts.append(
                report.lab == nil
                    ? Text(en: "Nothing is wrong.", zh: "没有发现问题。") : Text(en: "Nothing blocks the lab.", zh: "没有阻塞实验的问题。"))
        } else {
            let ids = Set(report.problems.flatMap { $0.finding?.blocks ?? [] })
            let steps = Set(ids.map(\.step)).sorted().map(String.init)
            let count = report.problems.count
            let verb = count == 1 ? "problem blocks" : "problems block"
            let noun = steps.count == 1 ? "step" : "steps"
            parts.append(
                Text(
                    en: "\(count) \(verb) \(noun) \(steps.joined(separator: ", ")).",
                    zh: "有 \(count) 个问题阻塞步骤 \(steps.joined(separator: "、"))。"))
        }
        if advice > 0 { parts.append(Text(en: "\(advice) \(advice == 1 ? "is" : "are") advice.", zh: "\(advice) 条建议。")) }
        if undecided > 0 {
            parts.append(
                Text(
                    en: "\(undecided) \(undecided == 1 ? "check" : "checks") gave no result.", zh: "\(undecided) 项检查没有结果。"))
        }
        return Text(en: parts.map(\.en).joined(separator: " "), zh: parts.map(\.zh).joined())
    }
}
