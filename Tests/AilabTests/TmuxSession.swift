import Glibc
import LabSupport
import TestSupport

/// A shell in a tmux of the test's own, with the test at the keyboard: what a person sees, resizes and loses.
final class TmuxSession: Sendable {
    /// What the shell shows when it waits for a command.
    private static let prompt = "ready>"

    private let folder: TemporaryDirectory
    private let program: String
    private let environment: [String: String]

    /// A terminal with a shell that has `environment` and nothing else.
    private init(_ environment: [String: String], columns: Int, rows: Int) async throws {
        folder = try TemporaryDirectory()
        guard let program = ExecutableLookup(path: "/usr/bin:/usr/local/bin:/bin").find("tmux") else { throw TmuxMissing() }
        self.program = program
        // TERM is tmux's business; the socket's place, too, so that no server of a person's is touched.
        self.environment = environment.filter { $0.key != "TERM" }
        let configuration = "set -g status off\nset -s escape-time 0\nset -g default-terminal tmux-256color\n"
        try Files.write(Array(configuration.utf8), to: folder.path + "/tmux.conf")
        try await tmux(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "/usr/bin/env", "PS1=\(Self.prompt) ", "/bin/sh"])
        try await shows(Self.prompt)
    }

    /// Runs a test's body in a terminal that is gone behind it, with everything in it.
    static func with(
        _ environment: [String: String], columns: Int = 80, rows: Int = 24, _ body: (TmuxSession) async throws -> Void
    ) async throws {
        let session = try await TmuxSession(environment, columns: columns, rows: rows)
        do {
            try await body(session)
        } catch {
            await session.hangUp()
            throw error
        }
        await session.hangUp()
    }

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let lines = Locked<[String]>([])
        let command = ChildCommand(
            program, ["-S", folder.path + "/socket", "-f", folder.path + "/tmux.conf"] + arguments, environment: environment,
            timeout: .seconds(20))
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line.text) } }
        let text = lines.withLock { $0 }.joined(separator: "\n")
        guard result.exitCode == 0 else { throw Missing(words: "tmux \(arguments.joined(separator: " "))", screen: text) }
        return text
    }

    /// The visible text, a line a row.
    func screen() async throws -> String { try await tmux(["capture-pane", "-p"]) }

    /// Types text as it is.
    func type(_ text: String) async throws { try await tmux(["send-keys", "-l", text]) }

    /// Presses keys by tmux's names: `Enter`, `C-c`, `F1`, `Escape`.
    func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// Types a command and Enter.
    func command(_ text: String) async throws {
        try await type(text)
        try await press("Enter")
    }

    /// Resizes the terminal, without waiting for it.
    func beginResize(columns: Int, rows: Int) async throws { try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"]) }

    /// Resizes the terminal, and waits until the programs in it can know.
    func resize(columns: Int, rows: Int) async throws {
        try await beginResize(columns: columns, rows: rows)
        let path = try await tmux(["display-message", "-p", "#{pane_tty}"])
        let terminal = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { throw SystemFailure(call: "open", number: errno) }
        defer { close(terminal) }
        try await eventually {
            var size = winsize()
            return ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0 && Int(size.ws_col) == columns && Int(size.ws_row) == rows
        }
    }

    /// Waits until the screen shows these words, all of them at once.
    func shows(_ words: String..., within limit: Duration = .seconds(30)) async throws {
        try await waits(for: words.joined(separator: "” and “"), within: limit) { screen in words.allSatisfy { screen.contains($0) } }
    }

    /// Waits until the screen no longer shows these words.
    func hides(_ words: String) async throws { try await waits(for: "no “\(words)”") { !$0.contains(words) } }

    /// Waits for something about the screen.
    func waits(for what: String, within limit: Duration = .seconds(30), _ holds: (String) -> Bool) async throws {
        let end = ContinuousClock.now + limit
        while true {
            let now = try await screen()
            if holds(now) { return }
            guard ContinuousClock.now < end else { throw Missing(words: what, screen: now) }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// Waits until the shell is at its prompt: the last line that is not empty.
    func isBack() async throws {
        try await waits(for: Self.prompt) { screen in
            let last = screen.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) } ?? ""
            return last.hasPrefix(Self.prompt) && last.filter { !$0.isWhitespace } == Self.prompt
        }
    }

    /// The terminal's settings as `stty` names them, asked for at the shell's prompt.
    func settings() async throws -> String {
        let file = "\(folder.path)/stty-\(UInt32.random(in: 0 ... .max))"
        // The answer to an earlier question may still be on the screen.
        let number = Int.random(in: 1000..<1_000_000)
        try await command("clear; stty -a > \(file); echo asked $((\(number) + 1))")
        try await shows("asked \(number + 1)")
        // The first line tells the size, which is nobody's to restore.
        return try Files.text(file).split(separator: "\n").dropFirst().joined(separator: "\n")
    }

    /// Whether a program has the alternate screen.
    func isAlternate() async throws -> Bool { try await tmux(["display-message", "-p", "#{alternate_on}"]) == "1" }

    /// Whether a program asked for reports of the mouse.
    func reportsMouse() async throws -> Bool { try await tmux(["display-message", "-p", "#{mouse_any_flag}"]) == "1" }

    /// Whether the cursor is to be seen.
    func showsCursor() async throws -> Bool { try await tmux(["display-message", "-p", "#{cursor_flag}"]) == "1" }

    /// The process that the shell waits for.
    func child() async throws -> pid_t {
        let shell = try await tmux(["display-message", "-p", "#{pane_pid}"])
        let children = Locked("")
        try await eventually {
            let text = (try? Files.text("/proc/\(shell)/task/\(shell)/children")) ?? ""
            children.withLock { $0 = text }
            return !text.isEmpty
        }
        let first = children.withLock { $0 }.split(separator: " ").first.flatMap { pid_t($0) }
        guard let first else { throw Missing(words: "a child of \(shell)", screen: "") }
        return first
    }

    /// Takes the terminal away under whatever is in it.
    func hangUp() async { _ = try? await tmux(["kill-server"]) }

    /// What never appeared, and what stood there instead.
    struct Missing: Error, CustomStringConvertible {
        var words: String
        var screen: String

        var description: String { "never seen: “\(words)”; the screen:\n\(screen)" }
    }

    struct TmuxMissing: Error, CustomStringConvertible {
        var description: String { "This test needs tmux; `scripts/install-deps.sh --tests` installs it." }
    }
}
