import Glibc

/// The folder where everything about the labs of one student is kept.
///
///     id                  random name of this workspace, the label `ailab.workspace` of everything created from it
///     lock                held by the one runner that may act
///     runs/<n>/           journal.jsonl, output.log, runner.log
///     work/<lab>/         the student's files: Dockerfiles, data, models
///     cache/              downloads and root file systems that can be made again
package struct Workspace: Sendable, Equatable {
    package let root: String
    /// Random, made with the workspace.
    package let id: String

    /// `AILAB_HOME`, else the state folder of the XDG base directory specification.
    package static func defaultRoot(environment: [String: String]) -> String {
        if let home = environment["AILAB_HOME"], !home.isEmpty { return absolute(home) }
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/ailab" }
        return "\(environment["HOME"] ?? "/tmp")/.local/state/ailab"
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return "\(String(cString: current))/\(path)"
    }

    /// Opens the workspace, making what is missing.
    package init(root: String) throws(LabError) {
        self.root = root
        try Files.makeDirectory("\(root)/runs", mode: 0o700)
        try Files.makeDirectory("\(root)/work")
        try Files.makeDirectory("\(root)/cache")
        let path = "\(root)/id"
        if !Files.exists(path) {
            let fresh = (0..<8).map { _ in String(Int.random(in: 0..<36), radix: 36) }.joined()
            try Files.write(Array((fresh + "\n").utf8), to: path)
        }
        id = String(try Files.text(path).prefix { !$0.isWhitespace })
    }

    /// The student's files of one lab.
    package func files(lab: String) -> String { "\(root)/work/\(lab)" }

    package var cache: String { "\(root)/cache" }

    package func run(_ number: Int) -> RunFolder { RunFolder(path: "\(root)/runs/\(number)", number: number) }

    /// All runs, oldest first.
    package var runs: [RunFolder] { Files.names(in: "\(root)/runs").compactMap { Int($0) }.sorted().map { run($0) } }

    /// Makes the folder of the next run.
    package func makeRun() throws(LabError) -> RunFolder {
        var number = (runs.last?.number ?? 0) + 1
        // mkdir decides between two that start at once.
        while mkdir("\(root)/runs/\(number)", 0o700) != 0 {
            guard errno == EEXIST else { throw Files.error(errno, "\(root)/runs/\(number)") }
            number += 1
        }
        return run(number)
    }
}

/// The files of one run.
package struct RunFolder: Sendable, Equatable {
    package let path: String
    package let number: Int

    package init(path: String, number: Int) {
        self.path = path
        self.number = number
    }

    package var journal: String { "\(path)/journal.jsonl" }
    package var output: String { "\(path)/output.log" }
    package var request: String { "\(path)/request.json" }
    /// Standard error of the runner process: empty unless something went very wrong.
    package var runnerLog: String { "\(path)/runner.log" }
}

/// The right to act in a workspace, held by one process and given back by the kernel however that process ends.
package final class WorkspaceLock: Sendable {
    private let descriptor: Int32

    /// Who holds a lock.
    package struct Holder: Sendable, Equatable {
        package var pid: Int32
        package var run: Int
    }

    /// Takes the lock, or throws `workspace.busy` with the holder's run.
    package init(_ workspace: Workspace, run: Int) throws(LabError) {
        let path = "\(workspace.root)/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(of: workspace)
            close(descriptor)
            throw Self.busy(holder)
        }
        ftruncate(descriptor, 0)
        _ = Files.writeAll(Array("\(getpid()) \(run)\n".utf8), to: descriptor)
    }

    deinit { close(descriptor) }

    /// The process that holds the lock now, if one does.
    package static func holder(of workspace: Workspace) -> Holder? {
        let path = "\(workspace.root)/lock"
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        guard let text = try? Files.text(path) else { return nil }
        let numbers = text.split { $0.isWhitespace }.compactMap { Int($0) }
        return numbers.count == 2 ? Holder(pid: Int32(numbers[0]), run: numbers[1]) : Holder(pid: 0, run: 0)
    }

    /// The failure of whoever wants to act while `holder` does.
    package static func busy(_ holder: Holder?) -> LabError {
        let run = holder?.run ?? 0
        let pid = holder?.pid ?? 0
        return LabError(
            "workspace.busy",
            Text(en: "Run \(run) (process \(pid)) is at work in this workspace.", zh: "运行 \(run)（进程 \(pid)）正在使用这个工作区。"),
            hint: Text(
                en: "`ailab logs -f` follows it, `ailab attach` enters a shell that it waits with, `ailab stop` ends it.",
                zh: "`ailab logs -f` 可查看进度，`ailab attach` 可进入等待中的 shell，`ailab stop` 可结束它。"))
    }
}
