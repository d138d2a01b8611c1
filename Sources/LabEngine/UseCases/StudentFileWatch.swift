import Glibc
import HTTPTransport
import LabFile
package import LabRunner
import LabSupport

/// Reads and checks the files that the student writes, now and whenever one of them is saved.
package struct StudentFileWatch: Sendable {
    private let run: RunContext
    private let actions: [LabFileAction]

    /// `asksEngine`: an engine answers, and says which builder and which device there will be. Without it, the watch begins at once and
    /// assumes neither.
    package init(_ lab: OpenedLab, options: RunOptions, asksEngine: Bool) async throws {
        if asksEngine {
            run = try await lab.inspection(lab.progress, options: options).run
            _ = try? await run.docker
        } else {
            let http = CurlHTTPClient.shared
            run = try RunContext(
                filling: lab.spec, engine: RunEngine(http: http, environment: lab.environment), http: http, workspace: lab.workspace,
                run: 0, options: options, device: options.device == .gpu ? "gpu" : "cpu", environment: lab.environment,
                journal: .discarding())
        }
        actions = run.spec.tasks.compactMap { task in if case .file(let file) = task.action { file } else { nil } }
    }

    /// Tells about each file once, and again after each change, until the task is cancelled.
    package func follow(_ tell: (ExaminedFile) -> Void) async {
        guard !actions.isEmpty else { return }
        var seen: [String: FileStamp?] = [:]
        var wakeups: FolderWakeups?
        while !Task.isCancelled {
            // The folder doesn't exist before the first file does, and a watch on nothing hears nothing.
            let isThere = Files.isDirectory(run.files)
            if wakeups == nil, isThere { wakeups = FolderWakeups(run.files) }
            if !isThere { wakeups = nil }
            for action in actions {
                // The stamp comes before the content: if the file changes in between, it's read again.
                let stamp = FileStamp(run.workFile(action.path))
                guard seen[action.path] != .some(stamp) else { continue }
                seen[action.path] = .some(stamp)
                tell(ExaminedFile(action, run))
            }
            if let wakeups { await wakeups.next() } else { try? await Task.sleep(for: .seconds(1), tolerance: .milliseconds(200)) }
        }
    }
}

/// Tells one saved state of a file from another. An editor saves in place, or renames another file over it.
struct FileStamp: Equatable {
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil if there is no file, or none that may be read.
    init?(_ file: PathBelow) {
        guard let status = try? file.statusIfPresent() else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    var modified: Double { Double(seconds) + Double(nanoseconds) / 1e9 }
}
