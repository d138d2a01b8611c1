import Glibc
import LabSupport

/// A door that a server's thread waits at until the test opens it.
package final class Gate: Sendable {
    private let isOpen = Locked(false)

    package init() {}

    package func open() { isOpen.withLock { $0 = true } }

    /// Blocks the thread; gives up after 20 seconds so that a failed test ends.
    package func wait() {
        for _ in 0..<4000 where !isOpen.withLock({ $0 }) { usleep(5000) }
    }
}

/// A number that several threads add to.
package final class Counter: Sendable {
    private let count = Locked(0)

    package init() {}

    package var value: Int { count.withLock { $0 } }

    package func add(_ amount: Int = 1) { count.withLock { $0 += amount } }

    /// Waits until it has not grown for a fifth of a second.
    package func settle() async throws {
        var last = -1
        while last != value {
            last = value
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}

/// What `eventually` waited for and did not come.
package struct NeverHappened: Error {
    package init() {}
}

/// Looks again and again until `condition` holds; throws after a time that only a hang takes.
package func eventually(within limit: Duration = .seconds(20), _ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + limit
    while try !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(5))
    }
}
