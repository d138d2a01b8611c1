import LabSupport

/// COPY and ADD: sources, destinations, stages.
enum CopyRules: DockerfileRuleFamily {
    static let rules = [
        sourceMissing, sourceIgnored, outsideContext, absoluteSource, destinationMissing, destinationNotFolder, fromUnknown,
        relativeDestination,
        addForFile, secretFile,
    ]

    static let sourceMissing = DockerfileRule(
        "source-missing", .error, Text(en: "The file is not in the build context.", zh: "构建上下文中没有这个文件。"),
        why: Text(
            en: "COPY sees only the files of the build context, the folder that is sent to the engine.",
            zh: "COPY 只能看到构建上下文（发送给引擎的目录）里的文件。"),
        instead: Text(en: "Name a file of the build context.", zh: "请写构建上下文中的文件名。"))
    static let sourceIgnored = DockerfileRule(
        "source-ignored", .error, Text(en: "`.dockerignore` excludes the file.", zh: "`.dockerignore` 排除了这个文件。"),
        why: Text(en: "An excluded file isn't sent to the engine.", zh: "被排除的文件不会发送给引擎。"),
        instead: Text(en: "Remove its pattern from `.dockerignore`.", zh: "从 `.dockerignore` 中删除对应的规则。"))
    static let outsideContext = DockerfileRule(
        "outside-context", .error, Text(en: "The path leaves the build context.", zh: "路径超出了构建上下文。"),
        why: Text(en: "The engine gets the folder's files and nothing above it.", zh: "引擎只能得到该目录内的文件，得不到上级目录。"),
        instead: Text(en: "Put the file into the build context and name it without `..`.", zh: "把文件放进构建上下文，路径不要写 `..`。"))
    static let absoluteSource = DockerfileRule(
        "absolute-source", .error, Text(en: "The source is a path of your machine.", zh: "源路径是本机的绝对路径。"),
        why: Text(en: "A source begins at the build context, also with a slash before it.", zh: "源路径总是从构建上下文开始，前面写斜杠也一样。"),
        instead: Text(en: "Write the path relative to the build context.", zh: "请写相对于构建上下文的路径。"))
    static let destinationMissing = DockerfileRule(
        "destination-missing", .error, Text(en: "The target is missing.", zh: "缺少目标路径。"),
        why: Text(en: "The last word is the target, so there is no source.", zh: "最后一个词是目标路径，因此没有源文件。"),
        instead: Text(en: "COPY train.py ./", zh: "COPY train.py ./"))
    static let destinationNotFolder = DockerfileRule(
        "target-not-folder", .error, Text(en: "The target of several files must end with a slash.", zh: "复制多个文件时，目标必须以斜杠结尾。"),
        why: Text(en: "Several files can only go into a folder.", zh: "多个文件只能复制到目录里。"),
        instead: Text(en: "End the target with `/`, as in `./` or `/app/`.", zh: "目标以 `/` 结尾，如 `./` 或 `/app/`。"))
    static let fromUnknown = DockerfileRule(
        "copy-from-unknown", .error, Text(en: "`--from` names no earlier stage.", zh: "`--from` 指向的阶段不存在或在后面。"),
        why: Text(en: "A stage must be built before another one can copy from it.", zh: "只有前面已构建的阶段才能作为来源。"),
        instead: Text(
            en: "Name a stage above, as in `FROM debian:trixie-slim AS build`.", zh: "写上面某个阶段的名称，如 `FROM debian:trixie-slim AS build`。"))
    static let relativeDestination = DockerfileRule(
        "target-without-workdir", .warning, Text(en: "The target is relative, and no WORKDIR comes before.", zh: "目标是相对路径，但前面没有 WORKDIR。"),
        why: Text(en: "The files land in the root folder, or where the base image left off.", zh: "文件会落到根目录，或基础镜像的当前目录。"),
        instead: Text(en: "Write WORKDIR /app above, or an absolute target.", zh: "在上面写 WORKDIR /app，或使用绝对路径。"))
    static let addForFile = DockerfileRule(
        "add-for-file", .hint, Text(en: "ADD does more than copy.", zh: "ADD 不只是复制。"),
        why: Text(en: "ADD unpacks archives and fetches URLs. COPY says that you only copy.", zh: "ADD 会解压归档、下载 URL；COPY 表明只是复制。"),
        instead: Text(en: "Use COPY.", zh: "请用 COPY。"))
    static let secretFile = DockerfileRule(
        "secret-file", .warning, Text(en: "The file usually contains a secret.", zh: "这个文件通常含有密钥。"),
        why: Text(en: "Whoever has the image can read it, even if a later instruction deletes it.", zh: "拿到镜像的人都能读到它，即使后面的指令删除了也一样。"),
        instead: Text(en: "Mount it when the container starts: `docker run -v`.", zh: "启动容器时再挂载：`docker run -v`。"))

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        scene.entries.filter { ["COPY", "ADD"].contains($0.instruction.name) }.flatMap { copy($0, scene) }
    }

    private static func copy(_ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let instruction = entry.instruction
        if case .broken = instruction.form { return [] }
        let words = instruction.words
        guard let target = words.last, !words.isEmpty else { return [] }
        guard words.count > 1 else { return [scene.finding(destinationMissing, target.place)] }
        let sources = words.dropLast().filter { !$0.text.hasPrefix("<<") }
        var found = self.target(target, sources: sources, entry, scene)
        if let from = instruction.flag("from") {
            found += self.from(from, instruction, scene)
            return found
        }
        if instruction.isTrigger { return found }
        for source in sources { found += self.source(source, entry, scene) }
        if instruction.name == "ADD", sources.allSatisfy({ !isURL($0.text) && !isArchive($0.text) }), found.isEmpty {
            found.append(scene.finding(addForFile, instruction.keyword.place))
        }
        return found
    }

    private static func isURL(_ text: String) -> Bool { text.contains("://") || text.hasPrefix("git@") }

    private static func isArchive(_ text: String) -> Bool {
        [".tar", ".gz", ".tgz", ".xz", ".bz2", ".zst"].contains { text.hasSuffix($0) }
    }

    /// Whether COPY or ADD brings a file of the context into the image. An instruction on a line in `wrong` brings nothing.
    static func brings(_ file: String, _ scene: DockerfileScene, besides wrong: Set<Int>) -> Bool {
        scene.entries.contains { entry in
            let instruction = entry.instruction
            guard ["COPY", "ADD"].contains(instruction.name), instruction.flag("from") == nil, !instruction.isTrigger,
                !instruction.lines.contains(where: wrong.contains)
            else { return false }
            return instruction.words.dropLast().contains { word in
                let path = normalized(DockerfileVariables.expand(word.text, entry.variables).text.filter { $0 != "\"" }) ?? ""
                return path == file || path.isEmpty || file.hasPrefix("\(path)/") || Wildcard.matches(Array(path.utf8), Array(file.utf8))
            }
        }
    }

    // MARK: Target

    private static func target(
        _ target: DockerfileWord, sources: [DockerfileWord], _ entry: DockerfileScene.Entry, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        var found: [DockerfileFinding] = []
        let text = unquoted(DockerfileVariables.expand(target.text, entry.variables))
        let isFolder = text.hasSuffix("/") || text == "." || text == ".." || text.hasSuffix("/.")
        if !isFolder, !text.isEmpty, sources.count > 1 || matches(of: sources, scene) > 1 {
            found.append(scene.finding(destinationNotFolder, target.place))
        }
        let hasFolder = scene.before(entry).contains { $0.instruction.name == "WORKDIR" } || entry.base?.isStage == true
        if !text.hasPrefix("/"), !text.hasPrefix("$"), !text.isEmpty, !hasFolder, !entry.instruction.isTrigger {
            found.append(scene.finding(relativeDestination, target.place))
        }
        return found
    }

    private static func unquoted(_ expanded: DockerfileVariables.Expanded) -> String {
        // A part that nobody knows could be anything.
        expanded.isComplete ? expanded.text.filter { $0 != "\"" && $0 != "'" } : ""
    }

    private static func matches(of sources: [DockerfileWord], _ scene: DockerfileScene) -> Int {
        guard let context = scene.setting.context, sources.count == 1, sources[0].text.contains("*") else { return 0 }
        return context.paths.count { Wildcard.matches(Array(sources[0].text.utf8), Array($0.utf8)) }
    }

    // MARK: Stages

    private static func from(
        _ flag: DockerfileInstruction.Flag, _ instruction: DockerfileInstruction, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        let value = flag.value ?? ""
        guard !value.contains("$") else { return [] }
        let stages = scene.file.stages
        let own = instruction.stage
        let names = stages.map { $0.name ?? "" }
        if let number = Int(value) {
            guard !(0..<own).contains(number) else { return [] }
            return [
                scene.finding(
                    fromUnknown, flag.place, Text(en: "There is no stage \(value) above this one.", zh: "上面没有编号为 \(value) 的阶段。"))
            ]
        }
        if let place = names.lastIndex(of: value.lowercased()) {
            guard place >= own, !names.prefix(max(0, own)).contains(value.lowercased()) else { return [] }
            return [
                scene.finding(
                    fromUnknown, flag.place, Text(en: "The stage `\(value)` is not above this one.", zh: "阶段 `\(value)` 不在当前阶段之前。"))
            ]
        }
        if value.isEmpty { return [scene.finding(fromUnknown, flag.place)] }
        let nearest = NearestWord.to(value, among: names.prefix(max(0, own)).filter { !$0.isEmpty })
        // Any other name means an image, which the engine may have.
        guard nearest != nil || !value.contains(where: { ":/.".contains($0) }) else { return [] }
        return [
            scene.finding(
                fromUnknown, flag.place,
                Text(
                    en: "There is no stage `\(value)`." + (nearest.map { " Did you mean `\($0)`?" } ?? ""),
                    zh: "没有阶段 `\(value)`。" + (nearest.map { "是不是想写 `\($0)`？" } ?? "")),
                severity: .warning)
        ]
    }

    // MARK: Sources

    private static func source(
        _ source: DockerfileWord, _ entry: DockerfileScene.Entry, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        let expanded = DockerfileVariables.expand(source.text, entry.variables)
        let text = expanded.text.filter { $0 != "\"" && $0 != "'" }
        guard expanded.isComplete, !text.isEmpty, !isURL(text) else { return [] }
        var found: [DockerfileFinding] = []
        let name = Files.name(of: text)
        if secretNames.contains(name) || name.hasSuffix(".pem") || text.hasSuffix(".aws/credentials") || name.hasPrefix("id_rsa") {
            found.append(scene.finding(secretFile, source.place))
        }
        guard let path = normalized(text) else {
            // BuildKit stays in the context and looks for the rest of the path there.
            let stays = normalized(text.replacing("../", with: "")).map { scene.setting.context?.paths.contains($0) ?? true } ?? false
            let isFatal = scene.setting.builder == .classic || !stays
            return found + [scene.finding(outsideContext, source.place, severity: isFatal ? .error : .warning)]
        }
        guard let context = scene.setting.context, !path.isEmpty else { return found }
        if context.contains(path) { return found }
        if context.ignored.contains(where: { path == $0 || path.hasPrefix("\($0)/") }) {
            return found + [scene.finding(sourceIgnored, source.place)]
        }
        return found + [missing(text, path, source.place, context, scene)]
    }

    private static let secretNames: Set<String> = [
        ".env", ".netrc", ".git-credentials", ".npmrc", ".pypirc", "id_ed25519", "id_ecdsa", "credentials.json",
    ]

    /// Without `.` and `..`; nil if it leaves the context.
    private static func normalized(_ path: String) -> String? {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            if parts.popLast() == nil { return nil }
        }
        return parts.joined(separator: "/")
    }

    private static func missing(
        _ text: String, _ path: String, _ place: DockerfilePlace, _ context: DockerfileContext, _ scene: DockerfileScene
    ) -> DockerfileFinding {
        let nearest = context.nearest(to: path)
        // A Dockerfile is hardly what somebody wants to copy.
        let files = context.paths.filter { !$0.contains("Dockerfile") }.sorted()
        let shown = files.prefix(12).joined(separator: ", ") + (files.count > 12 ? " …" : "")
        let there = Text(
            en: files.isEmpty ? "\(context.folder) is empty." : "In \(context.folder): \(shown).",
            zh: files.isEmpty ? "\(context.folder) 是空的。" : "\(context.folder) 中有：\(shown)。")
        let instead = nearest.map { Text(en: "Write `\($0)`. ", zh: "请写 `\($0)`。") } ?? Text(verbatim: "")
        let isAbsolute = text.hasPrefix("/")
        return scene.finding(
            isAbsolute ? absoluteSource : sourceMissing, place,
            Text(en: "`\(text)` is not in the build context.", zh: "构建上下文中没有 `\(text)`。"), instead: instead.joined(there))
    }
}

