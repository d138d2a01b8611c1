import Glibc

/// A request's body as libcurl reads it on the loop's thread.
final class UploadSource {
    private enum Origin {
        case bytes([UInt8])
        case file(descriptor: Int32, path: String)
        case produced(any UploadProducer)
    }

    /// Nil if the length is unknown. The body is then sent in chunks.
    let length: Int64?
    private let origin: Origin
    private var offset: Int64 = 0
    private(set) var isComplete = false

    init(_ body: HTTPBody) throws {
        switch body {
        case .bytes(let bytes):
            origin = .bytes(bytes)
            length = Int64(bytes.count)
        case .file(let path):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw TransportError.upload(path, errno) }
            origin = .file(descriptor: descriptor, path: path)
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw TransportError.upload(path, errno) }
            length = Int64(status.st_size)
        case .produced(let producer, let length):
            origin = .produced(producer)
            self.length = length
        }
    }

    deinit {
        if case .file(let descriptor, _) = origin { close(descriptor) }
    }

    /// A producer cannot start again, so its request must not use an open connection that may have died.
    var canRewind: Bool {
        if case .produced = origin { false } else { true }
    }

    func rewind(to position: Int64) -> Bool {
        guard canRewind else { return false }
        offset = position
        isComplete = false
        return true
    }

    /// Fills the buffer and returns 0 at the end. It never exceeds the announced length. An early end is an error, because the server
    /// would wait forever for the rest.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let room = length.map { Int(min(Int64(buffer.count), $0 - offset)) } ?? buffer.count
        let count = room > 0 ? try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])) : 0
        offset += Int64(count)
        isComplete = count == 0 || offset == length
        if count == 0, let length, offset < length {
            throw TransportError(kind: .uploadFailed, detail: "the body ended after \(offset) of \(length) announced bytes")
        }
        return count
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        switch origin {
        case .bytes(let bytes):
            let start = Int(offset)
            let count = min(buffer.count, bytes.count - start)
            bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
            return count
        case .file(let descriptor, let path):
            while true {
                let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
                if count >= 0 { return count }
                if errno != EINTR { throw TransportError.upload(path, errno) }
            }
        case .produced(let producer):
            return try min(producer.read(into: buffer), buffer.count)
        }
    }
}

extension TransportError {
    fileprivate static func upload(_ path: String, _ number: Int32) -> TransportError {
        TransportError(kind: .uploadFailed, errno: number, detail: "\(path): \(String(cString: strerror(number)))")
    }
}
