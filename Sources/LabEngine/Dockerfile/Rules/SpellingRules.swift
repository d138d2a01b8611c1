import LabSupport

/// Misspelt programs and subcommands.
enum SpellingRules {
    /// The subcommands of programs that know no others.
    private static let subcommands: [String: [String]] = [
        "apt-get": [
            "update", "upgrade", "install", "reinstall", "remove", "purge", "autoremove", "autopurge", "dist-upgrade", "dselect-upgrade",
            "build-dep", "satisfy", "clean", "distclean", "autoclean", "check", "source", "download", "changelog", "indextargets", "moo",
        ],
        "apt": [
            "update", "upgrade", "full-upgrade", "install", "reinstall", "remove", "purge", "autoremove", "autopurge", "list", "search",
            "show",
            "satisfy", "clean", "autoclean", "edit-sources", "source", "download", "changelog", "depends", "rdepends", "policy",
            "build-dep",
            "showsrc", "moo", "modernize-sources", "distclean", "why", "why-not",
        ],
        "pip": [
            "install", "lock", "download", "uninstall", "freeze", "inspect", "list", "show", "check", "config", "search", "cache", "index",
            "wheel", "hash", "completion", "debug", "help",
        ],
        "conda": [
            "activate", "build", "clean", "commands", "compare", "config", "create", "deactivate", "doctor", "env", "export", "info",
            "init",
            "install", "list", "notices", "package", "remove", "rename", "repoquery", "run", "search", "tos", "uninstall", "update",
            "upgrade",
            "index", "develop", "convert", "debug", "inspect", "skeleton", "token", "server", "verify", "metapackage", "content-trust",
            "pack",
        ],
    ]
    /// Programs that Dockerfiles of this kind use.
    private static let programs = [
        "apt-get", "apt", "pip", "pip3", "python", "python3", "conda", "wget", "curl", "git", "mkdir", "chmod", "chown", "bash", "tar",
        "unzip",
        "useradd", "groupadd", "export", "touch", "echo", "make", "cmake", "sleep", "update-alternatives", "locale-gen", "npm", "java",
    ]
    /// Others whose names are near those.
    private static let others: Set<String> = [
        "apk", "pipx", "pixi", "mamba", "condo", "pwget", "wget2", "curl-config", "gita", "gitk", "rmdir", "chgrp", "chmem", "dash",
        "rbash",
        "star", "bsdtar", "gunzip", "zip", "gmake", "imake", "qmake", "pypy", "pypy3", "pnpm", "ncurl", "hurl", "kdir", "etch", "uv", "cd",
        "javac", "jar", "bmake", "remake", "pytest", "cpython", "python2", "ipython3", "ipython", "xcurl", "egit", "ash", "hash", "sbash",
    ]
    /// Slips that are shorter than a distance can judge.
    private static let slips = [
        "ppi": "pip", "pipp": "pip", "ipp": "pip", "pi": "pip", "pp": "pip", "pip3.": "pip3", "gti": "git", "ehco": "echo", "ech": "echo",
        "apt_get": "apt-get", "aptget": "apt-get", "get-apt": "apt-get", "pyhton": "python", "pyhton3": "python3", "makedir": "mkdir",
        "makdir": "mkdir", "mkdri": "mkdir",
    ]

    static func command(_ command: ShellCommand, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let name = command.program.text
        guard name.count < 40 else { return [] }
        if let meant = program(meant: name) { return [finding(command.program, meant, in: nil, scene)] }
        let family = ["pip3": "pip", "mamba": "conda"][name] ?? name
        guard let known = subcommands[family], let sub = command.operands.first, sub.text.count < 40,
            sub.text.allSatisfy({ $0.isLetter || $0 == "-" }), !known.contains(sub.text)
        else { return [] }
        // A value of an option before it, as in `apt-get -o Key=value install`, or `pip --proxy x install`.
        if let place = command.words.firstIndex(where: { $0.place == sub.place }), place > 1 { return [] }
        guard let meant = NearestWord.to(sub.text, among: known) else {
            return [
                scene.finding(
                    PackageRules.misspelt, sub.place,
                    Text(en: "\(name) has no command `\(sub.text)`.", zh: "\(name) 没有子命令 `\(sub.text)`。"),
                    instead: Text(en: "Most often: \(name) install …", zh: "最常用的是：\(name) install …"))
            ]
        }
        return [finding(sub, meant, in: name, scene)]
    }

