import CSystem
import Glibc
import LabSupport
import TestSupport

/// A program on a terminal, with the test at the keyboard.
final class TerminalSession: Sendable {
    let pid: pid_t
    private let master: Int32
    private let seen = Locked<[UInt8]>([])

    init(_ command: ChildCommand, columns: Int32 = 80, rows: Int32 = 24) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] = ([command.executable] + command.arguments).map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var master: Int32 = -1
        var pid: pid_t = 0
        let failed = cs_spawn_on_terminal(command.executable, &arguments, &environment, columns, rows, &master, &pid)
        guard failed == 0 else { throw SystemFailure(call: "spawn", number: failed) }
        self.master = master
        self.pid = pid
        PosixThread.start { [seen, master] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(master, &buffer, buffer.count)
                // EIO: the last program on the terminal has gone.
                guard count > 0 else { return }
                seen.withLock { $0 += buffer[..<count] }
            }
        }?.detach()
    }

    /// A session that a failed test leaves must not stay a zombie: Swift Testing's own wait for children would turn around it for ever, and
    /// the next test of an exit would never end. The process id is still its own only if waiting finds it alive.
    deinit {
        guard waitpid(pid, nil, WNOHANG) == 0 else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Everything that came so far.
    var text: String { String(decoding: seen.withLock { $0 }, as: UTF8.self) }

    func type(_ text: String) { _ = Files.writeAll(Array(text.utf8), to: master) }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Whether lines are edited and echoed, as before a program made the terminal raw.
    var isCooked: Bool {
        var settings = termios()
        tcgetattr(master, &settings)
        let wanted = tcflag_t(ICANON | ECHO | ISIG)
        return settings.c_lflag & wanted == wanted
    }

    /// Waits for words on the screen.
    func shows(_ words: String) async throws {
        do {
            try await eventually { text.contains(words) }
        } catch {
            throw Missing(words: words, text: text)
        }
    }

    struct Missing: Error {
        var words: String
        var text: String
    }
}
