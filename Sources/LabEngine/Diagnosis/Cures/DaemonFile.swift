import FoundationEssentials
import Glibc
package import LabSupport

/// The daemon's configuration file. ailab changes single keys, keeps a copy of the previous content, and never leaves an invalid file.
package struct DaemonFile: Sendable {
    /// The result of a change.
    package struct Change: Sendable, Equatable {
        package var path: String
        /// The copy of the previous content. Nil if there was no file.
        package var backup: String?
        /// True if dockerd itself checked the new content.
        package var wasValidated: Bool
    }

    package let path: String
    private let environment: [String: String]

    /// A relative path starts at the current folder.
    package init(_ path: String, environment: [String: String]) {
        self.path = Files.absolute(path)
        self.environment = environment
    }

    /// Whether a command edits the file with a program that keeps the other settings.
    static func isEdited(by command: String) -> Bool { command.contains("nvidia-ctk runtime configure") }

    /// Whether a command replaces or removes the file regardless of its content.
    static func isReplaced(by command: String) -> Bool {
        guard command.contains("daemon.json") else { return false }
        if ["tee ", "> ", "sed -i"].contains(where: { command.contains($0) }) { return true }
        let words = words(of: command)
        if words.contains("rm") { return words.contains(where: isName) }
        return words.contains { ["mv", "cp", "install", "ln"].contains($0) } && words.last.map(isName) == true
    }

    /// Whether a command moves the file to another place, so that its settings no longer apply.
    static func isSetAside(by command: String) -> Bool {
        let words = words(of: command)
        return words.contains("mv") && words.dropLast().contains(where: isName)
    }

    private static func words(of command: String) -> [String] {
        command.split { " ;&|\"'".contains($0) }.map(String.init)
    }

    private static func isName(_ word: String) -> Bool { word == "daemon.json" || word.hasSuffix("/daemon.json") }

    /// Sets keys to values and keeps the rest. It first validates the new content, then copies the file, and then replaces its content.
    ///
    /// The owner and permissions stay. If the path is a symbolic link, the link stays and its target changes.
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

    /// Throws `daemon.number` if the JSON contains a number that would change when it's written back.
    package static func checkNumbers(_ bytes: [UInt8], of path: String) throws {
        guard let number = JSONText.changedNumber(in: bytes) else { return }
        let shown = SafeLines.clean(text: number)
        throw LabError(
            .daemonNumber,
            Text(
                en: "\(shown) has more digits than ailab can keep. ailab didn't change \(path).",
                zh: "\(shown) 的位数超出 ailab 能保留的范围。\(path) 未被修改。"),
            hint: Text(en: "Edit the file yourself, or write the number with fewer digits.", zh: "请自行编辑该文件，或改用位数更少的数值。"))
    }

    /// The file's content, or an empty object if there's no file. Throws `daemon.config` if the content isn't a JSON object.
    private func read() throws -> [String: JSONValue] {
        guard Files.exists(path) else { return [:] }
        let bytes = try Files.read(path)
        if bytes.allSatisfy({ $0 <= 0x20 }) { return [:] }
        guard case .object(let members)? = JSONValue(bytes) else { throw Self.invalid(path, cause: nil) }
        try Self.checkNumbers(bytes, of: path)
        return members
    }

    /// Copies the file with its owner and permissions, and returns the copy's path. Nil if there's no file. Earlier copies stay.
    func copy() throws -> String? {
        guard let rights = Files.rights(path) else { return nil }
        let target = try Files.target(of: path)
        var number = 1
        while Files.exists("\(target).ailab-\(number)") { number += 1 }
        let copy = "\(target).ailab-\(number)"
        try Files.write(try Files.read(target), to: copy, keeping: rights)
        return copy
    }

    /// Restores the content of a copy. If there's no copy, this deletes the file.
    func restore(_ copy: String?) throws {
        guard let copy else {
            unlink(path)
            return
        }
        try Files.write(try Files.read(copy), to: try Files.target(of: path), keeping: Files.rights(copy))
    }

    /// Throws if a file isn't a valid configuration. Returns true if dockerd itself confirmed it. Versions before 23 can't do that.
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
            .daemonConfig, Text(en: "\(path) is not a valid configuration.", zh: "\(path) 不是合法的配置。"),
            hint: Text(
                en: "It must be one JSON object. `python3 -m json.tool \(path)` shows where the mistake is.",
                zh: "它必须是一个 JSON 对象。`python3 -m json.tool \(path)` 会指出错误位置。"),
            cause: cause.map { SafeLines.clean(text: $0) })
    }
}

extension JSONText {
    /// A value on several lines, with the members sorted by name.
    package static func pretty(_ value: JSONValue, indent: String = "") -> String {
        let inner = indent + "    "
        switch value {
        case .list(let items) where !items.isEmpty:
            return "[\n" + items.map { inner + pretty($0, indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.sorted { $0.key < $1.key }.map { "\(inner)\(string($0.key)): \(pretty($0.value, indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        case .list: return "[]"
        case .object: return "{}"
        case .text(let text): return string(text)
        case .null, .flag, .number: return value.scalar ?? "null"
        }
    }
}
