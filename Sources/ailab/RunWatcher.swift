import ArgumentParser
import ContainerEngine
import Glibc
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// Starts runs and shows them; the runner process does the work.
struct RunWatcher: Sendable {
    let view: ViewFlags

    /// Starts a run and shows it to its end.
    func perform(_ lab: OpenedLab, _ selection: String, _ options: RunOptions) async throws -> RunEnding {
        var options = options
        // A program that reads the journal must not find a container's bytes in it.
        if view.json { options.terminal = false }
        let run = try lab.launch(selection, options)
        let interrupts = Interrupts(run)
        defer { interrupts.stop() }
        do {
            return try await show(FollowedRun(run, pace: pace), run.folder, attaches: options.terminal && !options.auto)
        } catch let error as LabError where error.code == .runLost && interrupts.happened {
            // Ended at once by a second Ctrl-C.
            throw ExitCodes.interrupted
        }
    }

    /// Shows a run to its end, and leaves with its exit code. `from` is the first event shown; `attaches` lends the terminal to the
    /// shells that the run asks for.
    func follow(_ workspace: Workspace, _ folder: RunFolder, attaches: Bool = false, from first: Int = 1) async throws {
        throw ExitCode(try await show(FollowedRun(workspace, folder, pace: pace), folder, attaches: attaches, from: first).exitCode)
    }

    /// Shows what some tasks of a run do until they have ended. Leaves with 0 if all of them succeeded.
    func follow(_ workspace: Workspace, _ folder: RunFolder, only tasks: Set<TaskID>) async throws {
        var printer = printer(folder)
        var progress = LabProgress()
        defer { printer.finish() }
        for try await case .events(let events) in FollowedRun(workspace, folder, pace: pace) {
            for event in events {
                progress.apply(event)
                if let task = event.task, tasks.contains(task) { printer.show(event) }
            }
            let part = progress.part(tasks)
            if part.isOver || part.isElsewhere { break }
        }
        let part = progress.part(tasks)
        guard !part.isElsewhere, let exitCode = part.exitCode else { throw Self.elsewhere(folder) }
        throw ExitCode(exitCode)
    }

    /// Somebody looks at a terminal. A pipe gets larger pieces.
    private var pace: FolderWakeups.Pace { isatty(STDOUT_FILENO) == 1 ? .screen : .pipe }

    private func printer(_ folder: RunFolder) -> any EventPrinter {
        view.json ? JSONPrinter() : PlainPrinter(folder: folder, plain: view.plain)
    }

    private func show(_ run: FollowedRun, _ folder: RunFolder, attaches: Bool, from first: Int = 1) async throws -> RunEnding {
        var printer = printer(folder)
        var engine: EngineConnected?
        defer { printer.finish() }
        for try await news in run {
            switch news {
            case .events(let events):
                for event in events {
                    if event.sequence >= first { printer.show(event) }
                    if case .engineConnected(let connected) = event.payload { engine = connected }
                    if case .shellReady(let shell) = event.payload, attaches, event.sequence >= first {
                        printer.pause()
                        try await visit(shell.container, engine: engine)
                    }
                }
            case .ended(let ending):
                if let words = ending.lastWords { Console.write(words, to: STDERR_FILENO) }
                return ending
            }
        }
        throw CancellationError()
    }

    /// Lends the terminal to a container. Returns when the container has ended; a student who leaves it leaves the program too.
    private func visit(_ container: String, engine: EngineConnected?) async throws {
        let words = Words(language: Console.language)
        do {
            guard let visit = try await ShellVisit.open(container: container, engine: engine?.endpoint, environment: Console.environment)
            else {
                return
            }
            switch try await ShellAttacher(visit).attach() {
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
            Console.error(words.shellUnattached(container, engine))
            throw ExitCodes.failed
        }
        throw ExitCode.success
    }

    private static func elsewhere(_ folder: RunFolder) -> LabError {
        LabError(
            .usageRun, Text(en: "Run \(folder.number) doesn't include any of those steps.", zh: "运行 \(folder.number) 不包含所指定的步骤。"),
            hint: Text(en: "`ailab logs -f` follows everything that it does.", zh: "`ailab logs -f` 会跟踪它的全部内容。"))
    }
}
