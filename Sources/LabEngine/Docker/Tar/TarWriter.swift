import Glibc
package import HTTPTransport
import LabSupport

/// An archive that is made while it is sent. Only the member that is being read is in memory.
///
/// The length is known in advance, so the engine gets it. A file that grew since the walk is sent up to its earlier size, because a log
/// that grows must not stop a build. A file that shrank or vanished stops the upload with `TarError`.
package final class TarWriter: UploadProducer {
    /// The members in the order of sending.
    package let entries: [TarEntry]
    /// Bytes of the whole archive.
    package let length: Int64
    private let state: Locked<State>

    package init(_ entries: [TarEntry]) {
        self.entries = entries
        length = entries.reduce(Int64(2 * TarBlock.size)) { $0 + $1.archivedLength }
        state = Locked(State())
    }

    deinit { state.withLock { $0.closeFile() } }

    /// The body to send.
    package var body: HTTPBody { .produced(by: self, length: length) }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try state.withLock { try $0.fill(buffer, from: entries) }
    }
}

private struct State: Sendable {
    private var index = 0
    private var pending: ArraySlice<UInt8> = []
    private var file: (descriptor: Int32, remaining: Int64)?
    private var isTrailerSent = false

    mutating func fill(_ buffer: UnsafeMutableRawBufferPointer, from entries: [TarEntry]) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            if !pending.isEmpty {
                filled += takePending(into: rest)
            } else if file != nil {
                filled += try readFile(into: rest, entries[index - 1])
            } else if index < entries.count {
                try begin(entries[index])
            } else if !isTrailerSent {
                pending = [UInt8](repeating: 0, count: 2 * TarBlock.size)[...]
                isTrailerSent = true
            } else {
                break
            }
        }
        return filled
    }

    mutating func closeFile() {
        if let file { close(file.descriptor) }
        file = nil
    }

    private mutating func takePending(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, pending.count)
        buffer.copyBytes(from: pending.prefix(count))
        pending = pending.dropFirst(count)
        return count
    }

    private mutating func begin(_ entry: TarEntry) throws {
        index += 1
        pending = entry.header()[...]
        switch entry.content {
        case .directory, .symlink:
            break
        case .memory(let bytes):
            pending += bytes + [UInt8](repeating: 0, count: TarBlock.padding(after: entry.size))
        case .file(let path, let size):
            guard size > 0 else { return }
            // Something else may have replaced the file since the walk: don't follow a link, and don't wait for a pipe's writer.
            file = (try path.open(O_RDONLY | O_NOFOLLOW | O_NONBLOCK), size)
        }
    }

    private mutating func readFile(into buffer: UnsafeMutableRawBufferPointer, _ entry: TarEntry) throws -> Int {
        guard let file, case .file(let path, let size) = entry.content else { return 0 }
        let wanted = Int(min(Int64(buffer.count), file.remaining))
        let count = Glibc.read(file.descriptor, buffer.baseAddress, wanted)
        guard count >= 0 else { throw TarError.system(path: path.shown, errno: errno) }
        guard count > 0 else { throw TarError.shrank(path: path.shown) }
        self.file?.remaining -= Int64(count)
        if file.remaining == Int64(count) {
            closeFile()
            pending = [UInt8](repeating: 0, count: TarBlock.padding(after: size))[...]
        }
        return count
    }
}
