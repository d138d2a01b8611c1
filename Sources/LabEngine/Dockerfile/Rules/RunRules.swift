import LabSupport

/// What surprises between instructions: folders, variables, users, ports.
enum RunRules: DockerfileRuleFamily {
    static let rules = [
        cdAlone, exportAlone, sudo, userBeforeInstall, relativeWorkdir, environmentSpaces, environmentForm, argumentName, legacyEnvironment,
        port, portMapping, secretVariable, globalArgument, misspeltVariable,
    ]

    static let cdAlone = DockerfileRule(
        "cd-alone", .warning, Text(en: "`cd` in a RUN of its own has no effect.", zh: "单独一条 RUN 里的 `cd` 不起作用。"),
        why: Text(en: "Every RUN starts a shell of its own in the WORKDIR.", zh: "每条 RUN 都会在 WORKDIR 中启动新的 shell。"),
        instead: Text(en: "WORKDIR /app", zh: "WORKDIR /app"))
    static let exportAlone = DockerfileRule(
        "export-alone", .warning, Text(en: "`export` in a RUN of its own has no effect.", zh: "单独一条 RUN 里的 `export` 不起作用。"),
        why: Text(en: "The variable ends with the shell of this RUN.", zh: "变量随这条 RUN 的 shell 一起消失。"),
        instead: Text(en: "ENV NAME=value", zh: "ENV 名称=值"))
    static let sudo = DockerfileRule(
        "sudo", .error, Text(en: "`sudo` is not needed.", zh: "不需要 `sudo`。"),
        why: Text(
            en: "A build runs as root already, and the base image has no sudo.", zh: "构建本来就以 root 运行，而基础镜像里没有 sudo。"),
        instead: Text(en: "Remove `sudo`.", zh: "删除 `sudo`。"))
    static let userBeforeInstall = DockerfileRule(
        "user-before-install", .error, Text(en: "Packages are installed after USER.", zh: "在 USER 之后安装软件包。"),
        why: Text(en: "Only root may use apt-get.", zh: "只有 root 才能使用 apt-get。"),
        instead: Text(en: "Move USER behind the last installation.", zh: "把 USER 移到最后一次安装之后。"))
    static let relativeWorkdir = DockerfileRule(
        "workdir-relative", .warning, Text(en: "WORKDIR has a relative path.", zh: "WORKDIR 使用了相对路径。"),
        why: Text(en: "It begins at the WORKDIR before, or at the base image's.", zh: "它从前一个 WORKDIR 或基础镜像的目录开始。"),
        instead: Text(en: "WORKDIR /app", zh: "WORKDIR /app"))
    static let environmentSpaces = DockerfileRule(
        "env-spaces", .error, Text(en: "There are spaces around `=`.", zh: "`=` 两边有空格。"),
        why: Text(en: "Docker then takes `=` for a part of the value.", zh: "Docker 会把 `=` 当成值的一部分。"),
        instead: Text(en: "ENV NAME=value", zh: "ENV 名称=值"))
    static let environmentForm = DockerfileRule(
        "env-form", .error, Text(en: "A value or an `=` is missing.", zh: "缺少值或 `=`。"),
        why: Text(en: "Docker can't tell names from values here.", zh: "Docker 无法区分名称和值。"),
        instead: Text(en: "ENV NAME=value OTHER=\"two words\"", zh: "ENV 名称=值 另一个=\"两个 词\""))
    static let argumentName = DockerfileRule(
        "arg-form", .error, Text(en: "ARG takes NAME or NAME=value, without spaces.", zh: "ARG 的格式是 名称 或 名称=值，不含空格。"),
        why: Text(en: "Docker refuses an empty name.", zh: "Docker 不接受空的名称。"),
        instead: Text(en: "ARG NAME=value", zh: "ARG 名称=值"))
    static let legacyEnvironment = DockerfileRule(
        "env-without-sign", .hint, Text(en: "ENV without `=` is the old form.", zh: "不带 `=` 的 ENV 是旧写法。"),
        why: Text(en: "It takes only one variable, and the rest of the line is its value.", zh: "它只能设置一个变量，其余内容都是它的值。"),
        instead: Text(en: "ENV NAME=value", zh: "ENV 名称=值"))
    static let port = DockerfileRule(
        "bad-port", .error, Text(en: "This is not a port.", zh: "这不是有效的端口。"),
        why: Text(
            en: "A port is a number from 1 to 65535, perhaps with /tcp or /udp. Spaces separate several.",
            zh: "端口是 1 到 65535 的数字，可带 /tcp 或 /udp；多个端口用空格分隔。"),
        instead: Text(en: "EXPOSE 8080 8081", zh: "EXPOSE 8080 8081"))
    static let portMapping = DockerfileRule(
        "port-mapping", .warning, Text(en: "EXPOSE can't map ports.", zh: "EXPOSE 不能映射端口。"),
        why: Text(en: "It only documents the container's port. `docker run -p` publishes it.", zh: "它只说明容器的端口；发布端口用 `docker run -p`。"),
        instead: Text(en: "EXPOSE 8080", zh: "EXPOSE 8080"))
    static let secretVariable = DockerfileRule(
        "secret-variable", .warning, Text(en: "The file contains a secret.", zh: "文件中写有密钥。"),
        why: Text(en: "Whoever has the image can read it with `docker history`.", zh: "拿到镜像的人用 `docker history` 就能看到。"),
        instead: Text(en: "Pass it when the container starts: `docker run -e NAME`.", zh: "启动容器时再传入：`docker run -e 名称`。"))
    static let globalArgument = DockerfileRule(
        "arg-before-from", .warning, Text(en: "The ARG above FROM has no value here.", zh: "FROM 上面的 ARG 在这里没有值。"),
        why: Text(en: "FROM ends the arguments above it. Only FROM itself sees them.", zh: "FROM 会结束它上面的参数，只有 FROM 自己能用。"),
        instead: Text(en: "Repeat `ARG NAME` below FROM.", zh: "在 FROM 之后再写一次 `ARG 名称`。"))
    static let misspeltVariable = DockerfileRule(
        "misspelt-variable", .warning, Text(en: "No ARG or ENV before sets this variable.", zh: "前面没有 ARG 或 ENV 设置这个变量。"),
        why: Text(en: "A variable without a value becomes an empty text.", zh: "没有值的变量会变成空文本。"),
        instead: Text(en: "Correct the name.", zh: "请改正名称。"))

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        scene.runs.flatMap { shell($0.entry, $0.commands, scene) } + scene.entries.flatMap { instruction($0, scene) }
    }

    private static func shell(
        _ entry: DockerfileScene.Entry, _ commands: [ShellCommand], _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        var found: [DockerfileFinding] = []
        if commands.count == 1, let only = commands.first {
            if only.program.text == "cd" {
                let folder = only.operands.first?.text ?? "/app"
                found.append(scene.finding(cdAlone, only.program.place, instead: Text(verbatim: "WORKDIR \(folder)")))
            }
            if only.program.text == "export" {
                let value = only.operands.first?.text ?? "NAME=value"
                found.append(scene.finding(exportAlone, only.program.place, instead: Text(verbatim: "ENV \(value)")))
            }
        }
        let before = scene.before(entry)
        for command in commands {
            if let place = command.sudo?.place {
                let isInstalled = before.contains { $0.instruction.arguments.contains("sudo") } || entry.base?.isPlainDebian != true
                found.append(scene.finding(sudo, place, severity: isInstalled ? .warning : .error))
            }
            guard command.isAptGet, ["install", "update", "upgrade"].contains(command.operands.first?.text ?? ""), command.sudo == nil,
                let user = before.last(where: { $0.instruction.name == "USER" })?.instruction.arguments,
                !["root", "0", "root:root", "0:0"].contains(user), !user.contains("$")
            else { continue }
            found.append(
                scene.finding(
                    userBeforeInstall, command.program.place,
                    Text(en: "apt-get runs as the user `\(user)`.", zh: "apt-get 以用户 `\(user)` 的身份运行。")))
        }
        return found
    }

    private static func instruction(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let instruction = entry.instruction
        guard !instruction.range.isEmpty, !instruction.isTrigger else { return [] }
        var found = variables(entry, scene)
        switch instruction.name {
        case "WORKDIR": found += workdir(entry, scene)
        case "ENV": found += environment(instruction, scene)
        case "ARG": found += argument(instruction, scene)
        case "EXPOSE": for word in instruction.words { found += expose(word, scene) }
        default: break
        }
        return found
    }

    private static func workdir(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let path = entry.instruction.arguments.filter { $0 != "\"" && $0 != "'" }
        let isAnchored = scene.before(entry).contains { $0.instruction.name == "WORKDIR" && $0.instruction.arguments.hasPrefix("/") }
        guard !path.hasPrefix("/"), !path.hasPrefix("$"), !isAnchored else { return [] }
        return [scene.finding(relativeWorkdir, entry.instruction.argumentsPlace, instead: Text(verbatim: "WORKDIR /\(path)"))]
    }

    // MARK: ENV and ARG

    private static func environment(_ instruction: DockerfileInstruction, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let words = instruction.quotedWords
        guard let first = words.first else { return [] }
        guard first.text.contains("=") else {
            guard words.count > 1 else { return [scene.finding(environmentForm, first.place)] }
            guard words[1].text.hasPrefix("=") else {
                return secrets(instruction.environment.map { ($0.name, $0.value) }, scene)
                    + [
                        scene.finding(
                            legacyEnvironment, first.place,
                            instead: Text(verbatim: "ENV \(first.text)=\(words.dropFirst().map(\.text).joined(separator: " "))"))
                    ]
            }
            let value = words.dropFirst().map(\.text).joined(separator: " ").drop { $0 == "=" || $0 == " " }
            // The build goes on, with `= value` as the value.
            return [
                scene.finding(
                    environmentSpaces, words[1].place, instead: Text(verbatim: "ENV \(first.text)=\(value)"), severity: .warning)
            ]
        }
        let bad = words.first { !$0.text.contains("=") || $0.text.hasPrefix("=") }
        if let bad {
            let isSpace = first.text.hasSuffix("=") || bad.text.hasPrefix("=")
            return [scene.finding(isSpace ? environmentSpaces : environmentForm, bad.place)]
        }
        return secrets(instruction.environment.map { ($0.name, $0.value) }, scene)
    }

    private static func argument(_ instruction: DockerfileInstruction, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let words = instruction.quotedWords
        if let bad = words.first(where: { $0.text.hasPrefix("=") }) { return [scene.finding(argumentName, bad.place)] }
        return secrets(
            words.compactMap { word in word.text.assignment.value.map { (DockerfileWord(word.text.assignment.name, word.place), $0) } },
            scene)
    }

    private static func secrets(_ pairs: [(DockerfileWord, String)], _ scene: DockerfileScene) -> [DockerfileFinding] {
        pairs.compactMap { name, value in
            guard !value.isEmpty, !value.hasPrefix("$"), !value.hasPrefix("/"), Redaction.isSecret(name: name.text) else { return nil }
            return scene.finding(
                secretVariable, name.place,
                Text(en: "`\(name.text)` looks like a secret.", zh: "`\(name.text)` 看起来是密钥。"))
        }
    }

    private static func variables(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        guard ["COPY", "ADD", "WORKDIR", "USER", "EXPOSE", "RUN"].contains(entry.instruction.name), entry.instruction.stage >= 0 else {
            return []
        }
        var seen: Set<String> = []
        return entry.instruction.words.flatMap { word in
            DockerfileVariables.names(in: word.text).compactMap { name -> DockerfileFinding? in
                guard entry.variables[name] == nil, seen.insert(name).inserted else { return nil }
                if scene.globals[name] != nil {
                    return scene.finding(
                        globalArgument, word.place, Text(en: "`\(name)` has no value below FROM.", zh: "`\(name)` 在 FROM 之后没有值。"),
                        instead: Text(verbatim: "ARG \(name)"))
                }
                guard entry.instruction.name != "RUN", name.count > 3, let near = NearestWord.to(name, among: entry.variables.keys.sorted())
                else { return nil }
                return scene.finding(
                    misspeltVariable, word.place,
                    Text(en: "Nothing sets `\(name)`. Did you mean `\(near)`?", zh: "没有设置 `\(name)`。是不是想写 `\(near)`？"),
                    instead: Text(verbatim: "$\(near)"))
            }
        }
    }

    // MARK: EXPOSE

    private static func expose(_ word: DockerfileWord, _ scene: DockerfileScene) -> [DockerfileFinding] {
        guard !word.text.contains("$") else { return [] }
        let text = word.text
        if text.contains(":") {
            let last = text.split(separator: ":").last.map(String.init) ?? ""
            return [scene.finding(portMapping, word.place, instead: Text(verbatim: "EXPOSE \(last)"))]
        }
        let number = text.prefix { $0 != "/" }
        let kind = text.contains("/") ? String(text.drop { $0 != "/" }.dropFirst()).lowercased() : "tcp"
        let ends = number.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        let areNumbers = (1...2).contains(ends.count) && ends.allSatisfy { $0.map { (1...65535).contains($0) } ?? false }
        guard !areNumbers || !["tcp", "udp", "sctp"].contains(kind) else { return [] }
        let numbers = text.split { !$0.isNumber }.joined(separator: " ")
        return [
            scene.finding(
                port, word.place, Text(en: "`\(text.prefix(40))` is not a port.", zh: "`\(text.prefix(40))` 不是有效的端口。"),
                instead: text.contains(",") || text.contains("，") ? Text(verbatim: "EXPOSE \(numbers)") : nil)
        ]
    }
}
