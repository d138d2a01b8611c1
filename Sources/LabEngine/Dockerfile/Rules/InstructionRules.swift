import LabSupport

/// The instructions themselves: their names, arguments and forms.
enum InstructionRules: DockerfileRuleFamily {
    static let rules = [
        unknownInstruction, missingArguments, brokenArray, arrayNotStrings, shellForm, severalCommands, swallowed, letterCase, maintainer,
        onbuild, tooManyLayers,
    ]

    static let unknownInstruction = DockerfileRule(
        "unknown-instruction", .error, Text(en: "There is no such instruction.", zh: "没有这条指令。"),
        why: Text(en: "Every line begins with an instruction, unless the line before ends with a backslash.", zh: "每行都以指令开头，除非上一行以反斜杠结尾。"),
        instead: Text(
            en: "The instructions are FROM, RUN, COPY, ADD, WORKDIR, ENV, ARG, EXPOSE, USER, CMD, ENTRYPOINT and a few others.",
            zh: "指令包括 FROM、RUN、COPY、ADD、WORKDIR、ENV、ARG、EXPOSE、USER、CMD、ENTRYPOINT 等。"))
    static let missingArguments = DockerfileRule(
        "missing-arguments", .error, Text(en: "The instruction has no arguments.", zh: "指令缺少参数。"),
        why: Text(en: "Docker refuses an instruction without its arguments.", zh: "Docker 不接受没有参数的指令。"),
        instead: Text(en: "Write the arguments behind the instruction, on the same line.", zh: "请在同一行的指令后面写上参数。"))
    static let brokenArray = DockerfileRule(
        "broken-array", .error, Text(en: "The list in brackets is not valid JSON.", zh: "方括号里的列表不是有效的 JSON。"),
        why: Text(
            en: "Docker then takes the whole line for a shell command, and the shell finds no program called `[`.",
            zh: "Docker 会把整行当作 shell 命令，而 shell 找不到对应的程序。"),
        instead: Text(
            en: "Put each word in double quotes and commas between: [\"python3\", \"/app/train.py\"]",
            zh: "每个词都用英文双引号括起，用英文逗号分隔：[\"python3\", \"/app/train.py\"]"))
    static let arrayNotStrings = DockerfileRule(
        "array-not-strings", .error, Text(en: "The list in brackets contains something other than strings.", zh: "方括号里的列表含有非字符串。"),
        why: Text(en: "Docker accepts only strings in this list.", zh: "这个列表里 Docker 只接受字符串。"),
        instead: Text(en: "Put numbers and words in double quotes, too: \"8080\"", zh: "数字和单词也要加英文双引号：\"8080\""))
    static let shellForm = DockerfileRule(
        "shell-form", .warning, Text(en: "The program is written in the shell form.", zh: "程序用的是 shell 形式。"),
        why: Text(
            en:
                "Docker starts a shell around it. The shell keeps Docker's signals from your program, and ENTRYPOINT ignores the words after "
                + "the image name.",
            zh: "Docker 会在外面启动一个 shell：信号传不到你的程序，ENTRYPOINT 也收不到镜像名后面的参数。"),
        instead: Text(en: "Use the form with brackets: [\"program\", \"argument\"]", zh: "使用方括号形式：[\"程序\", \"参数\"]"))
    static let severalCommands = DockerfileRule(
        "several-commands", .warning, Text(en: "Only the last one counts.", zh: "只有最后一条有效。"),
        why: Text(en: "A container starts one program.", zh: "一个容器只启动一个程序。"),
        instead: Text(en: "Remove the others, or start them all from one script.", zh: "删除其余的，或用一个脚本启动它们。"))
    static let swallowed = DockerfileRule(
        "swallowed-instruction", .error, Text(en: "This line belongs to the instruction above.", zh: "这一行属于上面的指令。"),
        why: Text(en: "The line before ends with a backslash.", zh: "上一行以反斜杠结尾。"),
        instead: Text(en: "Remove the backslash at the end of the line before.", zh: "删除上一行行尾的反斜杠。"))
    static let letterCase = DockerfileRule(
        "lower-case-instruction", .hint, Text(en: "The instruction is not in capitals.", zh: "指令没有用大写。"),
        why: Text(en: "Docker accepts it. Capitals tell instructions from their arguments.", zh: "Docker 能接受；大写便于与参数区分。"),
        instead: Text(en: "Write it in capitals.", zh: "请用大写。"))
    static let maintainer = DockerfileRule(
        "maintainer", .hint, Text(en: "MAINTAINER is deprecated.", zh: "MAINTAINER 已弃用。"),
        why: Text(en: "A label says the same, and tools show it.", zh: "标签能表达同样的信息，工具也能显示。"),
        instead: Text(en: "LABEL org.opencontainers.image.authors=\"you\"", zh: "LABEL org.opencontainers.image.authors=\"你的名字\""))
    static let onbuild = DockerfileRule(
        "onbuild", .error, Text(en: "ONBUILD can't contain this instruction.", zh: "ONBUILD 不能包含这条指令。"),
        why: Text(en: "Docker refuses FROM, MAINTAINER and ONBUILD there.", zh: "Docker 不允许其中出现 FROM、MAINTAINER 和 ONBUILD。"),
        instead: Text(en: "Remove ONBUILD.", zh: "删除 ONBUILD。"))
    static let tooManyLayers = DockerfileRule(
        "too-many-layers", .error, Text(en: "The image would have more than 125 layers.", zh: "镜像的层数会超过 125。"),
        why: Text(
            en: "Every RUN, COPY and ADD makes a layer, and the engine stacks at most 125.", zh: "每条 RUN、COPY、ADD 产生一层，引擎最多叠加 125 层。"),
        instead: Text(en: "Join commands with && in one RUN.", zh: "用 && 把多条命令合并到一条 RUN。"))