    /// Packages whose names are one slip away from one that people install in a lab.
    static func packages(_ command: ShellCommand, _ scene: DockerfileScene) -> [DockerfileFinding] {
        let isApt = command.isAptGet
        guard isApt || ["pip", "pip3"].contains(command.program.text), command.operands.first?.text == "install" else { return [] }
        let familiar = isApt ? aptPackages : pipPackages
        return zip(command.words, command.words.dropFirst()).compactMap { before, word in
            // What stands behind an option is usually its value.
            guard !word.text.hasPrefix("-"), !before.text.hasPrefix("-") || before.text.contains("=") || plainOptions.contains(before.text)
            else {
                return nil
            }
            let name = word.text.prefix { !"=<>~![;/".contains($0) }.lowercased()
            guard !familiar.contains(name), !realNeighbors.contains(name), let meant = familiar.first(where: { isSlip(name, $0) }) else {
                return nil
            }
            let version = word.text.dropFirst(name.count)
            var finding = scene.finding(
                PackageRules.misspeltPackage, word.place,
                Text(en: "`\(name)` looks misspelt. Did you mean `\(meant)`?", zh: "`\(name)` 可能拼错了。是不是想写 `\(meant)`？"),
                instead: Text(verbatim: "\(meant)\(version)"))
            finding.subject = name
            return finding
        }
    }

    /// Other digits are another version, not a slip.
    private static func isSlip(_ name: String, _ meant: String) -> Bool {
        NearestWord.isOneSlip(name, meant) && name.filter { !$0.isNumber } != meant.filter { !$0.isNumber }
    }

    private static let aptPackages = [
        "python3", "python3-pip", "python3-venv", "python3-dev", "python3-torch", "python3-torchvision", "python3-numpy",
        "libopenblas0-pthread",
        "ca-certificates", "build-essential", "openjdk-21-jre-headless", "default-jre-headless",
    ]
    private static let pipPackages = [
        "torch", "torchvision", "torchaudio", "torchserve", "torch-model-archiver", "torch-workflow-archiver", "captum", "numpy",
        "matplotlib",
        "requests", "pyyaml", "efficientnet-lite-pytorch", "psutil", "packaging",
    ]
    /// Packages that exist, one slip away from those above.
    private static let realNeighbors = [
        "python3-pil", "python3-six", "python", "torchx", "storch", "pyaml", "grequests", "openjdk-21-jdk-headless",
    ]
    /// Options of apt-get and pip that take no value.
    private static let plainOptions: Set = [
        "-y", "-q", "-qq", "-qy", "-yq", "-yqq", "--yes", "--assume-yes", "--no-install-recommends", "--fix-missing", "--fix-broken",
        "--no-cache-dir",
        "--break-system-packages", "--no-deps", "--upgrade", "-U", "--user", "--quiet", "--pre", "--force-reinstall", "--ignore-installed",
        "--no-build-isolation", "--no-compile",
    ]

    private static func program(meant name: String) -> String? {
        if let slip = slips[name] { return slip }
        guard name.count > 3, !programs.contains(name), !others.contains(name),
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        else { return nil }
        guard let nearest = NearestWord.to(name, among: programs), nearest.count > 3 else { return nil }
        // One slip only: two would also reach programs that nobody here knows.
        return NearestWord.isOneSlip(name, nearest) ? nearest : nil
    }

    private static func finding(
        _ word: DockerfileWord, _ meant: String, in program: String?, _ scene: DockerfileScene
    ) -> DockerfileFinding {
        scene.finding(
            PackageRules.misspelt, word.place,
            program.map {
                Text(
                    en: "\($0) has no command `\(word.text)`. Did you mean `\(meant)`?", zh: "\($0) 没有子命令 `\(word.text)`。是不是想写 `\(meant)`？")
            } ?? Text(en: "There is no program `\(word.text)`. Did you mean `\(meant)`?", zh: "没有程序 `\(word.text)`。是不是想写 `\(meant)`？"),
            instead: Text(verbatim: program.map { "\($0) \(meant)" } ?? meant))
    }
}
