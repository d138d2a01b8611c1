import ContainerEngine
import Glibc
import HTTPTransport
import LabSupport
import LabTUI

/// Gives the terminal to a container and takes it back.
struct ShellAttacher {
    /// How the visit ended.
    enum End: Sendable, Equatable {
        /// The container has ended.
        case ended
        /// The student left it running.
        case left
        /// It still runs, and the connection to it is gone.
        case lost
    }

    private let docker: DockerClient
    private let container: String

    init(_ docker: DockerClient, container: String) {
        self.docker = docker
        self.container = container
    }

    /// Attaches this terminal, starts the container unless it runs already, and returns when either side has enough.
    func attach() async throws -> End {
        let state = try await docker.inspectContainer(container).state
        guard state.isRunning || state.status == .created else { return .ended }
        // Before the start, or the first words would be lost.
        let connection = try await docker.attach(container)
        let terminal = try Self.lend()
        defer { terminal.takeBack() }
        if !state.isRunning { try await docker.startContainer(container) }
        let end = await passBytes(connection, terminal, isNew: !state.isRunning)
        terminal.takeBack()
        // Whatever stood in the last line, what follows begins at the left.
        Console.write("\n", to: STDOUT_FILENO)
        if end == .hungUp { throw ExitCodes.interrupted }
        return end == .left ? .left : await howItEnded()
    }

    private static func lend() throws(LabError) -> LentTerminal {
        do {
            return try LentTerminal(STDIN_FILENO)
        } catch {
            throw LabError(
                "usage.terminal", Text(en: "This terminal cannot be handed over.", zh: "无法移交这个终端。"),
                hint: Text(en: "`--auto` runs the shell's commands instead.", zh: "使用 `--auto` 可改为自动执行 shell 中的命令。"),
                cause: String(cString: strerror(error.errno)), errno: error.errno)
        }
    }

    private func passBytes(_ connection: RawConnection, _ terminal: LentTerminal, isNew: Bool) async -> TerminalBridge.End {
        let (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let resizing = Task {
            await tellSize(redraws: !isNew)
            for await _ in changes { await tellSize(redraws: false) }
        }
        defer { resizing.cancel() }
        return await TerminalBridge(connection, terminal) { changed.yield() }.run()
    }

    /// Tells the container the terminal's size. Right after the start the engine may not know its terminal yet, so it is tried again.
    private func tellSize(redraws: Bool) async {
        for attempt in 0..<8 {
            guard !Task.isCancelled, let size = TerminalSize(of: STDOUT_FILENO) else { return }
            do {
                // A shell that was left draws its prompt again when the size changes, and only then.
                if redraws { try await docker.resizeContainer(container, columns: size.columns + 1, rows: size.rows) }
                try await docker.resizeContainer(container, columns: size.columns, rows: size.rows)
                return
            } catch {
                try? await Task.sleep(for: .milliseconds(20 << attempt))
            }
        }
    }

    /// The connection ends a moment before the engine knows that the container has.
    private func howItEnded() async -> End {
        for _ in 0..<20 {
            guard let state = try? await docker.containerIfPresent(container)?.state, state.isRunning else { return .ended }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return .lost
    }
}
