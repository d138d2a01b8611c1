import Glibc
import LabEngine
import LabRunner
import LabSupport
import LabTUI

/// The two streams of a command line program: results on standard output, progress and advice on standard error.
enum Console {
    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return variables
    }()

    /// Opens the standard streams that the caller closed, before a file of the program's own gets their number and what is printed.
    static func secureDescriptors() {
        for descriptor in 0...2 where fcntl(Int32(descriptor), F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    /// The language of everything that is printed: `AILAB_LANG`, or else the workspace's setting, or else the system's.
    static let language: Language = {
        if let own = environment["AILAB_LANG"], !own.isEmpty { return Language.preferred(in: environment) }
        return preferences.language ?? Language.preferred(in: environment)
    }()

    /// The value of an option, read from the command's words before they are understood.
    static func word(after option: String) -> String? {
        let words = OwnProgram.arguments
        if let index = words.firstIndex(of: option), words.indices.contains(index + 1) { return words[index + 1] }
        return words.first { $0.hasPrefix("\(option)=") }.map { String($0.dropFirst(option.utf8.count + 1)) }
    }

    /// The student's choices, saved in the workspace that this command works in.
    static let preferences: Preferences = {
        var variables = Console.environment
        variables["AILAB_HOME"] = word(after: "--home") ?? variables["AILAB_HOME"]
        return Preferences(workspace: Workspace.defaultRoot(environment: variables))
    }()
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1
    static let inputIsTerminal = isatty(STDIN_FILENO) == 1
    /// Lines alone are wanted: from the environment, or by the flags that say so.
    static let wantsLines =
        !["", "0"].contains(environment["AILAB_LINEAR"] ?? "") || OwnProgram.arguments.contains { ["--linear", "--plain"].contains($0) }
    /// Cures were asked for already.
    static let carriesCuresOut = OwnProgram.arguments.contains("--fix")
    /// Whether a screen can be drawn here, and is wanted.
    static var hasScreen: Bool {
        let terminal = environment["TERM"] ?? ""
        return inputIsTerminal && outputIsTerminal && !wantsLines && !terminal.isEmpty && terminal != "dumb"
    }
    /// Whether a line can be drawn again and again on standard error.
    static let hasLiveLine = errorIsTerminal && !["", "dumb"].contains(environment["TERM"] ?? "") && !wantsLines
    static let usesColor =
        outputIsTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb" && !wantsLines

    /// The text with nothing in it that a terminal obeys, except this program's own marks for bold and dim. Whatever is printed passes here:
    /// names in a lab file, a container's words, an engine's errors and the journals of others may contain anything.
    static func safe(_ text: String) -> String {
        if HarmlessText.isPlain(text, linesAllowed: true) { return text }
        var result = ""
        var rest = Substring(text).unicodeScalars
        while !rest.isEmpty {
            let part = rest.prefix { Style.Mark($0) == nil }
            result += clean(String(part))
            rest = rest[part.endIndex...]
            if let mark = rest.popFirst().flatMap(Style.Mark.init), usesColor { result += mark.sequence }
        }
        return result
    }

    private static func clean(_ text: String) -> String {
        SafeLines.clean(text: text) + (text.utf8.last == 0x0A ? "\n" : "")
    }

    /// A result. One that cannot be delivered ends the program: a file that is cut short must not look complete. `marksLinks`: a click opens
    /// the web addresses in it, if the terminal knows how.
    static func output(_ text: String, marksLinks: Bool = false) {
        // Marked last, because the marks are what a text must not bring along.
        let line = marksLinks ? Links.marked(safe(text + "\n")) : safe(text + "\n")
        deliver(line)
    }

    /// The parser's own text, such as a script for a shell, unfiltered.
    static func parserOutput(_ text: String) { deliver(text + "\n") }

    private static func deliver(_ text: String) {
        let failed = put(text, to: STDOUT_FILENO)
        guard failed != 0, failed != EPIPE, failed != EBADF else { return }
        ErrorPrinter.print(Files.error(failed, language == .zh ? "标准输出" : "standard output"))
        ExitCodes.leave(ExitStatus.blocked)
    }

    /// The same for what goes on without an end: false once nobody reads it any more, such as behind `| head`.
    static func goesOn(_ text: String) -> Bool {
        let failed = write(text + "\n", to: STDOUT_FILENO)
        if failed == EPIPE || failed == EBADF { return false }
        if failed == 0 { return true }
        ErrorPrinter.print(Files.error(failed, language == .zh ? "标准输出" : "standard output"))
        ExitCodes.leave(ExitStatus.blocked)
    }

    static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// A text without a line end. Returns 0 or an errno.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Int32 { put(safe(text), to: descriptor) }

    /// Writes that go on now, and when the first of them began.
    private static let writes = Locked((count: 0, since: ContinuousClock.now))

    private static func put(_ text: String, to descriptor: Int32) -> Int32 {
        writes.withLock { writes in
            if writes.count == 0 { writes.since = .now }
            writes.count += 1
        }
        defer { writes.withLock { $0.count -= 1 } }
        return Files.writeAll(Array(text.utf8), to: descriptor)
    }

    /// Whether a write hasn't ended since then: its reader has stopped, or the terminal after Ctrl-S.
    static func isHeld(since time: ContinuousClock.Instant) -> Bool { writes.withLock { $0.count > 0 && $0.since <= time } }

    /// A sequence of this program that moves the cursor or clears lines. Nothing else is printed unfiltered.
    static func control(_ sequence: String) { _ = put(sequence, to: STDERR_FILENO) }

    /// The most bytes of a typed line. Of a longer one, the rest is dropped: an input without line ends must not fill the memory.
    private static let lineLimit = 16 << 10
    /// What was read of standard input beyond the last line.
    private static let typed = Locked<[UInt8]>([])

    /// The next line of standard input. Nil at its end.
    static func line() -> String? {
        typed.withLock { typed in
            var piece = [UInt8](repeating: 0, count: 4096)
            var line: [UInt8] = []
            while true {
                let end = typed.firstIndex(of: 0x0A)
                line += typed[..<(end ?? typed.count)].prefix(lineLimit - line.count)
                if let end {
                    typed.removeSubrange(...end)
                    return String(decoding: line, as: UTF8.self)
                }
                typed = []
                let count = read(STDIN_FILENO, &piece, piece.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
                typed = Array(piece[..<count])
            }
        }
    }

    /// A question that is answered with `y` or anything else; the end of the input is a no.
    static func ask(_ question: String) -> Bool {
        write(question, to: STDERR_FILENO)
        return line().map { ["y", "yes", "是"].contains($0.filter { !$0.isWhitespace }.lowercased()) } ?? false
    }

    /// Columns of the terminal; 80 where nobody says.
    static var columns: Int { TerminalSize(of: STDERR_FILENO)?.columns ?? 80 }
}

/// A failure as a person reads it: what happened, why, what to do.
enum ErrorPrinter {
    static func print(_ failure: LabError) {
        let language = Console.language
        Console.error((language == .zh ? "错误：" : "error: ") + failure.message[language])
        if let cause = failure.cause, !cause.isEmpty {
            for line in SafeLines.clean(text: cause).split(separator: "\n") { Console.error("  | \(line)") }
        }
        if let hint = failure.hint { Console.error((language == .zh ? "建议：" : "what to do: ") + hint[language]) }
    }
}
