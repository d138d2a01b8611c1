import Glibc
import LabEngine
import LabSupport
import LabTUI

/// Lends the terminal to a container's shell and takes it back.
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

    private let visit: ShellVisit

    init(_ visit: ShellVisit) { self.visit = visit }

    /// Gives the terminal to the container, starts it unless it runs already, and returns when either side has enough.
    func attach() async throws -> End {
        let terminal = try Self.lend()
        defer { terminal.takeBack() }
        try await visit.start()
        let end = await passBytes(terminal)
        terminal.takeBack()
        // Whatever stood in the last line, what follows begins at the left.
        Console.write("\n", to: STDOUT_FILENO)
        if end == .hungUp { throw ExitCodes.interrupted }
        if end == .left { return .left }
        return await visit.hasEnded() ? .ended : .lost
    }

    private static func lend() throws(LabError) -> LentTerminal {
        do {
            return try LentTerminal(STDIN_FILENO)
        } catch {
            throw LabError(
                .usageTerminal, Text(en: "This terminal cannot be handed over.", zh: "无法移交这个终端。"),
                hint: Text(en: "`--auto` runs the shell's commands instead.", zh: "使用 `--auto` 可改为自动执行 shell 中的命令。"),
                cause: String(cString: strerror(error.errno)), errno: error.errno)
        }
    }

    private func passBytes(_ terminal: LentTerminal) async -> TerminalBridge.End {
        let (changes, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let resizing = Task {
            await tellSize(redraws: visit.isRunning)
            for await _ in changes { await tellSize(redraws: false) }
        }
        defer { resizing.cancel() }
        return await TerminalBridge(visit.connection, terminal) { changed.yield() }.run()
    }

    private func tellSize(redraws: Bool) async {
        guard let size = TerminalSize(of: STDOUT_FILENO) else { return }
        await visit.resize(columns: size.columns, rows: size.rows, redraws: redraws)
    }
}
