import LabSupport

/// FROM and the stages.
enum StageRules: DockerfileRuleFamily {
    static let rules = [
        fromMissing, beforeFrom, fromArguments, imageName, emptyName, stageName, stageTwice, latestTag, imageMisspelt, imageNotTaken,
    ]

    static let fromMissing = DockerfileRule(
        "from-missing", .error, Text(en: "FROM is missing.", zh: "缺少 FROM。"),
        why: Text(en: "Nothing says which image to start from.", zh: "没有说明从哪个镜像开始构建。"),
        instead: Text(en: "FROM debian:trixie-slim", zh: "FROM debian:trixie-slim"))
    static let beforeFrom = DockerfileRule(
        "before-from", .error, Text(en: "Only ARG may come before FROM.", zh: "FROM 之前只能有 ARG。"),
        why: Text(en: "Before FROM there is no image that the instruction could change.", zh: "FROM 之前还没有可供修改的镜像。"),
        instead: Text(en: "Move the instruction below FROM.", zh: "把这条指令移到 FROM 之后。"))
    static let fromArguments = DockerfileRule(
        "from-arguments", .error, Text(en: "FROM takes an image, or an image, AS and a name.", zh: "FROM 后面是一个镜像，或镜像、AS 和名称。"),
        why: Text(en: "Docker refuses any other number of words.", zh: "Docker 不接受其他数量的词。"),
        instead: Text(en: "FROM debian:trixie-slim AS build", zh: "FROM debian:trixie-slim AS build"))
    static let imageName = DockerfileRule(
        "image-name", .error, Text(en: "This is not a valid name of an image.", zh: "这不是有效的镜像名称。"),
        why: Text(
            en: "A name has small letters, digits and . _ - /, then perhaps a colon and a tag.", zh: "名称由小写字母、数字和 . _ - / 组成，后面可以有冒号和标签。"),
        instead: Text(en: "FROM debian:trixie-slim", zh: "FROM debian:trixie-slim"))
    static let emptyName = DockerfileRule(
        "from-without-value", .error, Text(en: "The name of the image is empty.", zh: "镜像名称为空。"),
        why: Text(
            en: "The variable has no value before FROM. ENV and ARG below FROM don't count here.",
            zh: "变量在 FROM 之前没有值；FROM 之后的 ENV 和 ARG 在这里无效。"),
        instead: Text(en: "Give it a default above FROM: ARG BASE=debian:trixie-slim", zh: "在 FROM 上方给出默认值：ARG BASE=debian:trixie-slim"))
    static let stageName = DockerfileRule(
        "stage-name", .error, Text(en: "This is not a valid name of a stage.", zh: "这不是有效的阶段名称。"),
        why: Text(en: "A name begins with a letter, and has letters, digits and . _ - behind it.", zh: "名称以字母开头，后面可以有字母、数字和 . _ -。"),
        instead: Text(en: "FROM debian:trixie-slim AS build", zh: "FROM debian:trixie-slim AS build"))
    static let stageTwice = DockerfileRule(
        "stage-twice", .warning, Text(en: "Two stages have the same name.", zh: "两个阶段同名。"),
        why: Text(en: "`--from` then means the last of them.", zh: "`--from` 会指向最后一个。"),
        instead: Text(en: "Give each stage a name of its own.", zh: "给每个阶段取不同的名称。"))
    static let latestTag = DockerfileRule(
        "latest-tag", .warning, Text(en: "The image has no fixed tag.", zh: "镜像没有固定的标签。"),
        why: Text(
            en: "`latest` is another image each year, and the build breaks without a change of yours.", zh: "`latest` 会不断更新，你没有改动，构建也可能失败。"),
        instead: Text(en: "Name a version, as in debian:trixie-slim.", zh: "指定版本，例如 debian:trixie-slim。"))

    static let imageMisspelt = DockerfileRule(
        "image-misspelt", .warning, Text(en: "The image's name looks misspelt.", zh: "镜像名称可能拼错了。"),
        why: Text(
            en: "Docker looks for exactly this name on this machine and in the registry.", zh: "Docker 会在本机和镜像仓库中查找完全相同的名称。"),
        instead: Text(en: "FROM debian:trixie-slim", zh: "FROM debian:trixie-slim"))
    static let imageNotTaken = DockerfileRule(
        "image-not-taken", .warning, Text(en: "FROM doesn't use the image that the lab prepared.", zh: "FROM 没有使用实验准备好的镜像。"),
        why: Text(
            en:
                "That image trusts this machine's certificates, and it is there even if no registry can be reached. Docker gets any other image "
                + "from a registry.",
            zh: "那个镜像信任本机的证书，而且无法连接镜像仓库时也可用。其他镜像则由 Docker 从镜像仓库获取。"),
        instead: Text(en: "ARG BASE=debian:trixie-slim, and below it FROM ${BASE}", zh: "ARG BASE=debian:trixie-slim，下一行写 FROM ${BASE}"))

