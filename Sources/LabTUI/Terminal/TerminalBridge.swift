import Glibc
package import HTTPTransport
import LabSupport

/// Passes bytes between a terminal and a container until one of the two has enough.
///
/// One loop over `poll` on a thread of its own: it blocks for as long as the student works in the container.
package final class TerminalBridge: Sendable {
    /// Why the loop ended.
    package enum End: Sendable, Equatable {
        /// The other side ended the connection: the container has ended, or the engine is gone.
        case closed
        /// The student typed the keys that leave.
        case left
        /// The terminal is gone.
        case hungUp
    }

    /// Bytes held for a side that does not take them yet; beyond them the other side is not read.
    fileprivate static let limit = 64 << 10

    fileprivate let connection: RawConnection
    fileprivate let terminal: LentTerminal
    fileprivate let input: Int32
    fileprivate let output: Int32
    fileprivate let onResize: @Sendable () -> Void

    /// `onResize` is called on the loop's thread whenever the terminal's size has changed.
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

    /// Runs the loop to its end.
    package func run() async -> End {
        await withCheckedContinuation { continuation in
            let thread = PosixThread.start { [self] in
                var loop = BridgeLoop(self)
                continuation.resume(returning: loop.run())
            }
            // Without a thread there is nothing to pass bytes with; the connection closes behind us.
            guard let thread else { return continuation.resume(returning: .closed) }
            thread.detach()
        }
    }
}

/// The state of one bridge while it works.
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
        // A descriptor that is named reports its hang-up again and again even when nothing is asked of it.
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
        // What was typed before the keys belongs to the container; one that takes nothing more is not waited for.
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
        // A container that has ended must not end us by SIGPIPE.
        let count = toContainer.withUnsafeBytes { send(bridge.connection.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 { toContainer.removeFirst(count) }
        guard count < 0, errno != EINTR, errno != EAGAIN else { return }
        // What it still has to say is read to the end.
        containerListens = false
        toContainer = []
    }

    private mutating func sendToTerminal() -> Bool {
        // In small pieces: a terminal's descriptor blocks, and nothing typed is read meanwhile.
        let count = toTerminal.withUnsafeBytes { write(bridge.output, $0.baseAddress, min($0.count, 4096)) }
        if count > 0 { toTerminal.removeFirst(count) }
        return count >= 0 || errno == EINTR || errno == EAGAIN
    }
}