    static let known = [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL",
        "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ]
    /// Words that people write for an instruction of another name.
    private static let meant = [
        "PORT": "EXPOSE", "PORTS": "EXPOSE", "EXPORT": "ENV", "SET": "ENV", "CD": "WORKDIR", "DIR": "WORKDIR", "IMPORT": "FROM",
        "BASE": "FROM",
        "IMAGE": "FROM", "CP": "COPY", "MOVE": "COPY", "START": "CMD", "EXEC": "CMD", "COMMAND": "CMD", "INSTALL": "RUN", "EXECUTE": "RUN",
        "APT-GET": "RUN apt-get", "APT": "RUN apt-get", "PIP": "RUN pip", "PIP3": "RUN pip", "CONDA": "RUN conda", "MKDIR": "RUN mkdir",
        "PYTHON": "RUN python3", "PYTHON3": "RUN python3", "WGET": "RUN wget", "CURL": "RUN curl", "ECHO": "RUN echo", "RM": "RUN rm",
    ]

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        scene.entries.flatMap { one($0, scene) } + repeated(scene) + layers(scene)
    }

    private static func one(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let instruction = entry.instruction
        guard known.contains(instruction.name) else { return [unknown(instruction, scene)] }
        var found: [DockerfileFinding] = []
        if instruction.range.isEmpty, instruction.heredocs.isEmpty {
            found.append(
                scene.finding(
                    missingArguments, instruction.keyword.place,
                    Text(en: "\(instruction.name) has no arguments.", zh: "\(instruction.name) 缺少参数。")))
        }
        if instruction.keyword.text != instruction.name { found.append(scene.finding(letterCase, instruction.keyword.place)) }
        if instruction.name == "MAINTAINER" { found.append(scene.finding(maintainer, instruction.keyword.place)) }
        if instruction.isTrigger, ["FROM", "MAINTAINER", "ONBUILD"].contains(instruction.name) {
            found.append(scene.finding(onbuild, instruction.keyword.place))
        }
        return found + forms(instruction, scene) + swallowedLines(entry, scene)
    }

    private static func unknown(_ instruction: DockerfileInstruction, _ scene: DockerfileScene) -> DockerfileFinding {
        let word = instruction.keyword.text
        let shown = String(word.prefix(40))
        if ["&&", "||", "|"].contains(word) {
            return scene.finding(
                SyntaxRules.loneOperator, instruction.keyword.place,
                Text(en: "The line begins with `\(word)`, but the line before has ended.", zh: "这一行以 `\(word)` 开头，但上一行已经结束。"))
        }
        let plain = WideMark.replaced(in: word).split(separator: " ").first.map { $0.uppercased() } ?? ""
        let nearest = known.contains(plain) ? plain : meant[plain] ?? NearestWord.to(plain, among: known)
        return scene.finding(
            unknownInstruction, instruction.keyword.place,
            Text(
                en: "There is no instruction `\(shown)`." + (nearest.map { " Did you mean `\($0)`?" } ?? ""),
                zh: "没有指令 `\(shown)`。" + (nearest.map { "是不是想写 `\($0)`？" } ?? "")),
            instead: nearest.map { Text(verbatim: $0 + " …") })
    }

