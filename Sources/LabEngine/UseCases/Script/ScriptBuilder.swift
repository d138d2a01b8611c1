import ContainerEngine
import HostFacts
import LabFile
import LabReport
import LabRunner
import LabSupport

/// Makes the sections of a script from what was recorded.
struct ScriptBuilder {
    private let lab: OpenedLab
    private let history: ScriptHistory
    private let words: ScriptWords
    private let network: HostNetwork

    init(_ lab: OpenedLab, _ history: ScriptHistory) {
        self.lab = lab
        self.history = history
        network = HostNetwork.read(environment: lab.environment)
        let folder = Files.name(of: lab.spec.directory)
        // A run may have used the lab at another place, such as before it was installed.
        let used = Set(history.counted.map { "\(Files.folder(of: $0.attempt.run.labFile))/\(folder)" } + [lab.spec.directory])
        let root = lab.workspace.root
        let secrets = lab.environment.filter { $0.value.count >= 6 && Redaction.isSecret(name: $0.key) }.map(\.value)
        words = ScriptWords(
            places: used.map { ($0, "lab") } + [
                (lab.workspace.files(lab: lab.spec.id), "work"), (lab.workspace.cache, "cache"), (root, "work"),
            ],
            secrets: secrets)
    }

    func script(version: String) -> CommandScript {
        var sections = unrecorded
        var containers: [String] = []
        var server = ""
        for (id, attempt) in counted {
            guard let task = filled(id, attempt) else { continue }
            var section = CommandScript.Section(task: id, title: task.task.title)
            let commands = attempt.commands.map { Self.alike(ScriptWords.words(of: $0)) }
            if let needed = Self.server(of: task.task.action).flatMap({ task.spec.server($0) }), needed.container != server {
                server = needed.container
                section.lines += ["server=\(words.quoted(needed.container))", "key_file=\(words.quoted(needed.keyFile))"]
            }
            add(task.task.action, task.spec, attempt, commands, to: &section)
            guard !section.lines.isEmpty || !section.notes.isEmpty else { continue }
            for command in commands where command.starts(with: ["docker", "run"]) {
                if let name = command.firstIndex(of: "--name").flatMap({ command.dropFirst($0 + 1).first }) { containers.append(name) }
            }
            sections.append(section)
        }
        let names = containers.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return CommandScript(
            title: lab.spec.title, version: version, lab: ShellWord.quoted(lab.spec.directory),
            cache: ShellWord.quoted(lab.workspace.cache), work: ShellWord.quoted("\(lab.spec.id)-work"), sections: sections,
            containers: names.map(words.quoted), usesServer: !server.isEmpty,
            usesBuilds: sections.contains { $0.lines.contains { $0.hasPrefix("build ") } },
            usesPodman: history.counted.contains { $0.attempt.commands.contains { $0.hasPrefix("podman ") } })
    }

    /// Podman takes docker's words. The script says once which program they are for.
    private static func alike(_ words: [String]) -> [String] { words.first == "podman" ? ["docker"] + words.dropFirst() : words }

    /// Each sub-step after those that it needs. In time, an attempt may come later: a server that was started again serves what was loaded
    /// before.
    private var counted: [(task: TaskID, attempt: ScriptHistory.Attempt)] {
        let order = LabGraph(lab.spec).order
        let placed = history.counted.map { (place: order.firstIndex(of: $0.task) ?? order.count, $0) }
        return placed.sorted { $0.place < $1.place }.map(\.1)
    }

