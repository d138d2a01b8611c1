import LabSupport

/// What only BuildKit knows, and flags that nobody knows.
enum BuilderRules: DockerfileRuleFamily {
    static let rules = [heredoc, buildKitFlag, builderTooOld, cacheLeftOut, needsClient, ignoredFlag, unknownFlag, syntaxIgnored]

    static let heredoc = DockerfileRule(
        "heredoc-needs-buildkit", .error, Text(en: "This builder doesn't know heredocs.", zh: "当前的构建器不支持 heredoc。"),
        why: Text(
            en: "This engine builds with the classic builder. It would run an empty script and report success.",
            zh: "这个引擎用的是经典构建器；它会运行一个空脚本，并报告成功。"),
        instead: Text(
            en: "Join the commands with `&& \\`, or COPY a file. Docker 23 and later know heredocs.",
            zh: "用 `&& \\` 连接命令，或用 COPY 复制文件。Docker 23 及以后的版本支持 heredoc。"))
    static let buildKitFlag = DockerfileRule(
        "flag-needs-buildkit", .error, Text(en: "This builder doesn't know the flag.", zh: "当前的构建器不支持这个选项。"),
        why: Text(
            en: "This engine builds with the classic builder. It refuses the flag, or builds without it.",
            zh: "这个引擎用的是经典构建器；它会拒绝这个选项，或不理会它。"),
        instead: Text(
            en: "Remove the flag. Or use BuildKit: Docker 23 and later do, and Docker 20.10 does with `DOCKER_BUILDKIT=1`.",
            zh: "删除这个选项；或改用 BuildKit：Docker 23 及以后默认使用，Docker 20.10 请设置 `DOCKER_BUILDKIT=1`。"))
    static let builderTooOld = DockerfileRule(
        "builder-too-old", .error, Text(en: "This engine's builder doesn't know this yet.", zh: "这个引擎的构建器版本太旧，不支持此写法。"),
        why: Text(
            en: "The builder that the engine brings is older than this part of the Dockerfile's language.",
            zh: "引擎自带的构建器比这种写法更旧。"),
        instead: Text(
            en: "Write it without, or update the engine: Docker 23 or Podman 4.8 for heredocs.",
            zh: "换一种写法，或升级引擎：heredoc 需要 Docker 23 或 Podman 4.8。"))
    static let cacheLeftOut = DockerfileRule(
        "cache-left-out", .hint, Text(en: "This builder keeps no cache of downloads.", zh: "当前的构建器没有下载缓存。"),
        why: Text(
            en: "ailab leaves `--mount=type=cache` out here. The image is the same, but each build downloads again.",
            zh: "ailab 在这里会去掉 `--mount=type=cache`；镜像内容相同，但每次构建都要重新下载。"),
        instead: Text(
            en: "Leave it as it is. For `docker build` on this engine, set `DOCKER_BUILDKIT=1`.",
            zh: "保持原样即可；若在这个引擎上直接运行 `docker build`，请设置 `DOCKER_BUILDKIT=1`。"))
    static let needsClient = DockerfileRule(
        "mount-needs-client", .error, Text(en: "ailab can't give the build a secret or ssh keys.", zh: "ailab 无法向构建提供密钥（secret）或 ssh 密钥。"),
        why: Text(
            en:
                "A secret stays on the client, and only Docker's own client serves it. Without it, the instruction would run with an empty one.",
            zh: "密钥保存在客户端，只有 Docker 自己的客户端能提供；没有它，指令会在密钥为空的情况下执行。"),
        instead: Text(
            en: "Remove the mount, or build by hand: `docker buildx build --secret …` or `--ssh default`.",
            zh: "删除这个挂载，或手动构建：`docker buildx build --secret …` 或 `--ssh default`。"))
    static let ignoredFlag = DockerfileRule(
        "flag-ignored", .warning, Text(en: "This builder may ignore the flag.", zh: "当前的构建器可能忽略这个选项。"),
        why: Text(en: "The flag belongs to BuildKit. The image is the same without it.", zh: "这个选项属于 BuildKit；没有它，镜像内容相同。"),
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
    /// The classic builder refuses some, and ignores others though the image would be another one:
    /// https://github.com/moby/moby/blob/master/builder/dockerfile/dispatchers.go
    private static let refused: Set<String> = [
        "RUN mount", "RUN network", "RUN security", "RUN device", "COPY chmod", "ADD chmod", "COPY parents", "COPY exclude", "ADD exclude",
        "ADD checksum", "ADD keep-git-dir", "ADD unpack",
    ]
    private static let ignored: Set<String> = ["link"]
    /// The version 1.x of the language that brought each: https://docs.docker.com/build/buildkit/dockerfile-release-notes/
    private static let sinceLanguage: [String: Int] = [
        "heredoc": 4, "RUN mount": 2, "COPY chmod": 2, "ADD chmod": 2, "RUN network": 3, "COPY link": 4, "ADD link": 4, "ADD checksum": 6,
        "ADD unpack": 17, "COPY exclude": 19, "ADD exclude": 19, "COPY parents": 20, "RUN security": 20,
    ]
    /// The version 1.x of the Engine API from which on the classic builder doesn't refuse it.
    private static let sinceClassic: [String: Int] = ["COPY link": 42, "ADD link": 42]
    /// The version 1.x of Buildah that knows each. Ubuntu's 1.33 is built with an older parser, which doesn't know a checksum:
    /// https://github.com/redhat-actions/buildah-build/issues/142
    private static let sinceBuildah: [String: Int] = [
        "heredoc": 33, "RUN mount": 24, "RUN network": 30, "ADD checksum": 34, "COPY link": 41, "ADD link": 41, "COPY parents": 41,
    ]

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        let builder = scene.setting.builder
        var found: [DockerfileFinding] = []
        if builder == .classic, let syntax = scene.file.directives.first(where: { $0.name == "syntax" }) {
            found.append(scene.finding(syntaxIgnored, syntax.place))
        }
        for instruction in scene.file.instructions where !instruction.isTrigger {
            for heredoc in instruction.heredocs {
                found += limited(Self.heredoc, heredoc.place, nil, scene)
                found += tooOld("heredoc", heredoc.place, Text(en: "heredocs", zh: "heredoc"), scene)
            }
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
        let old = tooOld("\(instruction.name) \(flag.name)", flag.place, Text(verbatim: "`--\(flag.name)`"), scene)
        guard old.isEmpty else { return old }
        let isClassic = scene.setting.builder == .classic
        if isClassic, instruction.name == "FROM", flag.name == "platform", let name = platformVariable(flag.value ?? "", scene) {
            return [
                scene.finding(
                    buildKitFlag, flag.place, Text(en: "Only BuildKit sets `$\(name)`.", zh: "只有 BuildKit 会设置 `$\(name)`。"))
            ]
        }
        if !isClassic, flag.name == "mount", ["type=secret", "type=ssh"].contains(where: flag.values.contains) {
            return [scene.finding(needsClient, flag.place)]
        }
        if instruction.leavesOutCaches, instruction.isCacheMount(flag) {
            return isClassic ? [scene.finding(cacheLeftOut, flag.place)] : []
        }
        let message = Text(en: "`--\(flag.name)` needs BuildKit.", zh: "`--\(flag.name)` 需要 BuildKit。")
        if refused.contains("\(instruction.name) \(flag.name)") { return limited(buildKitFlag, flag.place, message, scene) }
        guard ignored.contains(flag.name), isClassic || scene.setting.builder == .unknown else { return [] }
        return [scene.finding(ignoredFlag, flag.place, message)]
    }

    /// The variable in `--platform=$BUILDPLATFORM`, unless the file sets it.
    private static func platformVariable(_ value: String, _ scene: DockerfileScene) -> String? {
        ["BUILDPLATFORM", "TARGETPLATFORM"].first { name in
            (value.contains("$\(name)") || value.contains("${\(name)}")) && scene.globals[name] == nil
        }
    }

    /// What a known version of a builder lacks. `# syntax=` may load a newer version for BuildKit, unless ailab leaves the line out.
    private static func tooOld(_ what: String, _ place: DockerfilePlace, _ name: Text, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let (since, owner): (Int?, Text)
        switch scene.setting.builder {
        case .buildKit:
            (since, owner) = (
                scene.file.syntax == nil ? sinceLanguage[what] : nil, Text(en: "the Dockerfile's language", zh: "Dockerfile 语法")
            )
        case .buildah: (since, owner) = (sinceBuildah[what], Text(verbatim: "Buildah"))
        case .classic: (since, owner) = (sinceClassic[what], Text(en: "the Engine API", zh: "引擎接口"))
        case .unknown: return []
        }
        guard let release = scene.setting.release, let since, release < since else { return [] }
        let message = Text(
            en: "This engine's builder doesn't know \(name.en): it has version 1.\(release) of \(owner.en), and this needs 1.\(since).",
            zh: Text.chinese("这个引擎的构建器不支持 \(name.zh)：它的", owner.zh, "版本是 1.\(release)，而这需要 1.\(since)。"))
        return [scene.finding(builderTooOld, place, message)]
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
