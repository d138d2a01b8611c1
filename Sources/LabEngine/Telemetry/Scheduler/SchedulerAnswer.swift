import ContainerEngine
import LabSupport

/// The answer of a scheduler's program, or a sentence that says why there is none.
enum SchedulerAnswer {
    /// The largest output in bytes. A queue of 10,000 jobs has a tenth of it.
    static let limit = 16 << 20

    /// A program failed.
    struct Failure: Error {
        var code: String
        var reason: Text
    }

    /// A random word that nobody can have written into a name.
    static func newMark() -> String {
        "~" + (0..<2).map { _ in String(UInt64.random(in: 1 << 40 ... .max), radix: 36) }.joined() + "~"
    }

    /// The commands as one program for a shell. It prints `divider` between their outputs, and ends with the first that fails.
    static func script(_ commands: [[String]], _ divider: String) -> String {
        commands.map(ShellWord.line).joined(separator: " && printf %s \(ShellWord.quoted(divider)) && ")
    }

    /// The outputs between which a script printed `divider`.
    static func parts(of output: [UInt8], _ divider: String) -> [[UInt8]] { output.parts(between: Array(divider.utf8)).map(Array.init) }

    /// The output, if the program succeeded.
    static func output(of words: [String], _ exitCode: Int, _ output: [UInt8], _ errors: [UInt8]) throws(Failure) -> [UInt8] {
        guard output.count <= limit else {
            throw unreadable(words, Text(en: "more than \(limit >> 20) MB", zh: "超过 \(limit >> 20) MB"))
        }
        guard exitCode != 0 else { return output }
        // Programs tell what is wrong in the last line that they print. Without a shell, the engine writes its own error to the output.
        let said = [errors, output].map { SafeLines.clean(text: String(decoding: $0.suffix(4096), as: UTF8.self)) }
        let line = said.firstNonNil { $0.split(whereSeparator: \.isNewline).last.map(String.init) } ?? ""
        let name = words.first ?? ""
        let cause = line.isEmpty ? Text(en: "exit code \(exitCode)", zh: "退出码 \(exitCode)") : Text(verbatim: String(line.prefix(200)))
        throw Failure(
            code: exitCode == 126 || exitCode == 127 ? "scheduler.missing" : "scheduler.failed",
            reason: Text(en: "`\(name)` failed: \(cause.en)", zh: "`\(name)` 失败：\(cause.zh)"))
    }

    static func silent(_ words: [String]) -> Failure {
        let name = words.first ?? ""
        return Failure(
            code: "scheduler.silent",
            reason: Text(en: "The scheduler doesn't answer (`\(name)`).", zh: "调度器没有响应（`\(name)`）。"))
    }

    static func unreadable(_ words: [String], _ what: Text) -> Failure {
        let name = words.first ?? ""
        return Failure(
            code: "scheduler.unreadable",
            reason: Text(en: "ailab can't read the answer of `\(name)`: \(what.en).", zh: "无法读取 `\(name)` 的输出：\(what.zh)。"))
    }

    static func absence(_ error: any Error) -> Absence {
        if let failure = error as? Failure { return Absence(failure.code, failure.reason) }
        if let failure = error as? LabError { return Absence(failure.codeText, failure.message, hint: failure.hint) }
        let cause = SafeLines.clean(text: String(describing: error)).prefix(200)
        return Absence(
            "scheduler.unreachable", Text(en: "The scheduler can't be asked: \(cause).", zh: "无法查询调度器：\(cause)。"))
    }
}
