import Glibc
package import LabSupport

/// The right to act in a workspace, held by one process and given back by the kernel however that process ends.
package final class WorkspaceLock: Sendable {
    private let descriptor: Int32

    /// Who holds a lock.
    package struct Holder: Sendable, Equatable {
        package var pid: Int32
        /// `noRun` if it is at work outside of any run.
        package var run: Int
    }

    /// The number that is none of a run's.
    package static let noRun = 0

    /// Takes the lock, or throws `workspace.busy` with the holder's run.
    package init(_ workspace: Workspace, run: Int) throws(LabError) {
        let path = Self.path(workspace)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        var wanted = Self.wholeFile
        guard fcntl(descriptor, Self.take, &wanted) == 0 else {
            let failure = errno == EAGAIN || errno == EACCES ? Self.busy(Self.holder(of: workspace)) : Files.error(errno, path)
            close(descriptor)
            throw failure
        }
        // One write of one length, so that no reader meets half of it or the rest of another.
        let text = "\(getpid()) \(run)"
        let record = Array((text + String(repeating: " ", count: max(0, Self.recordLength - 1 - text.utf8.count)) + "\n").utf8)
        pwrite(descriptor, record, record.count, 0)
    }

    deinit { close(descriptor) }

    /// The process that holds the lock now, if one does.
    ///
    /// The kernel is asked without taking anything: a look must not keep a run that is just starting from the lock.
    package static func holder(of workspace: Workspace) -> Holder? {
        let descriptor = open(path(workspace), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var found = wholeFile
        guard fcntl(descriptor, ask, &found) == 0, found.l_type != Int16(F_UNLCK) else { return nil }
        var record = [UInt8](repeating: 0, count: recordLength)
        let count = max(0, pread(descriptor, &record, record.count, 0))
        let numbers = String(decoding: record[..<count], as: UTF8.self).split { $0.isWhitespace }.compactMap { Int($0) }
        return numbers.count == 2 ? Holder(pid: Int32(numbers[0]), run: numbers[1]) : Holder(pid: 0, run: 0)
    }

    private static func path(_ workspace: Workspace) -> String { "\(workspace.root)/lock" }

    /// Room for the largest process id and a run's number.
    private static let recordLength = 32

    // Locks of an open file (F_OFD_SETLK, F_OFD_GETLK), which glibc's headers show only to GNU sources.
    private static let ask: Int32 = 36
    private static let take: Int32 = 37

    private static var wholeFile: flock {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }

    /// The failure of whoever wants to act while `holder` does.
    package static func busy(_ holder: Holder?) -> LabError {
        let run = holder?.run ?? noRun
        let pid = holder?.pid ?? 0
        let who =
            run == noRun
            ? Text(en: "Another ailab (process \(pid))", zh: "另一个 ailab（进程 \(pid)）")
            : Text(en: "Run \(run) (process \(pid))", zh: "运行 \(run)（进程 \(pid)）")
        return LabError(
            "workspace.busy", Text(en: "\(who.en) is at work in this workspace.", zh: "\(who.zh)正在使用这个工作区。"),
            hint: Text(
                en: "`ailab logs -f` follows it, `ailab attach` enters a shell that it waits with, `ailab stop` ends it.",
                zh: "`ailab logs -f` 可查看进度，`ailab attach` 可进入等待中的 shell，`ailab stop` 可结束它。"))
    }
}
