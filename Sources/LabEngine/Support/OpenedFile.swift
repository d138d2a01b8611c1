import Glibc

/// A file that stays open for reading. It's closed with the last reference.
package final class OpenedFile: Sendable {
    private let descriptor: Int32

    /// Nil if it can't be opened, or isn't a regular file.
    package init?(_ path: String) {
        guard let opened = try? Files.openRegular(path, O_RDONLY) else { return nil }
        descriptor = opened
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Its size in bytes, now. Nil if no name leads to it any more: somebody removed or replaced it.
    package var sizeIfPresent: Int? {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0 ? Int(status.st_size) : nil
    }

    /// True if no name leads to it any more: somebody removed or replaced it.
    package var isRemoved: Bool {
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink == 0
    }

    /// In bytes, now.
    package var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Up to `count` bytes from `offset`. Fewer if the file ends before, none if it can't be read.
    package func bytes(at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, length in
            guard let start = buffer.baseAddress else { return }
            while length < count {
                let got = pread(descriptor, start + length, count - length, off_t(offset + length))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { return }
                length += got
            }
        }
    }
}
