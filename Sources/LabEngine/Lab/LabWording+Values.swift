import LabSupport

/// Messages about values of the correct type that are still invalid.
extension LabWording {
    static func badPattern(_ pattern: String, reason: String) -> Text {
        Text(
            en: "`\(pattern)` is not a regular expression: \(reason)",
            zh: "`\(pattern)` 不是有效的正则表达式：\(reason)")
    }

    static let noGroup = Text(
        en: "the pattern has no group; put the part that `capture` and `at_least` refer to into `(…)`",
        zh: "模式没有捕获组；请把 `capture` 和 `at_least` 所指的部分放进 `(…)`")

    static func notANumber(_ text: String) -> Text {
        Text(en: "`\(text)` is not a number", zh: "`\(text)` 不是数字")
    }

    static func notAboveZero(_ text: String) -> Text {
        Text(en: "`\(text)` is not a number above 0", zh: "`\(text)` 不是大于 0 的数字")
    }

    static func tooLarge(_ text: String, most: Int) -> Text {
        Text(en: "`\(text)` is above \(most)", zh: "`\(text)` 超过 \(most)")
    }

    static func badCount(_ text: String, most: Int) -> Text {
        Text(en: "`\(text)` is not a whole number from 1 to \(most)", zh: "`\(text)` 不是 1 到 \(most) 之间的整数")
    }

    static func badChecksum(digits: Int) -> Text {
        Text(
            en: "a SHA-256 sum has 64 hexadecimal digits; this one has \(digits) characters, or contains other characters",
            zh: "SHA-256 校验和由 64 个十六进制数字组成；这里有 \(digits) 个字符，或含有其他字符")
    }

    static func badPort(_ port: String) -> Text {
        Text(en: "`\(port)` is not a port; use a number from 1 to 65535", zh: "`\(port)` 不是端口；请用 1 到 65535 之间的数字")
    }

    static func badURL(_ url: String) -> Text {
        Text(en: "`\(url)` is not a web address", zh: "`\(url)` 不是网址")
    }

    static func badPointer(_ pointer: String) -> Text {
        Text(
            en: "`\(pointer)` is not a JSON pointer; it begins with `/`",
            zh: "`\(pointer)` 不是 JSON 指针；它应当以 `/` 开头")
    }

    static let equalsWithoutPointer = Text(
        en: "`equals` needs a `pointer` to the value to compare",
        zh: "`equals` 需要 `pointer` 来说明比较的是什么")

    static let noWorkers = Text(en: "a model needs at least 1 worker", zh: "一个模型至少需要 1 个 worker")

    static func notPositive(_ name: String) -> Text {
        Text(en: "`\(name)` must be at least 1", zh: "`\(name)` 至少为 1")
    }

    static func empty(_ name: String) -> Text {
        Text(en: "`\(name)` must not be empty", zh: "`\(name)` 不能为空")
    }

    static func noChecks(_ id: TaskID) -> Text {
        Text(
            en: "task \(id) changes something and has no `checks`; nothing shows whether it worked",
            zh: "任务 \(id) 会改变系统状态，却没有 `checks`；无法知道它是否成功")
    }
}