    /// Sub-steps that were found done, so that no run executed them. Images come first: what follows needs them.
    private var unrecorded: [CommandScript.Section] {
        let known = Set(history.counted.map(\.task))
        let commands = history.counted.flatMap(\.attempt.commands)
        guard let last = history.counted.last?.attempt.run else { return [] }
        let progress = lab.progress
        return lab.spec.tasks.filter { progress.state(of: $0.id).isDone && !known.contains($0.id) }.compactMap { task in
            var section = CommandScript.Section(task: task.id, title: task.title)
            section.notes.append(
                Text(en: "Found done: no run of this workspace did it, so no command is recorded.", zh: "检查时已经完成：没有运行记录，因此没有命令。"))
            guard case .image(let action) = task.action, let image = lab.spec.image(action.name) else { return section }
            var attempt = ScriptHistory.Attempt(run: last, device: "cpu", commands: [])
            let standIn = image.sources.compactMap(\.standInTag).first { tag in commands.contains { $0.contains(tag) } }
            if let standIn { attempt.sources = [SourceChosen(what: image.name, source: standIn, standIn: true, text: image.text)] }
            obtain(image, attempt, to: &section)
            return section
        }
    }

    /// The sub-step with the values of the run that did it. Nil if the lab no longer has it.
    private func filled(_ id: TaskID, _ attempt: ScriptHistory.Attempt) -> (task: LabTask, spec: LabSpec)? {
        let builtIns = BuiltIns.values(lab.workspace, lab: lab.spec, device: attempt.device, environment: lab.environment)
        let options = attempt.run.options
        // The name that the workspace has now may not be the one that it had then.
        let values = try? LabVariables.resolve(
            spec: lab.spec, set: options.set, quick: options.quick, own: attempt.run.studentValues ?? [:], builtIns: builtIns)
        let spec = values.flatMap { try? lab.spec.filled(by: Template($0)) } ?? lab.spec
        return spec.task(id).map { ($0, spec) }
    }

    /// The server that a sub-step asks.
    private static func server(of action: LabAction) -> String? {
        switch action {
        case .serve(let action): action.server
        case .register(let action): action.server
        case .predict(let action): action.server
        case .read, .facts, .image, .file, .build, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .archive, .stop, .limits,
            .tune, .rollout, .gpus, .group, .experiment, .cluster:
            nil
        }
    }

