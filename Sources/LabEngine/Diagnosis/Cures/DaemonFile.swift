import FoundationEssentials
import Glibc
package import LabSupport

/// The daemon's configuration: changed one key at a time, with a copy of what was there, and never left in a form that cannot be read.
package struct DaemonFile: Sendable {
    /// What a change did.
    package struct Change: Sendable, Equatable {
        package var path: String
        /// Where the former content lies; nil: there was no file.
        package var backup: String?
        /// True where dockerd itself looked at the new content.
        package var wasValidated: Bool
    }

    package let path: String
    private let environment: [String: String]

    /// A path that does not begin at the root counts from the current folder.
    package init(_ path: String, environment: [String: String]) {
        self.path = Files.absolute(path)
        self.environment = environment
    }

    /// Whether a command edits the file by a program that keeps what is in it.
    static func isEdited(by command: String) -> Bool { command.contains("nvidia-ctk runtime configure") }

    /// Whether a command replaces or removes the file whatever is in it.
    static func isReplaced(by command: String) -> Bool {
        guard command.contains("daemon.json") else { return false }
        if ["tee ", "> ", "sed -i"].contains(where: { command.contains($0) }) { return true }
        let words = words(of: command)
        if words.contains("rm") { return words.contains(where: isName) }
        return words.contains { ["mv", "cp", "install", "ln"].contains($0) } && words.last.map(isName) == true
    }

    /// Whether a command takes the file from its place and keeps it elsewhere: its settings no longer hold then.
    static func isSetAside(by command: String) -> Bool {
        let words = words(of: command)
        return words.contains("mv") && words.dropLast().contains(where: isName)
    }

    private static func words(of command: String) -> [String] {
        command.split { " ;&|\"'".contains($0) }.map(String.init)
    }

    private static func isName(_ word: String) -> Bool { word == "daemon.json" || word.hasSuffix("/daemon.json") }

    /// Sets keys to values, the rest untouched: a copy first, then a check of the whole, then the exchange. Owner and rights stay, and
    /// a symbolic link stays one: the file that it leads to changes.
    package func set(_ values: [String: JSONValue]) async throws -> Change {
        let target = try Files.target(of: path)
        var members = try read()
        members.merge(values) { _, new in new }
        let text = JSONText.pretty(.object(members)) + "\n"
        try Files.makeDirectory(Files.folder(of: target))
        let candidate = "\(target).ailab-new"
        let rights = Files.rights(target)
        try Files.write(Array(text.utf8), to: candidate, keeping: rights)
        defer { unlink(candidate) }
        let wasValidated = try await validate(candidate)
        let backup = try copy()
        try Files.write(Array(text.utf8), to: target, keeping: rights)
        return Change(path: target, backup: backup, wasValidated: wasValidated)
    }

    /// Throws `daemon.number` where a JSON text holds a number that would not be the same afterwards.
    package static func checkNumbers(_ bytes: [UInt8], of path: String) throws {
        guard let number = JSONText.changedNumber(in: bytes) else { return }
        let shown = SafeLines.clean(text: number)
        throw LabError(
            "daemon.number",
            Text(
                en: "\(shown) has more digits than ailab can keep; \(path) was not changed.",
                zh: "\(shown) 的位数超出 ailab 能保留的范围；\(path) 未被修改。"),
            hint: Text(en: "Edit the file yourself, or write the number with fewer digits.", zh: "请自行编辑该文件，或改用位数更少的数值。"))
    }

    /// What is in it; empty where there is none. Throws `daemon.config` where it cannot be read as one JSON object.
    private func read() throws -> [String: JSONValue] {
        guard Files.exists(path) else { return [:] }
        let bytes = try Files.read(path)
        if bytes.allSatisfy({ $0 <= 0x20 }) { return [:] }
        guard case .object(let members)? = JSONValue(bytes) else { throw Self.invalid(path, cause: nil) }
        try Self.checkNumbers(bytes, of: path)
        return members
    }

    /// Puts a copy beside the file, with its owner and rights; nil where there is none. An older copy stays.
    func copy() throws -> String? {
        guard let rights = Files.rights(path) else { return nil }
        let target = try Files.target(of: path)
        var number = 1
        while Files.exists("\(target).ailab-\(number)") { number += 1 }
        let copy = "\(target).ailab-\(number)"
        try Files.write(try Files.read(target), to: copy, keeping: rights)
        return copy
    }

    /// Puts back what a copy holds; without one the file goes.
    func restore(_ copy: String?) throws {
        guard let copy else {
            unlink(path)
            return
        }
        try Files.write(try Files.read(copy), to: try Files.target(of: path), keeping: Files.rights(copy))
    }

    /// Throws where a file is no configuration. True where dockerd itself said that it is one: versions before 23 cannot be asked.
    @discardableResult
    func validate(_ file: String) async throws -> Bool {
        guard case .object? = JSONValue(try Files.read(file)) else { throw Self.invalid(path, cause: nil) }
        guard let dockerd = ExecutableLookup(path: environment["PATH"]).find("dockerd") else { return false }
        let command = ChildCommand(
            dockerd, ["--validate", "--config-file", file], environment: environment, timeout: .seconds(20))
        let result = try await ChildProcess.run(command)
        if result.exitCode == 0 { return true }
        let words = result.tail.joined(separator: "\n")
        if words.contains("unknown flag") { return false }
        throw Self.invalid(path, cause: words)
    }

    private static func invalid(_ path: String, cause: String?) -> LabError {
        LabError(
            "daemon.config", Text(en: "\(path) is not a valid configuration.", zh: "\(path) 不是合法的配置。"),
            hint: Text(
                en: "It must be one JSON object. `python3 -m json.tool \(path)` shows the place of a mistake.",
                zh: "它必须是一个 JSON 对象。`python3 -m json.tool \(path)` 会指出错误位置。"),
            cause: cause.map { SafeLines.clean(text: $0) })
    }
}

extension JSONText {
    /// A value over several lines, members in the order of their names.
    package static func pretty(_ value: JSONValue, indent: String = "") -> String {
        let inner = indent + "    "
        switch value {
        case .list(let items) where !items.isEmpty:
            return "[\n" + items.map { inner + pretty($0, indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.sorted { $0.key < $1.key }.map { "\(inner)\(text(.text($0.key))): \(pretty($0.value, indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        default: return text(value)
        }
    }
}