extension DockerfileContext {
    /// Whether a path or a pattern with wildcards names something in it.
    func contains(_ path: String) -> Bool {
        if paths.contains(path) || paths.contains(where: { $0.hasPrefix("\(path)/") }) { return true }
        guard path.contains(where: { "*?[".contains($0) }) else { return false }
        return paths.contains { Wildcard.matches(Array(path.utf8), Array($0.utf8)) }
    }

    /// The path that was probably meant: the same name in another folder, or a similar one.
    func nearest(to path: String) -> String? {
        let name = Files.name(of: path)
        if let other = paths.sorted().first(where: { $0 == name || $0.hasSuffix("/\(name)") }) { return other }
        return NearestWord.to(path, among: paths.sorted()) ?? NearestWord.to(name, among: paths.sorted())
    }
}

/// The wildcards of COPY: `*` and `?` within a name, `[…]` for one character.
enum Wildcard {
    /// Takes no more than the product of both lengths.
    static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var (p, n) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, let next = one(pattern, p, name[n]) {
                (p, n) = (next, n + 1)
            } else if let back = star, name[back.name] != UInt8(ascii: "/") {
                star = (back.pattern, back.name + 1)
                (p, n) = (back.pattern + 1, back.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// The index behind the pattern's part at `p` if that part matches the character.
    private static func one(_ pattern: [UInt8], _ p: Int, _ character: UInt8) -> Int? {
        switch pattern[p] {
        case UInt8(ascii: "?"): return character == UInt8(ascii: "/") ? nil : p + 1
        case UInt8(ascii: "["):
            guard let end = pattern[p...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
            return pattern[(p + 1)..<end].contains(character) ? end + 1 : nil
        default: return pattern[p] == character ? p + 1 : nil
        }
    }
}
