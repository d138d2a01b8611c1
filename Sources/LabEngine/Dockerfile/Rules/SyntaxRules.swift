import LabSupport

/// The form of the file: characters, lines, directives, quotes.
enum SyntaxRules: DockerfileRuleFamily {
    static let rules = [
        emptyFile, tooLarge, lineTooLong, nul, invalidUTF8, byteOrderMark, windowsLineEnds, spaceAfterContinuation, emptyContinuation,
        continuationAtEnd, directive, lateDirective, openHeredoc, openQuote, wideMark, invisibleSpace, loneOperator,
    ]

    static let emptyFile = DockerfileRule(
        "empty-file", .error, Text(en: "The file has no instructions.", zh: "文件中没有任何指令。"),
        why: Text(en: "Docker needs at least a FROM instruction.", zh: "Docker 至少需要一条 FROM 指令。"),
        instead: Text(en: "FROM debian:trixie-slim", zh: "FROM debian:trixie-slim"))
    static let tooLarge = DockerfileRule(
        "file-too-large", .error, Text(en: "The file is too large for a Dockerfile.", zh: "文件过大，不像 Dockerfile。"),
        why: Text(en: "A Dockerfile has a few kilobytes. ailab reads at most 2 MB.", zh: "Dockerfile 通常只有几 KB；ailab 最多读取 2 MB。"),
        instead: Text(en: "Check whether you saved another file under this name.", zh: "请检查是否把其他文件存成了这个名字。"))
    static let lineTooLong = DockerfileRule(
        "line-too-long", .error, Text(en: "The line is longer than 65,535 bytes.", zh: "这一行超过了 65535 字节。"),
        why: Text(en: "Docker refuses a Dockerfile with such a line.", zh: "Docker 不接受含有这种行的 Dockerfile。"),
        instead: Text(
            en: "Split the line with a backslash at its end, or put the text into a file and COPY it.", zh: "用行尾的反斜杠换行，或把内容放进文件再用 COPY 复制。")
    )
    static let nul = DockerfileRule(
        "nul-byte", .error, Text(en: "The line contains a NUL byte.", zh: "这一行含有 NUL 字节。"),
        why: Text(en: "The file is not plain text, perhaps UTF-16.", zh: "文件不是纯文本，可能是 UTF-16 编码。"),
        instead: Text(en: "Save the file as UTF-8.", zh: "请以 UTF-8 编码保存文件。"))
    static let invalidUTF8 = DockerfileRule(
        "invalid-utf8", .warning, Text(en: "The line is not valid UTF-8.", zh: "这一行不是有效的 UTF-8。"),
        why: Text(
            en: "Docker reads Dockerfiles as UTF-8. Other encodings such as GBK become wrong characters.",
            zh: "Docker 按 UTF-8 读取 Dockerfile；GBK 等编码会变成乱码。"),
        instead: Text(en: "Save the file as UTF-8.", zh: "请以 UTF-8 编码保存文件。"))
    static let byteOrderMark = DockerfileRule(
        "byte-order-mark", .hint, Text(en: "The file begins with a byte order mark.", zh: "文件以字节顺序标记（BOM）开头。"),
        why: Text(en: "Docker skips it, but other tools don't.", zh: "Docker 会跳过它，但其他工具未必。"),
        instead: Text(en: "Save the file as UTF-8 without BOM.", zh: "请保存为不带 BOM 的 UTF-8。"))
    static let windowsLineEnds = DockerfileRule(
        "windows-line-ends", .hint, Text(en: "The lines end as on Windows (CRLF).", zh: "行尾是 Windows 格式（CRLF）。"),
        why: Text(
            en: "Docker accepts that here, but not in shell scripts that you copy into the image.",
            zh: "Docker 在这里能接受，但复制进镜像的 shell 脚本会因此出错。"),
        instead: Text(en: "Set your editor to LF line ends.", zh: "请把编辑器的行尾设为 LF。"))
    static let spaceAfterContinuation = DockerfileRule(
        "space-after-backslash", .hint, Text(en: "There are spaces behind the backslash.", zh: "反斜杠后面有空格。"),
        why: Text(en: "Docker ignores them. In a shell script, the line would not continue.", zh: "Docker 会忽略它们，但在 shell 脚本里这样无法续行。"),
        instead: Text(en: "Make the backslash the last character of the line.", zh: "请让反斜杠成为行尾的最后一个字符。"))
    static let emptyContinuation = DockerfileRule(
        "empty-continuation", .warning, Text(en: "There is an empty line inside an instruction.", zh: "指令中间有空行。"),
        why: Text(
            en: "The line before ends with a backslash, so the instruction goes on here. Docker plans to refuse that.",
            zh: "上一行以反斜杠结尾，指令在此继续。Docker 计划禁止这种写法。"),
        instead: Text(en: "Remove the empty line, or the backslash before it.", zh: "删除空行，或删除前面的反斜杠。"))
    static let continuationAtEnd = DockerfileRule(
        "backslash-at-end", .warning, Text(en: "The last line ends with a backslash.", zh: "最后一行以反斜杠结尾。"),
        why: Text(en: "A backslash says that another line follows.", zh: "反斜杠表示后面还有一行。"),
        instead: Text(en: "Remove the backslash, or add the line that is missing.", zh: "删除反斜杠，或补上缺少的一行。"))
    static let directive = DockerfileRule(
        "bad-directive", .error, Text(en: "The parser directive is wrong.", zh: "解析器指令有误。"),
        why: Text(en: "Each directive may appear once, and `escape` must be \\ or `.", zh: "每个解析器指令只能出现一次，`escape` 只能是 \\ 或 `。"),
        instead: Text(en: "Remove the line.", zh: "删除这一行。"))
    static let lateDirective = DockerfileRule(
        "late-directive", .hint, Text(en: "The directive is only a comment here.", zh: "这里的解析器指令只是注释。"),
        why: Text(en: "Docker reads directives only at the top, before any other line.", zh: "Docker 只识别文件最前面的解析器指令。"),
        instead: Text(en: "Move it to the first line.", zh: "把它移到第一行。"))
    static let openHeredoc = DockerfileRule(
        "open-heredoc", .error, Text(en: "The heredoc is not closed.", zh: "heredoc 没有结束。"),
        why: Text(en: "Everything up to the end of the file belongs to it.", zh: "直到文件末尾的内容都属于它。"),
        instead: Text(en: "Write the closing word on a line of its own, without spaces.", zh: "把结束标记单独写成一行，前后不加空格。"))
    static let openQuote = DockerfileRule(
        "open-quote", .error, Text(en: "A quote is not closed.", zh: "引号没有配对。"),
        why: Text(en: "The rest of the instruction becomes part of the quoted text.", zh: "指令的其余部分都会变成引号里的文字。"),
        instead: Text(en: "Add the closing quote.", zh: "补上配对的引号。"))
    static let wideMark = DockerfileRule(
        "wide-mark", .error, Text(en: "This is a Chinese or typographic punctuation mark.", zh: "这里是中文或排版用的标点符号。"),
        why: Text(en: "Docker and the shell know only the ASCII marks.", zh: "Docker 和 shell 只认英文半角标点。"),
        instead: Text(en: "Switch the input method to English and type the mark again.", zh: "切换到英文输入法，重新输入该符号。"))
    static let invisibleSpace = DockerfileRule(
        "invisible-space", .error, Text(en: "The space is not an ordinary space.", zh: "这里的空格不是普通空格。"),
        why: Text(
            en: "It came from a web page or an input method. Docker takes it for a letter.", zh: "它来自网页或输入法；Docker 会把它当成字母。"),
        instead: Text(en: "Delete it and type a space.", zh: "删除它，重新输入一个空格。"))
    static let loneOperator = DockerfileRule(
        "lone-operator", .error, Text(en: "A command is missing beside the operator.", zh: "运算符旁边缺少命令。"),
        why: Text(
            en: "A line ends the instruction unless it ends with a backslash.", zh: "行尾没有反斜杠时，指令到此结束。"),
        instead: Text(en: "End the line before with `\\`, as in `apt-get update \\`.", zh: "在上一行的行尾加上 `\\`，如 `apt-get update \\`。"))

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        var found = scene.file.problems.map { problem($0, scene) }
        if scene.file.instructions.isEmpty, !scene.file.problems.contains(where: \.kind.stopsReading) {
            found.append(scene.finding(emptyFile, DockerfilePlace(line: max(1, scene.file.lines.count), column: 1)))
        }
        for entry in scene.entries { found += instruction(entry, scene) }
        return found
    }

    private static func problem(_ problem: Dockerfile.Problem, _ scene: DockerfileScene) -> DockerfileFinding {
        let rule: DockerfileRule
        switch problem.kind {
        case .tooLarge: rule = tooLarge
        case .lineTooLong: rule = lineTooLong
        case .nul: rule = nul
        case .invalidUTF8: rule = invalidUTF8
        case .byteOrderMark: rule = byteOrderMark
        case .windowsLineEnds: rule = windowsLineEnds
        case .spaceAfterContinuation: rule = spaceAfterContinuation
        case .emptyContinuation: rule = emptyContinuation
        case .continuationAtEnd: rule = continuationAtEnd
        case .repeatedDirective(let name):
            return scene.finding(
                directive, problem.place, Text(en: "`# \(name)=` appears twice.", zh: "`# \(name)=` 出现了两次。"))
        case .badEscape(let value):
            return scene.finding(
                directive, problem.place, Text(en: "`\(value)` can't be the escape character.", zh: "`\(value)` 不能作为转义字符。"))
        case .lateDirective: rule = lateDirective
        }
        return scene.finding(rule, problem.place)
    }

    private static func instruction(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let instruction = entry.instruction
        guard !instruction.isTrigger else { return [] }
        var found = marks(instruction, entry.script, scene)
        for heredoc in instruction.heredocs where !heredoc.isTerminated {
            found.append(
                scene.finding(
                    openHeredoc, heredoc.place,
                    Text(en: "The heredoc has no closing line `\(heredoc.name)`.", zh: "heredoc 缺少结束行 `\(heredoc.name)`。")))
        }
        if ["ENV", "ARG", "LABEL"].contains(instruction.name), let place = instruction.openQuote {
            found.append(scene.finding(openQuote, place))
        }
        guard instruction.name == "RUN", instruction.form == .shell else { return found }
        for problem in entry.script?.problems ?? [] {
            switch problem {
            case .openQuote(let place, let mark):
                found.append(scene.finding(openQuote, place, Text(en: "`\(mark)` is not closed.", zh: "`\(mark)` 没有配对。")))
            case .loneOperator(let place, let operation):
                found.append(
                    scene.finding(
                        loneOperator, place,
                        Text(en: "A command is missing beside `\(operation)`.", zh: "`\(operation)` 旁边缺少命令。")))
            }
        }
        return found
    }

    /// Marks where only ASCII has a meaning. In comments, quoted texts and names of files, every character is allowed.
    private static func marks(
        _ instruction: DockerfileInstruction, _ script: ShellScript?, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        let range =
            instruction.name == "RUN"
            ? instruction.text.scalars.startIndex..<instruction.text.scalars.endIndex : 0..<instruction.range.upperBound
        var found: [DockerfileFinding] = []
        var quote: Unicode.Scalar?
        for index in range {
            let scalar = instruction.text.scalars[index]
            if let open = quote {
                if scalar == open { quote = nil }
                continue
            }
            if scalar == "\"" || scalar == "'" { quote = scalar }
            guard !scalar.isASCII else { continue }
            let place = instruction.text.place(at: index)
            if WideMark.isInvisibleSpace(scalar) {
                found.append(scene.finding(invisibleSpace, place))
            } else if let mark = WideMark.ascii(scalar), instruction.name != "LABEL", instruction.name != "MAINTAINER" {
                let isHarmless = script?.commands.contains { ["echo", "printf"].contains($0.program.text) } ?? false
                found.append(
                    scene.finding(
                        wideMark, place,
                        Text(en: "`\(scalar)` is not `\(mark)`.", zh: "`\(scalar)` 不是 `\(mark)`。"),
                        instead: Text(en: "Write `\(mark)`.", zh: "请写 `\(mark)`。"), severity: isHarmless ? .warning : .error))
            }
        }
        // One of each kind on a line is enough to see what happened.
        var seen: Set<[Int]> = []
        return found.filter { seen.insert([$0.place.line, $0.code == wideMark.code ? 0 : 1]).inserted }
    }
}

extension Dockerfile.Problem.Kind {
    /// The parser gave up at it.
    var stopsReading: Bool {
        switch self {
        case .tooLarge, .lineTooLong: true
        case .nul, .invalidUTF8, .byteOrderMark, .windowsLineEnds, .spaceAfterContinuation, .emptyContinuation, .continuationAtEnd,
            .repeatedDirective, .badEscape, .lateDirective:
            false
        }
    }
}
