import Glibc
package import HTTPTransport
import LabSupport

/// Passes bytes between a terminal and a container until one of them ends.
///
/// Its loop over `poll` runs on its own thread, because it blocks while the student works in the container.
package final class TerminalBridge: Sendable {
    /// Why the loop ended.
    package enum End: Sendable, Equatable {
        /// The other side closed the connection, because the container has exited or the engine is gone.
        case closed
        /// The student typed the keys that leave the container.
        case left
        /// The terminal is gone.
        case hungUp
    }

    /// How many bytes to buffer for a side that doesn't take them yet. If the buffer is full, the other side isn't read.
    fileprivate static let limit = 64 << 10

    fileprivate let connection: RawConnection
    fileprivate let terminal: LentTerminal
    fileprivate let input: Int32
    fileprivate let output: Int32
    fileprivate let onResize: @Sendable () -> Void

    /// The loop's thread calls `onResize` when the terminal's size changes.
    package init(
        _ connection: RawConnection, _ terminal: LentTerminal, input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO,
        onResize: @escaping @Sendable () -> Void
    ) {
        self.connection = connection
        self.terminal = terminal
        self.input = input
        self.output = output
        self.onResize = onResize
    }

    /// Runs the loop until it ends.
    package func run() async -> End {
        await withCheckedContinuation { continuation in
            let thread = PosixThread.start { [self] in
                var loop = BridgeLoop(self)
                continuation.resume(returning: loop.run())
            }
            // Without a thread, no bytes can be passed. The caller closes the connection.
            guard let thread else { return continuation.resume(returning: .closed) }
            thread.detach()
        }
    }
}

/// The state of a bridge's loop.
private struct BridgeLoop {
    private let bridge: TerminalBridge
    private var keys = DetachKeys()
    private var toContainer: [UInt8] = []
    private var toTerminal: [UInt8]
    private var containerTalks = true
    private var containerListens = true
    private var buffer = [UInt8](repeating: 0, count: 16 << 10)

    init(_ bridge: TerminalBridge) {
        self.bridge = bridge
        toTerminal = bridge.connection.early
    }

    mutating func run() -> TerminalBridge.End {
        while true {
            if !containerTalks, toTerminal.isEmpty { return .closed }
            var watched = [
                watch(bridge.input, POLLIN, if: toContainer.count < TerminalBridge.limit),
                watch(bridge.output, POLLOUT, if: !toTerminal.isEmpty),
                watch(bridge.terminal.sizeChanges, POLLIN, if: true),
                watchConnection(),
            ]
            guard poll(&watched, nfds_t(watched.count), -1) >= 0 || errno == EINTR else { return .closed }
            if watched[2].revents != 0 { noteResize(watched[2].fd) }
            if watched[3].revents & Int16(POLLOUT) != 0 { sendToContainer() }
            if watched[3].revents & ~Int16(POLLOUT) != 0 { readContainer() }
            if watched[1].revents != 0, !sendToTerminal() { return .hungUp }
            if watched[0].revents != 0, let end = readTerminal() { return end }
        }
    }

    private func watch(_ descriptor: Int32, _ events: Int32, if wanted: Bool) -> pollfd {
        // poll(2) reports the hang-up of a listed descriptor on every call, even without requested events.
        pollfd(fd: wanted ? descriptor : -1, events: Int16(events), revents: 0)
    }

    private func watchConnection() -> pollfd {
        var events: Int32 = 0
        if containerTalks, toTerminal.count < TerminalBridge.limit { events |= POLLIN }
        if containerListens, !toContainer.isEmpty { events |= POLLOUT }
        return watch(bridge.connection.descriptor, events, if: events != 0)
    }

    private func noteResize(_ descriptor: Int32) {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        bridge.onResize()
    }

    private mutating func readTerminal() -> TerminalBridge.End? {
        let count = read(bridge.input, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return nil }
        guard count > 0 else { return .hungUp }
        let (passed, leaves) = keys.take(buffer[..<count])
        if containerListens { toContainer += passed }
        guard leaves else { return nil }
        // Send what was typed before the keys to the container, but don't wait for a container that doesn't take it.
        sendToContainer()
        return .left
    }

    private mutating func readContainer() {
        let count = read(bridge.connection.descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        if count > 0 { toTerminal += buffer[..<count] } else { containerTalks = false }
    }

    private mutating func sendToContainer() {
        guard !toContainer.isEmpty else { return }
        // If the container has exited, SIGPIPE must not kill this process.
        let count = toContainer.withUnsafeBytes { send(bridge.connection.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 { toContainer.removeFirst(count) }
        guard count < 0, errno != EINTR, errno != EAGAIN else { return }
        // Read the rest of the container's output.
        containerListens = false
        toContainer = []
    }

    private mutating func sendToTerminal() -> Bool {
        // Write in small pieces. The terminal's descriptor blocks, and the loop doesn't read keys in the meantime.
        let count = toTerminal.withUnsafeBytes { write(bridge.output, $0.baseAddress, min($0.count, 4096)) }
        if count > 0 { toTerminal.removeFirst(count) }
        return count >= 0 || errno == EINTR || errno == EAGAIN
    }
}
