import Glibc

/// A thread outside the cooperative pool, for work that blocks.
package struct PosixThread: Sendable {
    private let handle: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread, or returns nil if the system has none to give. The caller must join or detach it.
    package static func start(_ run: @escaping @Sendable () -> Void) -> PosixThread? {
        let body = Unmanaged.passRetained(Body(run))
        var handle = pthread_t()
        let result = pthread_create(
            &handle, nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            body.release()
            return nil
        }
        return PosixThread(handle: handle)
    }

    /// Waits for the thread's end. Call it once, and not after `detach`.
    package func join() { pthread_join(handle, nil) }

    /// Lets the thread end by itself.
    package func detach() { pthread_detach(handle) }
}
