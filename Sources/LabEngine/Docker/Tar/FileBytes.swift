import Glibc

/// Small files, whole.
enum FileBytes {
    /// The file's bytes, refused beyond `limit`. Throws `TarError.system` with the errno.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw TarError.system(path: path, errno: errno) }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw TarError.system(path: path, errno: errno) }
            guard count > 0 else { return all }
            all += piece.prefix(count)
            guard all.count <= limit else { throw TarError.system(path: path, errno: EFBIG) }
        }
    }
}
