import Glibc
package import LabSupport

/// The right to act in a workspace. One process holds it, and the kernel releases it however that process ends.
package final class WorkspaceLock: Sendable {
    private let descriptor: Int32

    /// The process that holds a lock.
    package struct Holder: Sendable, Equatable {
        package var pid: Int32
        /// Nil if it works outside of runs, such as a reset.
        package var run: Int?
    }

    /// A number that no run has.
    package static let noRun = 0

    /// Takes the lock, or throws `workspace.busy`. `run` is nil for work outside of runs.
    package init(_ workspace: Workspace, run: Int?) throws(LabError) {
        let path = Self.path(workspace)
        descriptor = try Files.openRegular(path, O_RDWR | O_CREAT)
        var wanted = Self.wholeFile
        guard fcntl(descriptor, Self.take, &wanted) == 0 else {
            let failure = errno == EAGAIN || errno == EACCES ? Self.busy(Self.holder(of: workspace)) : Files.error(errno, path)
            close(descriptor)
            throw failure
        }
        // Until then, the record is of a holder that was killed, and its process id may be anybody's by now.
        ftruncate(descriptor, 0)
        // A single write with a fixed length, so that a reader never sees a part of it, or the rest of another record.
        let text = "\(getpid()) \(run ?? Self.noRun)"
        let record = Array((text + String(repeating: " ", count: max(0, Self.recordLength - 1 - text.utf8.count)) + "\n").utf8)
        pwrite(descriptor, record, record.count, 0)
    }

    deinit {
        ftruncate(descriptor, 0)
        close(descriptor)
    }

    /// The process that holds the lock now, if any.
    ///
    /// This asks the kernel without taking the lock: a look must not prevent a starting run from taking it.
    package static func holder(of workspace: Workspace) -> Holder? {
        guard let descriptor = try? Files.openRegular(path(workspace), O_RDWR) else { return nil }
        defer { close(descriptor) }
        var found = wholeFile
        guard fcntl(descriptor, ask, &found) == 0, found.l_type != Int16(F_UNLCK) else { return nil }
        var record = [UInt8](repeating: 0, count: recordLength)
        let count = max(0, pread(descriptor, &record, record.count, 0))
        let numbers = String(decoding: record[..<count], as: UTF8.self).split { $0.isWhitespace }.compactMap { Int($0) }
        guard numbers.count == 2, let pid = Int32(exactly: numbers[0]) else { return Holder(pid: 0, run: nil) }
        return Holder(pid: pid, run: numbers[1] == noRun ? nil : numbers[1])
    }

    private static func path(_ workspace: Workspace) -> String { "\(workspace.root)/lock" }

    /// Enough for the largest process id and run number.
    private static let recordLength = 32

    // Open file description locks (F_OFD_SETLK, F_OFD_GETLK). glibc's headers define them only with _GNU_SOURCE.
    private static let ask: Int32 = 36
    private static let take: Int32 = 37

    private static var wholeFile: flock {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }

    /// The error for a process that wants to act while `holder` does.
    package static func busy(_ holder: Holder?) -> LabError {
        guard let holder, holder.pid > 0 else {
            // It has taken the lock, and is about to write its name.
            return LabError(
                .workspaceBusy, Text(en: "Another ailab is using this workspace.", zh: "另一个 ailab 正在使用这个工作区。"),
                hint: Text(en: "Try again in a moment.", zh: "请稍后再试。"))
        }
        let pid = holder.pid
        guard let run = holder.run else {
            return LabError(
                .workspaceBusy,
                Text(
                    en: "Another ailab (process \(pid)) is removing things from this workspace.", zh: "另一个 ailab（进程 \(pid)）正在清理或重置这个工作区。"),
                hint: Text(en: "Try again in a moment.", zh: "请稍后再试。"))
        }
        return LabError(
            .workspaceBusy,
            Text(en: "Run \(run) (process \(pid)) is using this workspace.", zh: "运行 \(run)（进程 \(pid)）正在使用这个工作区。"),
            hint: Text(
                en: "`ailab logs -f` follows it, `ailab attach` enters its shell, `ailab stop` ends it.",
                zh: "`ailab logs -f` 可查看进度，`ailab attach` 可进入等待中的 shell，`ailab stop` 可结束它。"))
    }
}
