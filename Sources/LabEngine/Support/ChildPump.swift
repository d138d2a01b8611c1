import Glibc

/// Reads a child's two pipes and splits the bytes into lines. Owns the descriptors.
struct ChildPump {
    private struct Source {
        var descriptor: Int32
        var stream: ChildLine.Stream
        var partial: [UInt8] = []
    }

    /// A longer line is passed on in pieces of this size, in bytes.
    private static let lineLimit = 64 << 10
    private static let tailLength = 40

    private var sources: [Source]
    private let onLine: (ChildLine) -> Void
    /// The last lines of both pipes.
    private(set) var tail: [String] = []

    init(descriptors: [Int32], onLine: @escaping (ChildLine) -> Void) {
        sources = zip(descriptors, [ChildLine.Stream.output, .error]).map { Source(descriptor: $0, stream: $1) }
        self.onLine = onLine
        for descriptor in descriptors { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    /// Waits for output, for `extra` to become ready, or for `instant`. Then reads what is available.
    mutating func wait(also extra: Int32, until instant: ContinuousClock.Instant) {
        var watched = sources.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        watched.append(pollfd(fd: extra, events: Int16(POLLIN), revents: 0))
        let left = ContinuousClock.now.duration(to: instant).components
        let milliseconds = max(1, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000)
        guard poll(&watched, nfds_t(watched.count), Int32(clamping: milliseconds)) > 0 else { return }
        for index in sources.indices where watched[index].revents != 0 { read(index) }
    }

    /// Reads until both pipes end. A grandchild can keep a pipe open, so reading stops after `time`.
    mutating func drain(for time: Duration) {
        let end = ContinuousClock.now + time
        while sources.contains(where: { $0.descriptor >= 0 }), ContinuousClock.now < end { wait(also: -1, until: end) }
    }

    /// Passes on unfinished lines and closes the descriptors.
    mutating func finish() {
        for index in sources.indices {
            if !sources[index].partial.isEmpty { emit(index) }
            end(index)
        }
    }

    private mutating func read(_ index: Int) {
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        let count = Glibc.read(sources[index].descriptor, &piece, piece.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else { return end(index) }
        for byte in piece[..<count] {
            if byte == UInt8(ascii: "\n") || sources[index].partial.count >= Self.lineLimit { emit(index) }
            if byte != UInt8(ascii: "\n") { sources[index].partial.append(byte) }
        }
    }

    private mutating func emit(_ index: Int) {
        var bytes = sources[index].partial[...]
        sources[index].partial.removeAll(keepingCapacity: true)
        while bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        // A progress display overwrites its line, so only its last state counts.
        if let overwritten = bytes.lastIndex(of: UInt8(ascii: "\r")) { bytes = bytes[(overwritten + 1)...] }
        let line = ChildLine(stream: sources[index].stream, text: String(decoding: bytes, as: UTF8.self))
        tail.append(line.text)
        if tail.count > Self.tailLength { tail.removeFirst() }
        onLine(line)
    }

    private mutating func end(_ index: Int) {
        guard sources[index].descriptor >= 0 else { return }
        close(sources[index].descriptor)
        // poll(2) ignores negative descriptors.
        sources[index].descriptor = -1
    }
}
