import LabSupport

/// apt, pip and conda.
enum PackageRules: DockerfileRuleFamily {
    static let rules = [
        aptWithoutUpdate, aptWithoutYes, aptNotAptGet, listsLeft, slowMatrices, misspelt, misspeltPackage, requirements, managedPython,
        pipCache, noProgram,
    ]

    static let aptWithoutUpdate = DockerfileRule(
        "apt-without-update", .error,
        Text(en: "`apt-get install` without `apt-get update` in the same RUN.", zh: "`apt-get install` 与 `apt-get update` 不在同一条 RUN 中。"),
        why: Text(
            en: "The base image has no package lists, and lists from another RUN are stale or gone.", zh: "基础镜像不含软件包列表，其他 RUN 得到的列表已过时或被删除。"
        ),
        instead: Text(en: "RUN apt-get update && apt-get install -y …", zh: "RUN apt-get update && apt-get install -y …"))
    static let aptWithoutYes = DockerfileRule(
        "apt-without-yes", .error, Text(en: "`apt-get install` without `-y`.", zh: "`apt-get install` 没有 `-y`。"),
        why: Text(
            en: "apt-get asks whether to go on. Nobody can answer during a build, so it aborts.", zh: "apt-get 会询问是否继续；构建时无人回答，于是中止。"),
        instead: Text(en: "apt-get install -y …", zh: "apt-get install -y …"))
    static let aptNotAptGet = DockerfileRule(
        "apt-not-apt-get", .warning, Text(en: "`apt` is for people at a terminal.", zh: "`apt` 是供终端交互使用的。"),
        why: Text(en: "Its options and output change between versions. It warns about that itself.", zh: "它的选项和输出在不同版本间会变，它自己也会提示这一点。"),
        instead: Text(en: "Use apt-get.", zh: "请用 apt-get。"))
    static let listsLeft = DockerfileRule(
        "apt-lists-left", .hint, Text(en: "The package lists stay in the image.", zh: "软件包列表留在了镜像里。"),
        why: Text(en: "They take 20 MB or more and are stale soon.", zh: "它们占用 20 MB 以上，而且很快过时。"),
        instead: Text(en: "End the RUN with `&& rm -rf /var/lib/apt/lists/*`.", zh: "在该 RUN 末尾加上 `&& rm -rf /var/lib/apt/lists/*`。"))
    /// https://wiki.debian.org/DebianScience/LinearAlgebraLibraries
    static let slowMatrices = DockerfileRule(
        "slow-matrices", .warning,
        Text(en: "PyTorch will compute with Debian's slowest matrix library.", zh: "PyTorch 将使用 Debian 中最慢的矩阵运算库。"),
        why: Text(
            en:
                "Debian's python3-torch takes the reference library (libblas3) if no other is installed. With OpenBLAS, a training is several "
                + "times as fast.",
            zh: "如果没有安装其他库，Debian 的 python3-torch 会使用参考实现（libblas3）。改用 OpenBLAS，训练速度会提高数倍。"),
        instead: Text(en: "Add `libopenblas0-pthread` to this apt-get install.", zh: "在这条 apt-get install 中加上 `libopenblas0-pthread`。"))
    static let misspelt = DockerfileRule(
        "misspelt-command", .error, Text(en: "The command is misspelt.", zh: "命令拼写有误。"),
        why: Text(en: "The shell or the program doesn't know this word, and the build stops.", zh: "shell 或程序不认识这个词，构建会停止。"),
        instead: Text(en: "Correct the word.", zh: "请改正拼写。"))
    static let misspeltPackage = DockerfileRule(
        "misspelt-package", .warning, Text(en: "The package's name looks misspelt.", zh: "软件包名称可能拼错了。"),
        why: Text(
            en: "apt stops if there is no such package. On PyPI, somebody else may own the misspelt name.",
            zh: "没有这个软件包时，apt 会停止；在 PyPI 上，拼错的名称可能属于别人。"),
        instead: Text(en: "Correct the name.", zh: "请改正名称。"))
    static let requirements = DockerfileRule(
        "requirements-not-copied", .error,
        Text(en: "No instruction before copies the file for `pip install -r`.", zh: "前面没有指令复制 `pip install -r` 所用的文件。"),
        why: Text(en: "A RUN sees the files of the image, not those of your folder.", zh: "RUN 只能看到镜像里的文件，看不到你目录里的文件。"),
        instead: Text(en: "COPY requirements.txt ./", zh: "COPY requirements.txt ./"))
    static let managedPython = DockerfileRule(
        "pip-managed-python", .error,
        Text(en: "Debian's pip refuses to install into the distribution's Python.", zh: "Debian 的 pip 拒绝向发行版的 Python 安装软件包。"),
        why: Text(
            en: "Since Debian 12, it stops with `externally-managed-environment`.",
            zh: "自 Debian 12 起，它会以 `externally-managed-environment` 报错。"),
        instead: Text(en: "pip install --break-system-packages …", zh: "pip install --break-system-packages …"))
    static let pipCache = DockerfileRule(
        "pip-cache", .hint, Text(en: "pip's downloads stay in the image.", zh: "pip 的下载缓存留在了镜像里。"),
        why: Text(en: "PyTorch alone leaves gigabytes there.", zh: "仅 PyTorch 就会留下数 GB。"),
        instead: Text(en: "pip install --no-cache-dir …", zh: "pip install --no-cache-dir …"))
    static let noProgram = DockerfileRule(
        "program-not-installed", .error, Text(en: "The base image doesn't have this program.", zh: "基础镜像中没有这个程序。"),
        why: Text(en: "Debian's and Ubuntu's images contain hardly more than a shell and apt.", zh: "Debian 和 Ubuntu 的镜像几乎只有 shell 和 apt。"),
        instead: Text(en: "Install it with apt-get before.", zh: "请先用 apt-get 安装。"))

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        slowMatrices(scene)
            + scene.runs.flatMap { run in
                apt(run.entry, run.commands, scene)
                    + run.commands.flatMap { command in
                        SpellingRules.command(command, scene) + SpellingRules.packages(command, scene) + pip(command, run.entry, scene)
                            + program(command, run.entry, run.commands, scene)
                    }
            }
    }

    // MARK: apt

    private static func apt(
        _ entry: DockerfileScene.Entry, _ commands: [ShellCommand], _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        var found: [DockerfileFinding] = []
        var isUpdated = false
        var cleans = entry.instruction.arguments.contains("/var/lib/apt/lists")
        var installs: ShellCommand?
        let script = entry.instruction.arguments
        cleans = cleans || entry.instruction.flag("mount") != nil
        for (index, command) in commands.enumerated() {
            guard command.isAptGet else { continue }
            if command.program.text == "apt" { found.append(scene.finding(aptNotAptGet, command.program.place)) }
            switch command.operands.first?.text {
            case "update": isUpdated = true
            case "install":
                let isLocal = command.operands.dropFirst().allSatisfy { $0.text.hasPrefix("/") || $0.text.hasPrefix("./") }
                if !isUpdated, !isLocal, entry.instruction.flag("mount") == nil { found.append(withoutUpdate(command, entry, scene)) }
                let isFed = command.isPiped && index > 0 && commands[index - 1].program.text == "yes"
                if !command.saysYes, !isFed, !script.contains("Assume-Yes") {
                    found.append(scene.finding(aptWithoutYes, command.program.place))
                }
                installs = installs ?? command
            case "upgrade", "dist-upgrade", "full-upgrade":
                if !command.saysYes { found.append(scene.finding(aptWithoutYes, command.program.place)) }
            default: break
            }
        }
        if let installs, !cleans { found.append(scene.finding(listsLeft, installs.program.place)) }
        return found
    }

    /// PyTorch from Debian's packages without one of its faster matrix libraries, in the stages that the image consists of.
    private static func slowMatrices(_ scene: DockerfileScene) -> [DockerfileFinding] {
        let stages = scene.finalStages
        let packages = scene.runs.filter { stages.contains($0.entry.instruction.stage) }.flatMap { run in
            run.commands.filter { $0.isAptGet && $0.operands.first?.text == "install" }.flatMap(\.operands).flatMap { word in
                let text = DockerfileVariables.expand(word.text, run.entry.variables).text
                return text.split(separator: " ").map { (name: $0.prefix { !"=/:".contains($0) }, place: word.place) }
            }
        }
        let fast = ["libopenblas", "libmkl", "intel-mkl", "libblis", "libatlas"]
        guard !packages.contains(where: { package in fast.contains { package.name.hasPrefix($0) } }),
            let torch = packages.first(where: { ["python3-torch", "libtorch-dev"].contains($0.name) })
        else { return [] }
        return [scene.finding(slowMatrices, torch.place)]
    }

    private static func withoutUpdate(
        _ command: ShellCommand, _ entry: DockerfileScene.Entry, _ scene: DockerfileScene
    ) -> DockerfileFinding {
        // Lists of an earlier RUN serve as long as nobody deletes them.
        let earlier = scene.before(entry).compactMap(\.script).flatMap(\.commands)
        let hadLists = earlier.contains { $0.isAptGet && $0.operands.first?.text == "update" }
        let isGone = scene.before(entry).contains { $0.instruction.arguments.contains("/var/lib/apt/lists") }
        let isPlain = entry.base?.isPlainDebian == true && entry.base?.isStage != true
        return scene.finding(
            aptWithoutUpdate, command.program.place, severity: isPlain && (!hadLists || isGone) ? .error : .warning)
    }

    // MARK: pip

    private static func pip(
        _ command: ShellCommand, _ entry: DockerfileScene.Entry, _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        guard let arguments = command.pipInstall else { return [] }
        var found: [DockerfileFinding] = []
        let texts = arguments.map(\.text)
        if let file = requirementsFile(Array(arguments)), !isThere(file.text, entry, scene) {
            found.append(
                scene.finding(
                    requirements, file.place,
                    Text(en: "No instruction before copies `\(file.text)` into the image.", zh: "前面没有指令把 `\(file.text)` 复制进镜像。"),
                    instead: Text(verbatim: "COPY \(file.text.split(separator: "/").last ?? "requirements.txt") ./")))
        }
        let environment = Set(entry.variables.keys).union(command.assignments.map { $0.text.assignment.name })
        let earlier = scene.before(entry).map(\.instruction.arguments) + [entry.instruction.arguments]
        let isElsewhere =
            environment.contains("PATH") || environment.contains("PIP_BREAK_SYSTEM_PACKAGES") || environment.contains("VIRTUAL_ENV")
            || earlier.contains {
                $0.contains("EXTERNALLY-MANAGED") || $0.contains("activate") || $0.contains("pip config") || $0.contains("conda")
            }
            || texts.contains { $0.hasPrefix("--target") || $0 == "-t" || $0.hasPrefix("--prefix") || $0.hasPrefix("--root") }
        if entry.base?.isManagedDebian == true, entry.base?.isStage != true, !isElsewhere, !texts.contains("--break-system-packages") {
            found.append(scene.finding(managedPython, command.program.place))
        }
        if !texts.contains("--no-cache-dir"), !environment.contains("PIP_NO_CACHE_DIR"), entry.instruction.flag("mount") == nil {
            found.append(scene.finding(pipCache, command.program.place))
        }
        return found
    }

    private static func requirementsFile(_ words: [DockerfileWord]) -> DockerfileWord? {
        for (index, word) in words.enumerated() {
            if word.text == "-r" || word.text == "--requirement" { return words.dropFirst(index + 1).first }
            if word.text.hasPrefix("--requirement=") { return DockerfileWord(String(word.text.dropFirst(14)), word.place) }
            if word.text.hasPrefix("-r"), word.text.count > 2 { return DockerfileWord(String(word.text.dropFirst(2)), word.place) }
        }
        return nil
    }

    /// Whether a file of this name can be in the image: copied, or mentioned by an earlier command.
    private static func isThere(_ file: String, _ entry: DockerfileScene.Entry, _ scene: DockerfileScene) -> Bool {
        let name = Files.name(of: file)
        guard !name.contains("$"), !file.contains("://"), entry.instruction.flag("mount") == nil, entry.base?.isStage != true else {
            return true
        }
        let inContext = scene.setting.context.map { $0.nearestNames.contains(name) } ?? true
        for earlier in scene.before(entry) {
            let instruction = earlier.instruction
            if instruction.arguments.contains(name) { return true }
            guard instruction.name == "COPY" || instruction.name == "ADD" else { continue }
            // A folder or a wildcard brings the file if it is in the context.
            let isWide =
                instruction.flag("from") != nil
                || instruction.words.dropLast().contains {
                    !$0.text.contains(".") || $0.text.contains("*") || $0.text.hasPrefix("./") || $0.text == "." || $0.text.hasSuffix("/")
                }
            if isWide, inContext || instruction.flag("from") != nil { return true }
        }
        let own = entry.script?.commands ?? []
        // Made by the same RUN: `echo torch > requirements.txt && pip install -r requirements.txt`.
        let texts = [entry.instruction.arguments] + entry.instruction.heredocs.map(\.content.scalars.text)
        return own.contains { !$0.isPip && $0.words.contains { $0.text.contains(name) } } || texts.contains { isWritten(name, in: $0) }
    }

    /// Whether a script redirects output to a file of this name, in whatever folder.
    private static func isWritten(_ name: String, in script: String) -> Bool {
        script.split(separator: ">").dropFirst(script.hasPrefix(">") ? 0 : 1).contains { target in
            target.drop { $0 == " " }.prefix { !$0.isWhitespace }.contains(name)
        }
    }

    // MARK: Programs

    private static let packages = [
        "wget": "wget", "curl": "curl", "git": "git", "unzip": "unzip", "python3": "python3", "pip": "python3-pip", "pip3": "python3-pip",
        "python": "python-is-python3", "gcc": "build-essential", "make": "build-essential", "java": "openjdk-21-jre-headless",
        "conda": "Miniconda",
    ]

    private static func program(
        _ command: ShellCommand, _ entry: DockerfileScene.Entry, _ commands: [ShellCommand], _ scene: DockerfileScene
    ) -> [DockerfileFinding] {
        let name = command.program.text
        guard let package = packages[name], entry.base?.isPlainDebian == true, entry.base?.isStage != true else { return [] }
        let stem = name == "pip" || name == "pip3" ? "pip" : name == "conda" ? "conda" : name == "java" ? "jre" : name
        let texts = scene.before(entry).filter { $0.instruction.name != "FROM" }.map { entry in
            entry.instruction.arguments + entry.instruction.heredocs.map(\.content.scalars.text).joined()
        }
        let own = commands.prefix { $0.program.place != command.program.place }.flatMap(\.words).map(\.text)
        // Other packages that bring it.
        let bringers = ["gcc": ["build-essential"], "make": ["build-essential"], "java": ["jdk"], "pip": ["conda"], "pip3": ["conda"]]
        let mentioned = (texts + own).contains { text in
            (["/bin", stem] + (bringers[name] ?? [])).contains { text.contains($0) }
        }
        guard !mentioned else { return [] }
        // Only pip is certain: no other package brings it. A copied file may be anything.
        let isCertain = stem == "pip" && !scene.before(entry).contains { ["COPY", "ADD"].contains($0.instruction.name) }
        return [
            scene.finding(
                noProgram, command.program.place, Text(en: "The base image doesn't have `\(name)`.", zh: "基础镜像中没有 `\(name)`。"),
                instead: Text(en: "Install \(package) before.", zh: "请先安装 \(package)。"), severity: isCertain ? .error : .warning)
        ]
    }
}