    /// Images whose names people type.
    private static let familiar = [
        "debian", "ubuntu", "alpine", "python", "busybox", "fedora", "centos", "nginx", "golang", "openjdk", "nvidia/cuda",
        "pytorch/pytorch",
        "pytorch/torchserve", "tensorflow/tensorflow", "continuumio/miniconda3", "continuumio/anaconda3",
    ]

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        let own = scene.entries.filter { !$0.instruction.isTrigger }
        guard let first = own.first(where: { InstructionRules.known.contains($0.instruction.name) }) else { return [] }
        var found: [DockerfileFinding] = []
        let early = own.filter {
            $0.instruction.stage < 0 && $0.instruction.name != "ARG" && InstructionRules.known.contains($0.instruction.name)
        }
        if !own.contains(where: { $0.instruction.name == "FROM" }) {
            // If FROM is misspelt, that is said at its line, and there is nothing to add.
            let isMisspelt = own.contains { NearestWord.to($0.instruction.name, among: ["FROM"]) != nil }
            if !isMisspelt { found.append(scene.finding(fromMissing, first.instruction.keyword.place)) }
        } else {
            found += early.map { entry in
                let name = entry.instruction.name
                return scene.finding(
                    beforeFrom, entry.instruction.keyword.place, Text(en: "\(name) comes before FROM.", zh: "\(name) 出现在 FROM 之前。"))
            }
        }
        var names: Set<String> = []
        for entry in own where entry.instruction.name == "FROM" && !entry.instruction.range.isEmpty {
            found += from(entry, names, scene)
            if let name = entry.instruction.stageName { names.insert(name) }
        }
        return found + notTaken(own, scene)
    }

    /// The images that the build gives to the file, and that no FROM takes.
    private static func notTaken(_ own: [DockerfileScene.Entry], _ scene: DockerfileScene) -> [DockerfileFinding] {
        let stages = own.filter { $0.instruction.name == "FROM" }
        let taken = Set(stages.flatMap { scene.taken(by: $0.instruction) })
        let first = stages.first { $0.base.map { !$0.isGiven && !$0.isStage && $0.name != "scratch" } == true }
        guard let place = first?.instruction.words.first?.place else { return [] }
        return scene.setting.images.sorted().filter { !taken.contains($0) }.map { name in
            let image = scene.setting.arguments[name].flatMap(\.self) ?? "…"
            return scene.finding(
                imageNotTaken, place,
                Text(en: "FROM doesn't use `\(name)`, the image that the lab prepared.", zh: "FROM 没有使用 `\(name)`，即实验准备好的镜像。"),
                instead: Text(
                    en: "ARG \(name)=\(image), and below it FROM ${\(name)}", zh: "ARG \(name)=\(image)，下一行写 FROM ${\(name)}"))
        }
    }

    private static func misspelt(_ image: DockerfileWord, _ name: String, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let repository = name.prefix { $0 != ":" && $0 != "@" }
        guard !familiar.contains(String(repository)),
            let meant = familiar.first(where: { NearestWord.isOneSlip(String(repository), $0) })
        else { return [] }
        return [
            scene.finding(
                imageMisspelt, image.place,
                Text(en: "`\(repository)` looks misspelt. Did you mean `\(meant)`?", zh: "`\(repository)` 可能拼错了。是不是想写 `\(meant)`？"),
                instead: Text(verbatim: "FROM \(meant)\(name.dropFirst(repository.count))"))
        ]
    }

    private static func from(
        _ entry: DockerfileScene.Entry, _ names: Set<String>, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        let words = entry.instruction.words
        guard let image = words.first else { return [] }
        guard words.count == 1 || words.count == 3 && words[1].text.lowercased() == "as" else {
            return [scene.finding(fromArguments, (words.dropFirst().first ?? image).place)]
        }
        var found: [DockerfileFinding] = []
        if words.count == 3 {
            let name = words[2].text.lowercased()
            if name.wholeMatch(of: /[a-z][a-z0-9._-]*/) == nil { found.append(scene.finding(stageName, words[2].place)) }
            if names.contains(name) { found.append(scene.finding(stageTwice, words[2].place)) }
        }
        return found + base(image, entry.base, names, scene)
    }

    private static func base(
        _ image: DockerfileWord, _ base: DockerfileBase?, _ names: Set<String>, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        guard let base, !base.isGiven, !base.isStage else { return [] }
        guard let name = base.name else {
            let isKnown = DockerfileVariables.names(in: image.text).allSatisfy { scene.globals[$0] == nil }
            return isKnown || image.text.hasPrefix("$") ? [scene.finding(emptyName, image.place)] : []
        }
        if name.isEmpty { return [scene.finding(emptyName, image.place)] }
        guard name != "scratch" else { return [] }
        let pattern =
            /([A-Za-z0-9.-]+(:[0-9]+)?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?(@sha256:[0-9a-f]{64})?/
        guard name.wholeMatch(of: pattern) != nil else {
            return [
                scene.finding(
                    imageName, image.place,
                    Text(en: "`\(name.prefix(80))` is not a valid name of an image.", zh: "`\(name.prefix(80))` 不是有效的镜像名称。"),
                    instead: mended(name).map { Text(verbatim: "FROM \($0)") })
            ]
        }
        let slips = misspelt(image, name, scene)
        guard !name.contains("@"), base.tag.isEmpty || base.tag == "latest" else { return slips }
        return slips + [
            scene.finding(
                latestTag, image.place,
                base.tag.isEmpty
                    ? Text(en: "`\(name)` has no tag, so Docker takes `latest`.", zh: "`\(name)` 没有标签，Docker 会使用 `latest`。")
                    : Text(en: "`\(name)` is another image each year.", zh: "`\(name)` 会不断变化。"))
        ]
    }

    private static func mended(_ name: String) -> String? {
        let mended = WideMark.replaced(in: name).lowercased()
        return mended == name || mended.contains(" ") ? nil : mended
    }
}