    private func add(
        _ action: LabAction, _ spec: LabSpec, _ attempt: ScriptHistory.Attempt, _ commands: [[String]],
        to section: inout CommandScript.Section
    ) {
        switch action {
        case .read: break
        case .facts: section.lines += commands.map { words.line($0) + ($0.first == "docker" ? "" : " || true") }
        case .image(let action): if let image = spec.image(action.name) { obtain(image, attempt, to: &section) }
        case .file(let action): write(action, attempt, to: &section)
        case .build: for command in commands { build(command, to: &section) }
        case .run, .exec, .experiment, .group, .archive, .containers, .copy, .stop: plain(commands, to: &section)
        case .tune, .rollout, .cluster:
            section.notes.append(
                Text(en: "ailab measures this itself: `ailab step \(section.task)`.", zh: "由 ailab 自行测量：`ailab step \(section.task)`。"))
        // Each of these commands may fail, and that is the point.
        case .limits, .gpus: section.lines += commands.map { words.line($0) + " || true" }
        case .compare:
            plain(commands.map { $0 + ["/bin/sh", "-c", LabCompareAction.survey] }, to: &section)
        case .shell(let action): shell(action, attempt, commands, to: &section)
        case .fetch(let action):
            plain(commands, to: &section)
            for file in action.files {
                section.lines.append("echo \(words.quoted("\(file.sha256)  "))\"$work\"/\(ShellWord.quoted(file.path)) | sha256sum -c -")
            }
        case .serve(let action):
            plain(commands, to: &section)
            let port = spec.server(action.server)?.inferencePort ?? "8080"
            section.lines.append("wait_for \(action.ready) answers \(words.quoted("http://127.0.0.1:\(port)/ping"))")
        case .register(let action):
            for command in commands { section.lines.append("api management " + words.line(Self.request(command)) + "; echo") }
            let port = spec.server(action.server)?.managementPort ?? "8081"
            section.lines.append("wait_for \(action.ready) ready \(words.quoted("http://127.0.0.1:\(port)/models/\(action.model)"))")
        case .predict(let action): predict(action, attempt, commands, to: &section)
        }
    }

    /// The words of a request after `curl`, without the header with the key.
    private static func request(_ command: [String]) -> [String] {
        var rest = Array(command.dropFirst())
        while let header = rest.firstIndex(where: { $0.hasPrefix("Authorization:") }), header > 0, rest[header - 1] == "-H" {
            rest.removeSubrange((header - 1)...header)
        }
        return rest
    }

    /// Commands as they were, after the folders that they mount.
    private func plain(_ commands: [[String]], to section: inout CommandScript.Section) {
        for command in commands {
            let mounted = zip(command, command.dropFirst()).filter { $0.0 == "-v" }.compactMap { pair in
                pair.1.split(separator: ":").first.map { words.quoted(String($0)) }
            }.filter { $0.hasPrefix("\"$work\"") }
            if !mounted.isEmpty { section.lines.append("mkdir -p \(mounted.joined(separator: " "))") }
            section.lines.append(words.line(command))
        }
    }

    // MARK: Images

    private func obtain(_ image: LabImage, _ attempt: ScriptHistory.Attempt, to section: inout CommandScript.Section) {
        let chosen = attempt.sources.last { $0.what == image.name }
        var reference = image.tag
        if let standIn = chosen.flatMap({ chosen in image.sources.first { $0.standInTag == chosen.source } }), let source = chosen?.source {
            reference = source
            section.notes.append(
                Text(en: "No registry had the original: this is a stand-in, made earlier.", zh: "没有镜像仓库能提供原镜像：这里使用之前制作的替代镜像。"))
            section.lines.append(Self.existing(source) + " || \(words.line(imported(standIn, as: source)))")
        } else {
            let pulls = image.sources.compactMap { if case .pull(let reference) = $0 { reference } else { nil } }
            let source = chosen?.source ?? pulls.first ?? image.tag
            reference = pulls.contains(source) ? source : pulls.first ?? source
            section.lines.append(Self.existing(reference) + " || " + words.line(DockerCommand.pull(source)))
            if source != reference { section.lines.append(words.line(["docker", "tag", source, reference])) }
        }
        if image.adapted { adapt(image, reference, attempt, to: &section) }
    }

    private static func existing(_ reference: String) -> String {
        "docker image inspect \(ShellWord.quoted(reference)) >/dev/null 2>&1"
    }

    private func imported(_ source: LabImageSource, as tag: String) -> [String] {
        let (standIn, command): (StandIn, [String]) =
            switch source {
            case .pull: (.busybox(files: []), [])
            case .debian(let suite, let include, _): (.debian(suite: suite, include: include), [])
            case .busybox(_, let command, let files): (.busybox(files: files), command)
            }
        let changes = command.isEmpty ? [] : ["CMD \(JSONText.array(command))"]
        return DockerCommand.importImage("\(lab.workspace.cache)/\(standIn.cacheName).tar", as: tag, changes: changes)
    }

    /// The base image with the settings of this machine's network.
    private func adapt(_ image: LabImage, _ reference: String, _ attempt: ScriptHistory.Attempt, to section: inout CommandScript.Section) {
        let name = attempt.images.last { $0 != reference } ?? image.tag
        guard let overlay = BaseOverlay(base: reference, debianSuite: image.debianSuite, network: network) else {
            section.lines.append(words.line(["docker", "tag", reference, name]))
            return
        }
        section.notes.append(
            Text(en: "This machine's certificates and mirrors, so that builds reach the network.", zh: "加入本机的证书和镜像源，使构建能够访问网络。"))
        section.lines.append("mkdir -p \"$work\"/base")
        let files = [("Dockerfile", Array(overlay.dockerfile.utf8))] + overlay.files.map { ($0.path, $0.bytes) }
        for (path, bytes) in files {
            let target = "\"$work\"/base/\(ShellWord.quoted(path))"
            if let lines = CommandScript.file(target, bytes, words) {
                section.lines += lines
            } else {
                section.notes.append(Text(en: "\(path) is left out: it holds a secret.", zh: "\(path) 含有密钥，未包含在内。"))
                section.lines.append(": >\(target)")
            }
        }
        section.lines.append("docker build -t \(words.quoted(name)) \"$work\"/base")
    }

    private func build(_ command: [String], to section: inout CommandScript.Section) {
        guard let start = command.firstIndex(of: "docker"), command.dropFirst(start).starts(with: ["docker", "build"]) else {
            return plain([command], to: &section)
        }
        var rest = Array(command.dropFirst(start + 2))
        var file = (rest.last ?? ".") + "/Dockerfile"
        if let option = rest.firstIndex(of: "-f"), option + 1 < rest.count {
            file = rest[option + 1]
            rest.removeSubrange(option...(option + 1))
        }
        // Without a value, Docker takes it from its own environment. Proxies may contain passwords.
        let proxies = network.proxyVariables.keys.sorted().flatMap { ["--build-arg", $0] }
        section.lines.append("build " + words.line([file] + proxies + rest))
    }

    // MARK: Files, shells, predictions

    private func write(_ action: LabFileAction, _ attempt: ScriptHistory.Attempt, to section: inout CommandScript.Section) {
        let place = PathBelow(action.path, in: lab.workspace.files(lab: lab.spec.id))
        guard let bytes = try? place.read(), !action.hasTemplate(bytes, in: lab.spec.directory) else {
            section.notes.append(Text(en: "The lab's own file is used: \(action.reference)", zh: "使用实验自带的文件：\(action.reference)"))
            return
        }
        let target = "\"$work\"/\(ShellWord.quoted(action.path))"
        let folder = Files.folder(of: action.path)
        if folder != "." { section.lines.append("mkdir -p \"$work\"/\(ShellWord.quoted(folder))") }
        if let lines = CommandScript.file(target, bytes, words) {
            section.notes.append(Text(en: "The student's file, as it is now.", zh: "学生编写的文件（当前内容）。"))
            section.lines += lines
        } else {
            section.notes.append(
                Text(en: "The student's file may hold a secret, so it isn't written here.", zh: "学生的文件可能含有密钥，因此不写在这里。"))
            section.lines.append("cp \(ShellWord.quoted(place.shown)) \(target)")
        }
    }

    private func shell(
        _ action: LabShellAction, _ attempt: ScriptHistory.Attempt, _ commands: [[String]], to section: inout CommandScript.Section
    ) {
        if attempt.hadShell {
            section.notes.append(
                Text(
                    en: "What was typed in this shell isn't recorded. These are the lab's own commands.",
                    zh: "在这个 shell 中输入的内容没有记录；以下是实验自带的命令。"))
        }
        let script = action.script.joined(separator: "\n") + "\n"
        for command in commands {
            let line = words.line(command.map { $0 == "-it" ? "-i" : $0 })
            // Without its commands, the shell must not wait for a person, or read the rest of this script.
            let document = CommandScript.file("", Array(script.utf8), words) ?? ["</dev/null"]
            section.lines += ["\(line) \(document.first?.drop { $0 != "<" } ?? "")"] + document.dropFirst()
        }
    }

    private func predict(
        _ action: LabPredictAction, _ attempt: ScriptHistory.Attempt, _ commands: [[String]], to section: inout CommandScript.Section
    ) {
        for (one, command) in zip(action.cases, commands) {
            let top = attempt.predictions.last { $0.picture == one.picture && $0.model == action.model }?.top.first
            if let top { section.lines.append(CommandScript.comment("\(one.picture): \(top.label)")) }
            section.lines.append("api inference " + words.line(Self.request(command)) + "; echo")
        }
    }
}
