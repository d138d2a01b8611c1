import LabSupport

/// System calls that may hang, as on the disk of a server that went away: a thread of the pool must not wait for them.
enum BlockingCall {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = PosixThread.start { continuation.resume(returning: body()) }
            guard let thread else { return continuation.resume(returning: body()) }
            thread.detach()
        }
    }
}
