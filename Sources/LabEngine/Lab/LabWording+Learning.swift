import LabSupport

/// Messages about questions, hints, proofs, and the files that explain words.
extension LabWording {
    static func tooFewChoices(_ count: Int) -> Text {
        Text(en: "a question needs at least two `choices`; this one has \(count)", zh: "一个问题至少要有两个 `choices`；这里有 \(count) 个")
    }

    static let choiceWithoutRange = Text(
        en: "what is measured must be able to choose this answer: write `at_least`, `below` or `matches`",
        zh: "测得的值要能对应到这个答案：请写 `at_least`、`below` 或 `matches`")

    static let oneRight = Text(
        en: "nothing is measured here, so exactly one choice needs `right: true`", zh: "这里没有测量，因此必须恰好有一个选项写 `right: true`")

    static let factWithoutPattern = Text(
        en: "`fact` needs a `pattern` with a group, which finds the value in the fact", zh: "`fact` 需要带分组的 `pattern`，用来从事实中取出值")

    static func notCaptured(_ name: String) -> Text {
        Text(en: "no check of this task captures `\(name)`", zh: "这个任务的检查都没有记录 `\(name)`")
    }

    static func hintOrder(_ level: LabHint.Level, after earlier: LabHint.Level) -> Text {
        Text(
            en: "a hint of level `\(level.rawValue)` gives away less than the one before it (`\(earlier.rawValue)`)",
            zh: "级别为 `\(level.rawValue)` 的提示比前一条（`\(earlier.rawValue)`）透露得更少")
    }

    static func duplicateTerm(_ name: String) -> Text {
        Text(en: "the term `\(name)` is explained twice", zh: "术语 `\(name)` 解释了两次")
    }
}
