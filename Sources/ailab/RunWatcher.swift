import ArgumentParser
import ContainerEngine
import Diagnosis
import Dispatch
import Glibc
import HTTPTransport
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// Starts runs and shows them; the work itself is the runner process's.
struct RunWatcher {
    let workspace: Workspace
    let labFile: String
    let view: ViewFlags

    /// How a run ended, and what was found out about its failures.
    struct Ending: Sendable {
        var exitCode: Int32
        var findings: [Finding]
    }

    /// Starts a run and shows it to its end. Leaves with its exit code.
    func start(_ selection: String, _ options: RunOptions) async throws {
        throw ExitCode(try await carryOut(selection, options).exitCode)
    }

    /// Starts a run and shows it to its end.
    func carryOut(_ selection: String, _ options: RunOptions) async throws -> Ending {
        var options = options
        // A program that reads the journal must not find a container's bytes in it.
        if view.json { options.terminal = false }
        let run = try Launch(workspace, labFile: labFile).start(selection, options)
        let interrupts = Interrupts(pid: run.pid)
        defer { interrupts.stop() }
        do {
            return try await watch(run.folder, launched: run.pid, attaches: options.terminal && !options.auto)
        } catch let error as LabError where error.code == "run.lost" && interrupts.happened {
            // Ended at once by a second Ctrl-C.
            throw ExitCodes.interrupted
        }
    }

    /// Shows a run to its end, and leaves with its exit code. `from` is the first event shown; `attaches` lends the terminal to the
    /// shells that the run asks for.
    func follow(_ folder: RunFolder, launched pid: Int32? = nil, attaches: Bool = false, from first: Int = 1) async throws {
        throw ExitCode(try await watch(folder, launched: pid, attaches: attaches, from: first).exitCode)
    }

    /// Shows what some tasks of a run do until they have ended. Leaves with 0 where all of them went well.
    func follow(_ folder: RunFolder, only tasks: Set<TaskID>) async throws {
        var printer: any EventPrinter = view.json ? JSONPrinter() : PlainPrinter(folder: folder, plain: view.plain)
        var progress = LabProgress()
        for await events in RunFollower(workspace, folder) {
            for event in events {
                progress.apply(event)
                if let task = event.task, tasks.contains(task) { printer.show(event) }
            }
            let part = progress.part(tasks)
            if part.isOver || part.isElsewhere { break }
        }
        printer.finish()
        let part = progress.part(tasks)
        guard !part.isElsewhere else { throw Self.elsewhere(folder) }
        guard let exitCode = part.exitCode else { throw Self.lost(folder) }
        throw ExitCode(exitCode)
    }

    private func watch(_ folder: RunFolder, launched pid: Int32?, attaches: Bool, from first: Int = 1) async throws -> Ending {
        var printer: any EventPrinter = view.json ? JSONPrinter() : PlainPrinter(folder: folder, plain: view.plain)
        var exitCode: Int32?
        var engine: String?
        var findings: [Finding] = []
        for await events in RunFollower(workspace, folder, launched: pid) {
            for event in events {
                if event.sequence >= first { printer.show(event) }
                if case .engineConnected(let connected) = event.payload { engine = connected.endpoint }
                if case .runFinished(let end) = event.payload { exitCode = end.exitCode }
                if case .finding(let finding) = event.payload { findings.append(finding) }
                if case .shellReady(let shell) = event.payload, attaches, event.sequence >= first {
                    printer.pause()
                    try await visit(shell.container, engine: engine)
                }
            }
        }
        printer.finish()
        if exitCode == nil { exitCode = pid.flatMap { Self.lastWords(of: $0, folder) } }
        guard let exitCode else { throw Self.lost(folder) }
        return Ending(exitCode: exitCode, findings: findings)
    }

    /// Lends the terminal to a container. Returns when the container has ended; a student who leaves it leaves the program too.
    private func visit(_ container: String, engine: String?) async throws {
        let words = Words(language: Console.language)
        do {
            let docker = try await EngineFinder.reach(engine, http: CurlHTTPClient.shared, environment: Console.environment)
            switch try await ShellAttacher(docker, container: container).attach() {
            case .ended: return
            case .left: Console.error(words.shellLeft(container))
            case .lost: Console.error(words.shellLost(container))
            }
        } catch let exit as ExitCode {
            throw exit
        } catch {
            ErrorPrinter.print(LabError(describing: error))
            // A container that could not be started ends the task, and the journal says so.
            if case .start? = (error as? DockerError)?.operation { return }
            Console.error(words.shellUnattached(container))
            throw ExitCodes.failed
        }
        throw ExitCode.success
    }

