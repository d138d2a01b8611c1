import LabSupport

/// Runs system calls that may hang, for example on a disk whose file server is gone. They get a thread of their own, because a thread of the
/// concurrency pool must not wait for them.
enum BlockingCall {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = PosixThread.start { continuation.resume(returning: body()) }
            guard let thread else { return continuation.resume(returning: body()) }
            thread.detach()
        }
    }
}