    private static func forms(_ instruction: DockerfileInstruction, _ scene: DockerfileScene) -> [DockerfileFinding] {
        switch instruction.form {
        case .exec: return []
        case .broken(let problem): return [broken(problem, instruction, scene)]
        case .shell:
            guard instruction.name == "CMD" || instruction.name == "ENTRYPOINT" || instruction.name == "SHELL", !instruction.range.isEmpty
            else { return [] }
            let words = instruction.words.map { "\"\($0.text.filter { $0 != "\"" })\"" }.joined(separator: ", ")
            let isPlain = !instruction.arguments.contains { "$&|;<>`'\"*".contains($0) }
            return [
                scene.finding(
                    shellForm, instruction.keyword.place,
                    Text(en: "\(instruction.name) is written in the shell form.", zh: "\(instruction.name) 用的是 shell 形式。"),
                    instead: isPlain ? Text(verbatim: "\(instruction.name) [\(words)]") : nil,
                    severity: instruction.name == "SHELL" ? .error : .warning)
            ]
        }
    }

    private static func broken(
        _ problem: DockerfileArray.Problem, _ instruction: DockerfileInstruction, _ scene: DockerfileScene
    ) -> DockerfileFinding {
        // `[ -f x ] && …` is an ordinary shell command.
        if instruction.name == "RUN", case .bareWord(_, _, isJSON: false) = problem {
            return scene.finding(brokenArray, problem.place, severity: .hint)
        }
        let message: Text
        switch problem {
        case .singleQuotes: message = Text(en: "JSON has no single quotes.", zh: "JSON 不支持单引号。")
        case .otherMark(_, let mark):
            let meant = WideMark.replaced(in: mark)
            message = Text(en: "`\(mark)` is not `\(meant)`.", zh: "`\(mark)` 不是 `\(meant)`。")
        case .openQuote: message = Text(en: "The string has no closing quote.", zh: "字符串缺少结尾的引号。")
        case .openBracket: message = Text(en: "The closing bracket `]` is missing.", zh: "缺少右方括号 `]`。")
        case .comma: message = Text(en: "There is a comma too many or too few.", zh: "逗号多了或少了。")
        case .escape: message = Text(en: "JSON doesn't know this escape.", zh: "JSON 不支持这个转义。")
        case .bareWord(let place, let word, let isJSON):
            let shown = String(word.prefix(40))
            if isJSON {
                return scene.finding(
                    arrayNotStrings, place, Text(en: "`\(shown)` is not a string.", zh: "`\(shown)` 不是字符串。"),
                    instead: Text(verbatim: "\"\(shown)\""))
            }
            message = Text(en: "`\(shown)` has no quotes.", zh: "`\(shown)` 没有加引号。")
        }
        return scene.finding(brokenArray, problem.place, message, instead: mended(instruction))
    }

    /// The same array with the marks that JSON knows, if that makes it one.
    private static func mended(_ instruction: DockerfileInstruction) -> Text? {
        var marks = WideMark.replaced(in: instruction.arguments).replacing("'", with: "\"")
        for end in ["", "]", "\"]"] {
            var text = PlacedText()
            text.append(Array((marks + end).unicodeScalars), at: DockerfilePlace(line: 1, column: 1))
            if case .exec = DockerfileArray.read(text, 0..<text.scalars.count) {
                marks += end
                return Text(verbatim: "\(instruction.name) \(marks)")
            }
        }
        return nil
    }

    private static func swallowedLines(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let instruction = entry.instruction
        let text = instruction.text
        let starts = text.lineStarts
        // No line is looked at twice, and none with more than the longest instruction's letters: the instruction may have any number.
        let swallowing = zip(starts, starts.dropFirst() + [text.scalars.count]).lazy.compactMap { start, end -> DockerfileFinding? in
            guard let first = text.scalars[start..<end].firstIndex(where: { !$0.isDockerfileSpace }) else { return nil }
            let word = text.scalars[first...].prefix(longestKeyword + 1).prefix { !$0.isDockerfileSpace }.text
            guard known.contains(word), first + word.unicodeScalars.count < text.scalars.count else { return nil }
            let place = text.place(at: first)
            let command = entry.script?.commands.last { $0.words.contains { $0.place == place } }
            // As the name of a program or a package, it surely isn't there.
            let isFatal = command.map { $0.program.place == place || ["apt-get", "apt", "pip", "pip3"].contains($0.program.text) } ?? true
            return scene.finding(
                swallowed, place,
                Text(
                    en: "`\(word)` belongs to the \(instruction.name) instruction above.", zh: "`\(word)` 属于上面的 \(instruction.name) 指令。"),
                severity: isFatal ? .error : .warning)
        }
        return Array(swallowing.prefix(swallowedLimit))
    }

    private static let longestKeyword = known.map(\.unicodeScalars.count).max() ?? 0
    /// Each takes a look at all words of the instruction, and nobody needs more.
    private static let swallowedLimit = 20

    private static func repeated(_ scene: DockerfileScene) -> [DockerfileFinding] {
        ["CMD", "ENTRYPOINT", "HEALTHCHECK"].flatMap { name in
            let all = scene.entries.map(\.instruction).filter { $0.name == name && !$0.isTrigger }
            return Dictionary(grouping: all, by: \.stage).values.flatMap { same in
                same.dropLast().map { instruction in
                    let last = same.last?.keyword.place.line ?? 0
                    return scene.finding(
                        severalCommands, instruction.keyword.place,
                        Text(en: "The \(name) in line \(last) replaces this one.", zh: "第 \(last) 行的 \(name) 会取代这一条。"))
                }
            }
        }
    }

    private static func layers(_ scene: DockerfileScene) -> [DockerfileFinding] {
        let makers = scene.file.instructions.filter { ["RUN", "COPY", "ADD"].contains($0.name) && !$0.isTrigger }
        return Dictionary(grouping: makers, by: \.stage).values.compactMap { same in
            same.count > 125 ? scene.finding(tooManyLayers, same[125].keyword.place) : nil
        }
    }
}
