package import LabFile
package import LabSupport

/// Texts about questions, hints, proofs, terms and the words of commands.
package enum LearningWords {
    package static let question = Text(en: "First: what do you expect?", zh: "先猜一猜")
    /// What becomes of the answer.
    static func noMarks(_ question: LabQuestion) -> Text {
        question.measured == nil
            ? Text(en: "No marks: afterwards, you see what is right, and why.", zh: "不计分：之后会显示正确答案和原因。")
            : Text(en: "No marks: afterwards, you see your answer beside what was measured.", zh: "不计分：运行后会把你的答案与实测结果放在一起。")
    }
    static let expectation = Text(en: "What you expected", zh: "预测与结果")
    static let goOn = Text(en: "go on", zh: "直接继续")
    static let answer = Text(en: "answer", zh: "作答")
    package static let account = Text(en: "What you proved, and what you didn't", zh: "证明了什么，没有证明什么")
    static let noAccount = Text(en: "The lab says nothing about this step.", zh: "实验没有对这一步作总结。")
    static let notYetShown = Text(en: "(not shown yet)", zh: "（尚未证明）")
    package static let limits = Text(en: "Not shown by this step", zh: "本步骤没有证明")
    package static let glossary = Text(en: "Glossary: type a word", zh: "术语表：输入要查的词")
    static let reading = Text(en: "Reading…", zh: "正在读取……")
    package static let noGlossary = Text(en: "This lab has no glossary.", zh: "这个实验没有术语表。")
    package static let commandWords = Text(en: "The command, word by word", zh: "逐词解释命令")
    package static let noWords = Text(en: "This lab explains no commands.", zh: "这个实验没有命令解释。")
    package static let nothingToExplain = Text(en: "This sub-step has no command to explain.", zh: "这个小节没有可解释的命令。")
    package static let unexplained = Text(en: "Nobody has explained this word.", zh: "这个词还没有解释。")

    package static func noTerm(_ word: String) -> Text {
        Text(en: "The glossary doesn't explain “\(word)”.", zh: "术语表中没有“\(word)”。")
    }

    static func looksUp(_ word: String) -> Text {
        Text(en: "Enter looks “\(word)” up in the glossary.", zh: "按 Enter 在术语表中查找“\(word)”。")
    }

    /// How much a hint gives away.
    package static func level(_ level: LabHint.Level) -> Text {
        switch level {
        case .question: Text(en: "a question", zh: "问题")
        case .pointer: Text(en: "a pointer", zh: "方向")
        case .shape: Text(en: "the shape", zh: "写法")
        case .answer: Text(en: "the solution", zh: "答案")
        }
    }

    /// What `h` shows next.
    static func next(_ level: LabHint.Level) -> Text {
        let name = self.level(level)
        return Text(en: "`h` shows the next one: \(name.en).", zh: "按 `h` 显示下一条：\(name.zh)。")
    }

    /// The hints of another task help here.
    static func hints(of task: TaskID) -> Text { Text(en: "Hints of \(task)", zh: "\(task) 的提示") }
}
