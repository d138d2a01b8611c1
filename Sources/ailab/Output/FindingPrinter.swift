import Diagnosis
import LabSupport

/// Findings as a person reads them.
struct FindingPrinter {
    let language: Language
    /// True to show all cures. Otherwise at most three are shown: more than that nobody tries.
    var showsAll = false

    /// The cures that are shown, and how many are left out.
    func shown(_ remedies: [Remedy]) -> (remedies: [Remedy], others: Int) {
        let serving = remedies.filter(\.applies)
        let shown = showsAll ? serving : Array(serving.prefix(3))
        return (shown, serving.count - shown.count)
    }

    func show(_ findings: [Finding]) {
        guard let first = findings.first else {
            return Console.output(Text(en: "Nothing in this output says that something failed.", zh: "这段输出里没有看到任何失败。")[language])
        }
        show(first)
        let others = findings.dropFirst()
        guard !others.isEmpty else { return }
        Console.output("")
        Console.output(Text(en: "Also in this output, mostly as a consequence:", zh: "输出中还有以下问题，多半是上述原因的后果：")[language])
        for finding in others {
            let place = finding.evidence.map { language == .zh ? "（\(line($0.line))）" : " (\(line($0.line)))" } ?? ""
            Console.output("  · \(finding.title[language]) [\(finding.cause)]\(place)")
        }
    }

    private func show(_ finding: Finding) {
        Console.output(Style.bold("✘ \(finding.title[language])") + "  [\(finding.cause)]")
        if let evidence = finding.evidence { Console.output(told(evidence)) }
        for evidence in finding.detail { Console.output(told(evidence)) }
        Console.output("")
        Console.output("  " + finding.why[language])
        let (remedies, others) = shown(finding.remedies)
        for (index, remedy) in remedies.enumerated() {
            var lines = lines(remedy)
            if index == 0, !lines.isEmpty { lines[0] = Style.bold(lines[0]) }
            ([""] + lines).forEach { Console.output($0.isEmpty ? "" : "  " + $0) }
        }
        if others > 0 { Console.output("\n  " + Self.more(others)[language]) }
    }

    /// How to see the cures that are left out.
    static func more(_ count: Int) -> Text {
        Text(
            en: count == 1 ? "1 more cure: add --all." : "\(count) more cures: add --all.", zh: "还有 \(count) 种解决办法：加上 --all 查看。")
    }

    /// A finding under the failure of a task: the cause, its line, and the ways out that serve here.
    /// `said` is what stands above it already.
    func brief(_ finding: Finding, below said: String? = nil) -> [String] {
        var lines = [Style.bold("⇒ \(finding.title[language])") + "  [\(finding.cause)]"]
        if let evidence = finding.evidence, !(said?.contains(evidence.text) ?? false) {
            lines.append(told(evidence))
        }
        guard finding.cause != Finding.unknown else { return lines }
        lines.append("  " + finding.why[language])
        let serving = finding.remedies.filter(\.applies)
        for remedy in serving.prefix(3) { lines += self.lines(remedy).map { "  " + $0 } }
        if !Console.carriesCuresOut, serving.contains(where: \.isRunnable) {
            lines.append(
                "  " + Text(en: "With `--fix`, ailab runs the cure and tries again.", zh: "加上 `--fix`，ailab 会执行解决办法并重试。")[language])
        }
        return lines
    }

    /// One remedy: what, the commands, what they change and how to take it back.
    func lines(_ remedy: Remedy) -> [String] {
        var lines = ["→ \(remedy.text[language])\(needs(remedy))"]
        lines += remedy.shown.map { "    \($0)" }
        if !remedy.shown.isEmpty, let changes = remedy.changes {
            lines.append("  " + Text(en: "changes: ", zh: "改动：")[language] + changes[language])
            if let undo = remedy.undo { lines.append("  " + Text(en: "undo: ", zh: "撤销：")[language] + undo[language]) }
        }
        let meanings = remedy.open.compactMap { word in RemedyFacts.Word.meanings[word].map { "\(word) = \($0[language])" } }
        if !meanings.isEmpty { lines.append("  " + meanings.joined(separator: language == .zh ? "；" : "; ")) }
        return lines
    }

    private func line(_ number: Int) -> String { Text(en: "line \(number)", zh: "第 \(number) 行")[language] }

    private func told(_ evidence: Finding.Evidence) -> String {
        "  " + line(evidence.line) + (language == .zh ? "：" : ": ") + evidence.text
    }

    private func needs(_ remedy: Remedy) -> String {
        guard !remedy.needs.isEmpty else { return "" }
        let words = remedy.needs.map { Self.word($0)[language] }
        return language == .zh ? "（需要：\(words.joined(separator: "、"))）" : " (needs \(words.joined(separator: ", ")))"
    }

    private static func word(_ need: Remedy.Need) -> Text {
        switch need {
        case .root: Text(en: "root", zh: "root 权限")
        case .relogin: Text(en: "a new login", zh: "重新登录")
        case .reboot: Text(en: "a reboot", zh: "重启")
        case .person: Text(en: "a person, not ailab", zh: "人工操作")
        case .consent: Text(en: "your word", zh: "你本人同意")
        }
    }
}