    /// A runner that could not even begin its journal has said why on its standard error, as any command would have.
    private static func lastWords(of pid: Int32, _ folder: RunFolder) -> Int32? {
        guard let code = RunnerProcess.exitCode(of: pid), (1...3).contains(code) else { return nil }
        guard let words = try? Files.text(folder.runnerLog), !words.isEmpty else { return nil }
        Console.write(words, to: STDERR_FILENO)
        return code
    }

    private static func elsewhere(_ folder: RunFolder) -> LabError {
        LabError(
            "usage.run", Text(en: "Run \(folder.number) does nothing of what was asked for.", zh: "运行 \(folder.number) 不包含所指定的步骤。"),
            hint: Text(en: "`ailab logs -f` follows all that it does.", zh: "`ailab logs -f` 会跟踪它的全部内容。"))
    }

    private static func lost(_ folder: RunFolder) -> LabError {
        LabError(
            "run.lost",
            Text(en: "The runner of run \(folder.number) ended without a word.", zh: "运行 \(folder.number) 的执行进程意外消失。"),
            hint: Text(
                en:
                    "Nothing is lost: run the same step again. Containers that still run are taken over. \(folder.runnerLog) may say why it ended.",
                zh: "没有丢失任何结果：再次运行同一步骤即可，仍在运行的容器会被接管。原因可能记录在 \(folder.runnerLog)。"),
            cause: (try? Files.text(folder.runnerLog)).map { String($0.suffix(2000)) })
    }
}

/// Signals that end something in an orderly way for as long as it goes on, instead of ending this program.
final class Interrupts {
    /// What each signal does now; without an entry it ends the program.
    private static let reactions = Locked<[Int32: @Sendable () -> Void]>([:])
    private static let heard = Locked<Set<Int32>>([])

    private let signals: [Int32]
    private let count: Locked<Int>

    /// Whether one came, such as by Ctrl-C.
    var happened: Bool { count.withLock { $0 > 0 } }

    /// Ctrl-C asks the runner to cancel; a second one ends it at once.
    convenience init(pid: Int32) {
        self.init(on: [SIGINT]) { times in
            kill(pid, times == 1 ? SIGTERM : SIGKILL)
            guard times == 1 else { return }
            Console.error(
                Text(en: "\nCancelling… (Ctrl-C again ends it at once)", zh: "\n正在取消……（再按一次 Ctrl-C 立即结束）")[Console.language])
        }
    }

    /// `react` gets how many came so far.
    private init(on signals: [Int32], _ react: @escaping @Sendable (_ times: Int) -> Void) {
        let count = Locked(0)
        self.count = count
        self.signals = signals
        for number in signals {
            Self.reactions.withLock { reactions in
                reactions[number] = {
                    react(
                        count.withLock { count in
                            count += 1
                            return count
                        })
                }
            }
            Self.hear(number)
        }
    }

    /// A signal is listened to from its first use on: Dispatch puts its handler in place once, and a second source would hear nothing.
    private static func hear(_ number: Int32) {
        guard heard.withLock({ $0.insert(number).inserted }) else { return }
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            guard let react = reactions.withLock({ $0[number] }) else { exit(ExitCodes.interrupted.rawValue) }
            react()
        }
        source.activate()
        _ = Unmanaged.passRetained(source as AnyObject)
    }

    /// Does work that Ctrl-C and SIGTERM cancel: what it started is ended and what it left half done put back, before 130 is thrown.
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task { try await work() }
        let interrupts = Interrupts(on: [SIGINT, SIGTERM]) { times in
            task.cancel()
            guard times == 1 else { return }
            Console.error(Text(en: "\nCancelling…", zh: "\n正在取消……")[Console.language])
        }
        defer { interrupts.stop() }
        let ending = await task.result
        if interrupts.happened { throw ExitCodes.interrupted }
        return try ending.get()
    }

    func stop() {
        Self.reactions.withLock { reactions in
            for number in signals { reactions[number] = nil }
        }
    }
}
