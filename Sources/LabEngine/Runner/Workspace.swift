import Glibc
package import LabSupport

/// The folder for all labs of one student.
///
///     id                  random name of this workspace, the label `ailab.workspace` of everything created from it
///     lock                held by the one runner that may act
///     runs/<n>/           journal.jsonl, output.log, telemetry.jsonl, runner.log
///     events/<lab>.jsonl  what happens outside of runs: skips, resets, looks, edits, answers, hints, settings
///     preferences.json    the language and the colors
///     student             the name that the student gave, if they gave one
///     requests/           one note for each program that sends requests now, for those that watch
///     work/<lab>/         the student's files: Dockerfiles, data, models
///     cache/              downloads and root file systems that can be made again
package struct Workspace: Sendable, Equatable {
    package let root: String
    /// Random. It's created with the workspace.
    package let id: String

    /// `AILAB_HOME`, or else the state folder of the XDG base directory specification.
    package static func defaultRoot(environment: [String: String]) -> String {
        // A `~` is refused when the workspace is opened. A shell expands it only at the start of an unquoted word.
        if let home = environment["AILAB_HOME"], !home.isEmpty { return home.hasPrefix("~") ? home : Files.absolute(home) }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/ailab" }
        return "\(HomeFolder.path(environment))/.local/state/ailab"
    }

    /// Opens the workspace, and creates what is missing.
    package init(root: String) throws(LabError) {
        // A name that isn't UTF-8 can't be written as text without becoming another one.
        guard !root.unicodeScalars.contains("\u{FFFD}") else { throw Self.unreadableName(root) }
        guard !root.hasPrefix("~") else {
            throw LabError(
                .usageHome,
                Text(
                    en: "The workspace `\(root)` begins with a `~` that the shell didn't expand.", zh: "工作区 `\(root)` 以未被 shell 展开的 `~` 开头。"
                ),
                hint: Text(
                    en: "Write `$HOME/…` instead, or `./~…` if the folder's name really begins with `~`.",
                    zh: "请改写为 `$HOME/…`；如果目录名确实以 `~` 开头，请写成 `./~…`。"))
        }
        do {
            try self.init(making: root)
        } catch {
            guard error.family == "file" else { throw error }
            throw LabError(
                .workspaceUnusable, Text(en: "\(root) cannot be the workspace.", zh: "\(root) 不能用作工作区。"),
                hint: Text(en: "Set AILAB_HOME to a folder of your own.", zh: "请把 AILAB_HOME 设为你自己的目录。"),
                cause: "\(error.message.en) \(error.cause ?? "")", errno: error.errno)
        }
    }

    private static func unreadableName(_ root: String) -> LabError {
        LabError(
            .workspaceUnusable,
            Text(en: "The workspace's path \(root) isn't valid UTF-8.", zh: "工作区路径 \(root) 不是有效的 UTF-8。"),
            hint: Text(en: "Set AILAB_HOME to a folder with another name.", zh: "请把 AILAB_HOME 设为使用其他名称的目录。"))
    }

    private init(making root: String) throws(LabError) {
        self.root = root
        try Self.checkOwner(root)
        try Files.makeDirectory("\(root)/runs", mode: 0o700)
        try Files.makeDirectory("\(root)/events", mode: 0o700)
        try Files.makeDirectory("\(root)/work")
        try Files.makeDirectory("\(root)/cache")
        id = try Self.identify("\(root)/id")
    }

    /// The id in the file. If the file is missing, it's created. If two processes create it at the same time, one wins and both read the
    /// same id.
    private static func identify(_ path: String) throws(LabError) -> String {
        if !Files.exists(path) {
            let fresh = (0..<8).map { _ in String(Int.random(in: 0..<36), radix: 36) }.joined()
            let own = "\(path).\(fresh)"
            try Files.write(Array((fresh + "\n").utf8), to: own)
            defer { unlink(own) }
            // In contrast to a rename, a link never replaces a file.
            guard link(own, path) == 0 || errno == EEXIST else { throw Files.error(errno, path) }
        }
        let id = String(decoding: try Files.readUntrusted(path, limit: 1 << 10), as: UTF8.self).prefix { !$0.isWhitespace }
        guard (1...63).contains(id.utf8.count), id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else {
            throw lostID(path)
        }
        return String(id)
    }

    /// Without its name, the workspace would find none of its containers and images again, and `clean` would remove nothing.
    private static func lostID(_ path: String) -> LabError {
        LabError(
            .workspaceLostID,
            Text(
                en: "\(path) is empty or damaged. It has this workspace's name, by which ailab finds its containers and images.",
                zh: "\(path) 为空或已损坏。其中保存着这个工作区的名称，ailab 靠它找到自己的容器和镜像。"),
            hint: Text(
                en:
                    "Write the name into it again: `docker ps -a --format '{{.Label \"ailab.workspace\"}}'` shows it as long as a container exists. "
                    + "Otherwise remove the file. The workspace then gets a new name, and you have to remove earlier containers by hand: "
                    + "`docker ps -a --filter label=ailab.workspace`.",
                zh: "请把名称写回该文件：只要还有容器，`docker ps -a --format '{{.Label \"ailab.workspace\"}}'` 就能查到。"
                    + "否则请删除该文件：工作区会得到新的名称，之前的容器需要手动删除：`docker ps -a --filter label=ailab.workspace`。"))
    }

    /// The student's files of one lab.
    package func files(lab: String) -> String { "\(root)/work/\(lab)" }

    /// The folder with the journals of what happens outside of runs.
    package var events: String { "\(root)/events" }

    /// The journal of this kind for one lab.
    package func events(lab: String) -> String { "\(events)/\(lab).jsonl" }

    package var cache: String { "\(root)/cache" }

    package func run(_ number: Int) -> RunFolder { RunFolder(path: "\(root)/runs/\(number)", number: number) }

    /// All runs, the oldest first. A folder with a name that no run gets is somebody else's.
    package var runs: [RunFolder] {
        Files.names(in: "\(root)/runs").compactMap { name in
            Int(name).flatMap { (1...Self.lastRun).contains($0) && name == String($0) ? $0 : nil }
        }
        .sorted().map { run($0) }
    }

    /// No workspace has more runs. A folder `runs/9223372036854775807` must not leave the next run without a number.
    private static let lastRun = 999_999_999

    private static func noNumberLeft(_ root: String) -> LabError {
        LabError(
            .workspaceUnusable,
            Text(
                en: "\(root)/runs has a folder \(lastRun), so there is no number left for another run.",
                zh: "\(root)/runs 中已有目录 \(lastRun)，没有可用于新运行的编号。"),
            hint: Text(
                en: "ailab didn't make that folder. Give it another name, or remove it.", zh: "该目录不是 ailab 建的。请将它改名或删除。"))
    }

    /// Creates the folder of the next run.
    package func makeRun() throws(LabError) -> RunFolder {
        var number = (runs.last?.number ?? 0) + 1
        guard number <= Self.lastRun else { throw Self.noNumberLeft(root) }
        // If two runs start at the same time, mkdir decides.
        while mkdir("\(root)/runs/\(number)", 0o700) != 0 {
            guard errno == EEXIST else { throw Files.error(errno, "\(root)/runs/\(number)") }
            number += 1
        }
        return run(number)
    }
}