extension DockerfileContext {
    /// The names of its files, without their folders.
    fileprivate var nearestNames: Set<String> { Set(paths.compactMap { $0.split(separator: "/").last.map(String.init) }) }
}

extension ShellCommand {
    /// apt-get or apt.
    var isAptGet: Bool { program.text == "apt-get" || program.text == "apt" || program.text == "/usr/bin/apt-get" }

    fileprivate var isPip: Bool { pipInstall != nil }

    /// What pip is to install, with its options; nil for another command.
    var pipInstall: ArraySlice<DockerfileWord>? {
        var rest = words[...]
        if ["python", "python3"].contains(program.text), words.count > 2, words[1].text == "-m", words[2].text == "pip" {
            rest = rest.dropFirst(3)
        } else if program.text == "pip" || program.text == "pip3" {
            rest = rest.dropFirst()
        } else {
            return nil
        }
        rest = rest.drop { $0.text.hasPrefix("-") }
        return rest.first?.text == "install" ? rest.dropFirst() : nil
    }

    fileprivate var saysYes: Bool {
        words.contains { word in
            if ["--yes", "--assume-yes", "-qq", "--force-yes"].contains(word.text) { return true }
            return word.text.hasPrefix("-") && !word.text.hasPrefix("--") && !word.text.hasPrefix("-o") && word.text.contains("y")
        }
    }
}
