import LabSupport

extension LabWording {
    /// The YAML library's message, in words for someone who doesn't know YAML's grammar.
    static func syntax(_ problem: String, context: String?) -> Text {
        if let plain = syntaxProblems.first(where: { problem.contains($0.problem) })?.plain {
            return Text(en: "not valid YAML: \(plain.en)", zh: "YAML 语法错误：\(plain.zh)")
        }
        let words = [context, problem].compactMap(\.self).joined(separator: ", ")
        return Text(en: "not valid YAML: \(words)", zh: "YAML 语法错误：\(words)")
    }

    private static let syntaxProblems: [(problem: String, plain: Text)] = [
        (
            "mapping values are not allowed",
            Text(
                en: "unexpected `:`; check the indentation, and quote a text that contains `: `",
                zh: "这里不能出现 `:`；请检查缩进，含有 `: ` 的文字要加引号")
        ),
        (
            "could not find expected ':'",
            Text(en: "a key without a `:` after it", zh: "键的后面缺少 `:`")
        ),
        (
            "did not find expected key",
            Text(
                en: "the indentation of this line doesn't match the lines above",
                zh: "这一行的缩进与上面的行对不上")
        ),
        (
            "did not find expected '-' indicator",
            Text(en: "an item of this list must begin with `- `", zh: "这个列表的每一项都要以 `- ` 开头")
        ),
        (
            "found a tab character",
            Text(en: "a tab; indent with spaces", zh: "出现了制表符；请用空格缩进")
        ),
        (
            "cannot start any token",
            Text(
                en: "no value can begin with this character; indent with spaces, not tabs, and quote texts that begin with @, ` or %",
                zh: "值不能以这个字符开头；请用空格而不是制表符缩进，以 @、` 或 % 开头的文字要加引号")
        ),
        (
            "block sequence entries are not allowed",
            Text(en: "a list cannot begin here; put it on the next line", zh: "列表不能从这里开始；请换到下一行")
        ),
        (
            "unexpected end of stream",
            Text(en: "the file ends inside a quoted text", zh: "文件在引号内的文字中间就结束了")
        ),
        (
            "did not find expected ',' or ']'",
            Text(en: "a list in `[…]` isn't closed, or a comma is missing", zh: "`[…]` 列表没有闭合，或缺少逗号")
        ),
        (
            "did not find expected ',' or '}'",
            Text(en: "a mapping in `{…}` isn't closed, or a comma is missing", zh: "`{…}` 映射没有闭合，或缺少逗号")
        ),
        (
            "undefined alias",
            Text(en: "an `*alias` without an `&anchor` before it", zh: "`*别名` 之前没有对应的 `&锚点`")
        ),
        (
            "found another document",
            Text(en: "a second document begins here; a lab file has only one", zh: "这里开始了第二个文档；一个实验只能有一个文档")
        ),
        (
            "nested too deeply",
            Text(en: "the values are nested too deeply", zh: "嵌套层数过多")
        ),
        (
            "too many values",
            Text(en: "the aliases expand to too many values", zh: "别名展开后的内容过多")
        ),
        (
            "control characters are not allowed",
            Text(en: "a control character", zh: "出现了控制字符")
        ),
        (
            "unknown escape character",
            Text(
                en: "invalid escape after `\\` in \"…\"; use '…' for regular expressions",
                zh: "\"…\" 中的 `\\` 转义无效；正则表达式请用 '…'")
        ),
    ]
}
