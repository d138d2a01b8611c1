import LabSupport

/// What only BuildKit knows, and flags that nobody knows.
enum BuilderRules: DockerfileRuleFamily {
    static let rules = [heredoc, buildKitFlag, ignoredFlag, unknownFlag, syntaxIgnored]

    static let heredoc = DockerfileRule(
        "heredoc-needs-buildkit", .error, Text(en: "This builder doesn't know heredocs.", zh: "当前的构建器不支持 heredoc。"),
        why: Text(
            en: "ailab builds through the engine's own API, which uses the classic builder. It would run an empty script instead.",
            zh: "ailab 通过引擎自己的接口构建，用的是经典构建器；它会运行一个空脚本。"),
        instead: Text(en: "Join the commands with `&& \\`, or COPY a file.", zh: "用 `&& \\` 连接命令，或用 COPY 复制文件。"))
    static let buildKitFlag = DockerfileRule(
        "flag-needs-buildkit", .error, Text(en: "This builder doesn't know the flag.", zh: "当前的构建器不支持这个选项。"),
        why: Text(
            en: "ailab builds through the engine's own API, which uses the classic builder. It refuses the flag.",
            zh: "ailab 通过引擎自己的接口构建，用的是经典构建器；它会拒绝这个选项。"),
        instead: Text(en: "Remove the flag.", zh: "删除这个选项。"))
    static let ignoredFlag = DockerfileRule(
        "flag-ignored", .warning, Text(en: "This builder may ignore the flag.", zh: "当前的构建器可能忽略这个选项。"),
        why: Text(en: "The flag belongs to BuildKit. The classic builder does without it.", zh: "这个选项属于 BuildKit，经典构建器不使用它。"),
        instead: Text(en: "Remove the flag.", zh: "删除这个选项。"))
    static let unknownFlag = DockerfileRule(
        "unknown-flag", .error, Text(en: "There is no such flag.", zh: "没有这个选项。"),
        why: Text(en: "Docker refuses a flag that it doesn't know.", zh: "Docker 不接受未知的选项。"),
        instead: Text(en: "Remove the flag, or put it behind the command.", zh: "删除这个选项，或把它写到命令后面。"))
    static let syntaxIgnored = DockerfileRule(
        "syntax-ignored", .hint, Text(en: "This builder ignores `# syntax=`.", zh: "当前的构建器会忽略 `# syntax=`。"),
        why: Text(en: "Only BuildKit loads another version of the language.", zh: "只有 BuildKit 会加载其他语法版本。"),
        instead: Text(en: "Remove the line, or build with `docker buildx build`.", zh: "删除这一行，或用 `docker buildx build` 构建。"))

    private static let flags: [String: [String]] = [
        "RUN": ["mount", "network", "security", "device"],
        "COPY": ["from", "chown", "chmod", "link", "parents", "exclude"],
        "ADD": ["chown", "chmod", "link", "checksum", "keep-git-dir", "unpack", "exclude"],
        "FROM": ["platform"],
        "HEALTHCHECK": ["interval", "timeout", "start-period", "start-interval", "retries"],
    ]
    /// https://github.com/moby/moby/blob/master/builder/dockerfile/dispatchers.go refuses these.
    private static let refused: Set<String> = ["RUN mount", "RUN network", "RUN security", "RUN device", "COPY chmod", "ADD chmod"]
    private static let ignored: Set<String> = ["link", "parents", "exclude", "checksum", "keep-git-dir", "unpack"]

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        let builder = scene.setting.builder
        var found: [DockerfileFinding] = []
        if builder == .classic, let syntax = scene.file.directives.first(where: { $0.name == "syntax" }) {
            found.append(scene.finding(syntaxIgnored, syntax.place))
        }
        for instruction in scene.file.instructions where !instruction.isTrigger {
            for heredoc in instruction.heredocs { found += limited(Self.heredoc, heredoc.place, nil, scene) }
            for flag in instruction.flags { found += self.flag(flag, instruction, scene) }
        }
        return found
    }

    private static func flag(
        _ flag: DockerfileInstruction.Flag, _ instruction: DockerfileInstruction, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        guard InstructionRules.known.contains(instruction.name) else { return [] }
        let known = flags[instruction.name] ?? []
        guard known.contains(flag.name) else {
            let nearest = NearestWord.to(flag.name, among: known)
            return [
                scene.finding(
                    unknownFlag, flag.place,
                    Text(
                        en: "\(instruction.name) has no flag `--\(flag.name.prefix(40))`."
                            + (nearest.map { " Did you mean `--\($0)`?" } ?? ""),
                        zh: "\(instruction.name) 没有选项 `--\(flag.name.prefix(40))`。" + (nearest.map { "是不是想写 `--\($0)`？" } ?? "")))
            ]
        }
        let message = Text(en: "`--\(flag.name)` needs BuildKit.", zh: "`--\(flag.name)` 需要 BuildKit。")
        if refused.contains("\(instruction.name) \(flag.name)") { return limited(buildKitFlag, flag.place, message, scene) }
        guard ignored.contains(flag.name), scene.setting.builder == .classic || scene.setting.builder == .unknown else { return [] }
        return [scene.finding(ignoredFlag, flag.place, message)]
    }

    /// Certain for the classic builder, possible as long as nobody knows the builder.
    private static func limited(
        _ rule: DockerfileRule, _ place: DockerfilePlace, _ message: Text?, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        switch scene.setting.builder {
        case .classic: [scene.finding(rule, place, message)]
        case .unknown: [scene.finding(rule, place, message, severity: .warning)]
        case .buildKit, .buildah: []
        }
    }
}
