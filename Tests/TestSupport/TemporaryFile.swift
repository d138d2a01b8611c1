import Glibc
import HTTPTransport

/// A file that goes away with its last reference.
package final class TemporaryFile: Sendable {
    /// Where it lies.
    package let path: String

    /// Writes `bytes` to a new file.
    package init(_ bytes: [UInt8] = []) throws {
        path = Self.unusedPath("file")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure(call: "open", number: errno) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset) }
            guard count > 0 else { throw SystemFailure(call: "write", number: errno) }
            offset += count
        }
    }

    private init(adopting path: String) { self.path = path }

    deinit { unlink(path) }

    /// A unix socket on which nobody listens any more.
    package static func deadSocket() throws -> TemporaryFile {
        let (descriptor, endpoint) = try Listener.open(.socket(path: unusedPath("sock")), backlog: 1)
        close(descriptor)
        guard case .unix(let path) = endpoint else { throw SystemFailure(call: "bind", number: 0) }
        return TemporaryFile(adopting: path)
    }

    /// A path that nothing has. Short, because sockets have short paths.
    package static func unusedPath(_ suffix: String) -> String {
        "/tmp/ailab-test-\(getpid())-\(UInt32.random(in: 0 ... .max)).\(suffix)"
    }
}
