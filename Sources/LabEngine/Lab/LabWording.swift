package import LabSupport

/// Messages about mistakes that are found while a lab file is decoded.
package enum LabWording {
    /// The expected types of values.
    enum Kind {
        static let text = Text(en: "a text", zh: "一段文字")
        static let integer = Text(en: "a whole number without quotes", zh: "不带引号的整数")
        static let flag = Text(en: "true or false", zh: "true 或 false")
        static let duration = Text(en: "seconds or a duration such as 2m40s", zh: "秒数，或 2m40s 这样的时长")
        static let taskID = Text(en: "a task id such as 3.4", zh: "任务编号，例如 3.4")
        static let translated = Text(en: "a text in both languages, {en: …, zh: …}", zh: "两种语言的文字，即 {en: …, zh: …}")
        static let list = Text(en: "a list", zh: "列表")
        static let names = Text(en: "a mapping from names to values", zh: "从名称到值的映射")
        static let mapping = Text(en: "a mapping with keys", zh: "带键的映射")
        static let onlyTrue = Text(en: "the word true", zh: "单词 true")
    }

    static let emptyFile = Text(en: "the lab file is empty", zh: "实验文件是空的")

    static let keyNotAWord = Text(en: "a key must be a single word", zh: "键必须是一个单词")

    static func unreadable(_ path: String, reason: String) -> Text {
        Text(en: "cannot read `\(path)`: \(reason)", zh: "无法读取 `\(path)`：\(reason)")
    }

    static let notUTF8 = Text(en: "the file is not UTF-8 from here on; save it as UTF-8", zh: "文件从这里起不是 UTF-8 编码，请另存为 UTF-8")

    static func duplicateKey(_ key: String, firstLine: Int) -> Text {
        Text(
            en: "duplicate key `\(key)`; line \(firstLine) already has it",
            zh: "键 `\(key)` 重复了；第 \(firstLine) 行已经有了")
    }

    static func unknownKey(_ key: String, in owner: String, valid: [String]) -> Text {
        let list = valid.map { "`\($0)`" }
        return Text(
            en: "unknown key `\(key)` in \(place(owner).en)"
                + (valid.isEmpty ? "" : "; the valid keys are \(list.joined(separator: ", "))"),
            zh: "\(place(owner).zh)中有未知的键 `\(key)`" + (valid.isEmpty ? "" : "；可用的键有 \(list.joined(separator: "、"))"))
    }

    static func missingKey(_ key: String, in owner: String) -> Text {
        Text(en: "\(place(owner).en) lacks the key `\(key)`", zh: "\(place(owner).zh)缺少键 `\(key)`")
    }

    static func wrongType(_ name: String, expected: Text, found: Text) -> Text {
        Text(
            en: "\(place(name).en) must be \(expected.en), but this is \(found.en)",
            zh: "\(place(name).zh)应当是：\(expected.zh)；这里却是：\(found.zh)")
    }

    static func unknownWord(_ word: String, for name: String, valid: [String]) -> Text {
        let list = valid.map { "`\($0)`" }
        return Text(
            en: "`\(word)` is not a value of \(place(name).en); use one of \(list.joined(separator: ", "))",
            zh: "\(place(name).zh)不能取值 `\(word)`；可用的值有 \(list.joined(separator: "、"))")
    }

    static func onlyOneOf(_ first: String, _ second: String) -> Text {
        Text(
            en: "`\(second)` cannot be combined with `\(first)`; use only one of them",
            zh: "`\(second)` 不能与 `\(first)` 同时使用；只能写其中一个")
    }

    static func noneOf(_ keys: [String], in owner: String) -> Text {
        let list = keys.map { "`\($0)`" }
        return Text(
            en: "\(place(owner).en) needs one of the keys \(list.joined(separator: ", "))",
            zh: "\(place(owner).zh)需要下列键之一：\(list.joined(separator: "、"))")
    }

    static func durationNotPositive(_ name: String) -> Text {
        Text(en: "\(place(name).en) must be longer than zero seconds", zh: "\(place(name).zh)必须大于 0 秒")
    }

    package static func schema(_ found: Int, supported: Int) -> Text {
        Text(
            en: "this ailab reads lab files of schema \(supported), not \(found)",
            zh: "这个版本的 ailab 只能读取 schema \(supported) 的实验文件，不能读取 \(found)")
    }

    static func badName(_ name: String) -> Text {
        Text(
            en: "`\(name)` is not a name: use a small letter, then small letters, digits, `_` and `-`",
            zh: "`\(name)` 不能用作名称：须以小写字母开头，后面只能用小写字母、数字、`_` 和 `-`")
    }

    static func missingProse(_ path: String, task: TaskID) -> Text {
        Text(
            en: "task \(task) has no text: `\(path)` does not exist, and the key `text` is not given",
            zh: "任务 \(task) 没有正文：`\(path)` 不存在，也没有写键 `text`")
    }

    static func emptyProse(_ path: String) -> Text {
        Text(en: "`\(path)` is empty", zh: "`\(path)` 是空的")
    }

    static func unknownVariable(_ name: String, nearest: String? = nil) -> Text {
        Text(
            en: "unknown variable `${\(name)}`" + (nearest.map { "; did you mean `${\($0)}`?" } ?? ""),
            zh: "未知的变量 `${\(name)}`" + (nearest.map { "；是不是想写 `${\($0)}`？" } ?? ""))
    }

    static func laterVariable(_ name: String) -> Text {
        Text(
            en: "`${\(name)}` is declared at or below this line; a value can use earlier variables only",
            zh: "`${\(name)}` 在这一行或更后面才声明；变量的值只能使用前面的变量")
    }

    static func tooMany(most: Int) -> Text {
        Text(
            en: "the lab has more than \(most) tasks, variables, images or servers", zh: "实验的任务、变量、镜像或服务器超过 \(most) 个")
    }

    static func variableTooLong(_ name: String) -> Text {
        Text(en: "with `${\(name.firstLine)}`, a text gets too long", zh: "填入 `${\(name.firstLine)}` 后文本过长")
    }

    static func unclosedVariable(_ text: String) -> Text {
        Text(
            en: "`\(text.firstLine)` has no `}` after `${`; write `$$` for a dollar sign",
            zh: "`\(text.firstLine)` 的 `${` 之后没有 `}`；美元符号本身请写成 `$$`")
    }

    private static func place(_ owner: String) -> Text {
        owner.isEmpty ? Text(en: "the lab file", zh: "实验文件") : Text(en: "`\(owner)`", zh: "`\(owner)` ")
    }
}
