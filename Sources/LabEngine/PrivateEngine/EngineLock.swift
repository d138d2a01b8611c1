import Glibc
import LabSupport

/// Held while an engine starts or stops, so that no other command sees a half-finished state.
struct EngineLock {
    private let descriptor: Int32

    init(_ layout: PrivateEngineLayout) throws {
        descriptor = open(layout.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        let locked = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0
        guard !locked else { return }
        let code = errno
        if descriptor >= 0 { close(descriptor) }
        throw LabError(
            .engineBusy,
            Text(
                en: "Another command is starting or stopping the engine in \(layout.folder).",
                zh: "另一条命令正在启动或停止 \(layout.folder) 中的引擎。"),
            hint: Text(en: "Wait a moment and try again.", zh: "请稍候再试。"), cause: String(cString: strerror(code)), errno: code)
    }

    /// Releases the lock. Call it once.
    func release() { close(descriptor) }
}
