import ContainerEngine
package import Diagnosis
import Glibc
import HTTPTransport
import LabFile
import LabRunner
package import LabSupport

/// A fault that exists now: in a container and a folder of its own, which nothing of the student's touches.
///
/// Before anything is changed, a record says what will be. `BreakUndo` reads it, in this process or in a later one.
package struct BreakSession: Sendable {
    /// What the student sees.
    package struct Symptom: Sendable {
        /// The command line that failed.
        package var command: String
        package var output: String
        package var exitCode: Int
    }

    package let fault: BreakFault
    /// The name of the container.
    package let container: String
    private let workspace: Workspace
    private let docker: DockerClient
    private let image: String
    private let lock: BreakLock

    /// Chooses the image, and removes what an earlier fault left. Throws `workspace.busy` while another process has a fault.
    package init(_ fault: BreakFault, in lab: OpenedLab) async throws {
        guard let lock = BreakLock(lab.workspace) else { throw BreakUndo.busy }
        self.lock = lock
        self.fault = fault
        workspace = lab.workspace
        container = "ailab-break-\(lab.workspace.id)"
        let http = CurlHTTPClient.shared
        let run = try RunContext(
            filling: lab.spec, engine: RunEngine(http: http, environment: lab.environment), http: http, workspace: workspace, run: 0,
            options: RunOptions(), device: "cpu", environment: lab.environment, journal: .discarding())
        docker = try await run.docker
        var before = docker
        // A fault that a killed process left may be on an engine that isn't used now.
        if let record = BreakRecord.read(workspace), record.engine != docker.endpoint.dockerHost {
            before = try await EngineFinder.reach(record.engine, http: http, environment: lab.environment)
        }
        try await BreakUndo.clean(workspace, before)
        // Without a record, it's not ours.
        guard !Files.exists(BreakRecord.folder(workspace)) else { throw Files.error(EEXIST, BreakRecord.folder(workspace)) }
        image = try await BreakBase(fault.base, run).image()
    }

    /// Brings the fault about and types the command that fails.
    package func begin() async throws -> Symptom {
        try BreakRecord(fault: fault.number, engine: docker.endpoint.dockerHost).write(workspace)
        let folder = BreakRecord.folder(workspace) + "/files"
        try Files.makeDirectory(folder, mode: 0o755)
        for file in fault.files { try Files.write(Array(file.text.utf8), to: "\(folder)/\(file.name)", mode: file.mode) }
        let config = config(folder)
        _ = try await docker.createContainer(config, name: container)
        if fault.setting.entrypoint != nil { return try await start(config) }
        try await docker.startContainer(container)
        if let preparation = fault.preparation { try await prepare(preparation) }
        if fault.setting.isKilled { try await docker.stopContainer(container, grace: .zero) }
        return try await type()
    }

    private func config(_ folder: String) -> ContainerConfig {
        var config = ContainerConfig(image: image)
        let setting = fault.setting
        // A tail that waits needs nothing and ends at once.
        config.entrypoint = setting.entrypoint ?? ["tail", "-f", "/dev/null"]
        config.command = []
        config.usesInit = setting.entrypoint == nil
        config.memory = setting.memory
        config.sharedMemory = setting.sharedMemory
        config.user = setting.user
        config.environment = setting.environment
        config.labels = [
            Label.fault: "\(fault.number)", Label.workspace: workspace.id, Label.container: container,
        ]
        config.mounts = [ContainerMount(source: folder, target: "/work")]
        if let bytes = setting.dataBytes { config.mounts.append(ContainerMount(.tmpfs, source: "", target: "/data", bytes: bytes)) }
        return config
    }

    /// The container's own start is what fails: the engine refuses it, or the program ends at once.
    private func start(_ config: ContainerConfig) async throws -> Symptom {
        var shown = config
        shown.labels = [:]
        let command = kind.spoken(command: ShellWord.line(DockerCommand.run(shown, name: container)))
        do {
            try await docker.startContainer(container)
        } catch let error as DockerError {
            return Symptom(command: command, output: "docker: Error response from daemon: \(error.message)", exitCode: Self.notStarted)
        }
        let exitCode = try await docker.beginWait(container).exitCode()
        let logs = try await docker.logs(container).collect(limit: Self.outputLimit)
        return Symptom(command: command, output: Self.text(logs.stdout + logs.stderr), exitCode: exitCode)
    }

    /// What Docker's client exits with if the engine can't start a container.
    private static let notStarted = 126
    private static let outputLimit = 1 << 20

    /// The commands with which the student can look around.
    package var looks: [String] {
        let commands =
            fault.setting.entrypoint == nil && !fault.setting.isKilled
            ? ["docker exec -it \(container) sh", "docker inspect \(container)"]
            : ["docker inspect \(container)", "docker logs \(container)"]
        return commands.map { kind.spoken(command: $0) }
    }

    /// A hint or a lesson with the commands of the engine's own program.
    package func spoken(_ text: Text) -> Text { kind.spoken(text) }

    private var kind: EngineKind { EngineKind(ping: docker.ping) }

    private func prepare(_ script: String) async throws {
        let result = try await docker.exec(container, ExecConfig(["sh", "-c", script]), limit: Self.outputLimit)
        guard result.exitCode == 0 else {
            throw LabError(
                .containerExit, Text(en: "The fault could not be brought about.", zh: "无法制造这个故障。"),
                cause: Self.text(result.stdout + result.stderr), exitCode: result.exitCode)
        }
    }

    private func type() async throws -> Symptom {
        let config = ExecConfig(["sh", "-c", fault.command])
        let command = kind.spoken(command: ShellWord.line(DockerCommand.exec(container, config)))
        do {
            let result = try await docker.exec(container, config, limit: Self.outputLimit)
            return Symptom(command: command, output: Self.text(result.stdout + result.stderr), exitCode: result.exitCode)
        } catch let error as DockerError {
            return Symptom(command: command, output: "Error response from daemon: \(error.message)", exitCode: 1)
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { SafeLines.clean(text: String(decoding: bytes, as: UTF8.self)) }

    /// The possible answers: the causes with their titles, the right one among them.
    package var choices: [(cause: String, title: Text)] {
        ([fault.cause] + fault.others).sorted().map { cause in
            (cause, SymptomLoader.builtIn.causes.first { $0.id == cause }?.title ?? Text(verbatim: cause))
        }
    }

    /// What the diagnosis says of the symptom.
    package func findings(_ symptom: Symptom) -> [Finding] {
        // A signal leaves no words, only its exit code, which the student sees, too.
        let isSignal = symptom.exitCode > Self.firstSignal
        let seen = symptom.output + (isSignal ? "\nexit code \(symptom.exitCode)\n" : "")
        return OutputDiagnosis.findings(in: Array(seen.utf8), failure: nil)
    }

    /// A shell reports a signal as this and its number.
    private static let firstSignal = 128

    /// Removes the container and the folder.
    package func undo() async throws { try await BreakUndo.clean(workspace, docker) }
}

/// The image of a fault's container: one that the lab already has here, so that nothing has to be fetched.
private struct BreakBase {
    private let base: BreakFault.Base
    private let run: RunContext

    init(_ base: BreakFault.Base, _ run: RunContext) {
        self.base = base
        self.run = run
    }

    /// Throws `image.notMade` with the sub-step that makes it.
    func image() async throws -> String {
        for (task, name) in candidates {
            let reference = try await run.reference(name)
            if try await run.docker.imageIfPresent(reference) != nil { return reference }
            guard task.id == candidates.last?.0.id else { continue }
            throw LabError(
                .imageNotMade, Text(en: "The image \(name) isn't here yet.", zh: "还没有镜像 \(name)。"),
                hint: Text(en: "Do sub-step \(maker(of: name) ?? task.id) first.", zh: "请先完成第 \(maker(of: name) ?? task.id) 小节。"))
        }
        throw LabError(
            .imageNotMade, Text(en: "This lab has no image for this fault.", zh: "本实验没有适合这个故障的镜像。"),
            hint: Text(en: "`ailab break --list` shows the others.", zh: "`ailab break --list` 会列出其他故障。"))
    }

    /// The sub-step that builds or gets an image.
    private func maker(of image: String) -> TaskID? {
        run.spec.tasks.first { task in
            switch task.action {
            case .build(let build): ImageReference(build.tag) == ImageReference(image)
            case .image(let get): run.spec.image(get.name).map { ImageReference($0.tag) == ImageReference(image) } ?? false
            case .read, .facts, .file, .run, .shell, .exec, .containers, .compare, .copy, .fetch, .serve, .archive, .register, .predict,
                .stop, .limits, .tune, .rollout, .gpus, .group, .experiment, .cluster:
                false
            }
        }?.id
    }

    private var candidates: [(LabTask, String)] {
        run.spec.tasks.compactMap { task in
            guard let container = task.action.startedContainer else { return nil }
            switch (base, task.action) {
            case (.serving, .serve): return (task, container.image)
            // That it's entered shows that the image has a shell.
            case (.shell, .shell): return (task, container.image)
            case (.serving, _), (.shell, _): return nil
            }
        }
    }
}
