import FoundationEssentials
import Glibc

/// The file system that facts are read from: `/`, or a test's folder in its place.
package struct HostRoot: Sendable, Equatable {
    /// The folder's path without a trailing slash. Empty for the machine's own root.
    private let prefix: String

    /// The machine itself.
    package static let machine = HostRoot("/")

    package init(_ path: String) {
        prefix = path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The real path of a host's path.
    package func real(_ path: String) -> String { prefix + path }

    /// True if the path exists.
    package func exists(_ path: String) -> Bool { access(real(path), F_OK) == 0 }

    /// The file's bytes, or nil if it cannot be read.
    package func bytes(_ path: String) -> [UInt8]? {
        // Files in /proc have no size, so Foundation cannot read them at once. O_NONBLOCK: a FIFO in a test's folder must not hang us.
        let descriptor = open(real(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    /// The file as text. Invalid UTF-8 becomes U+FFFD.
    package func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The file's lines without their ends.
    package func lines(_ path: String) -> [Substring]? {
        text(path)?.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Names in a folder, sorted. Empty if the folder cannot be read.
    package func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: real(folder))) ?? []).sorted()
    }

    /// Paths of all files below a folder, sorted.
    package func files(below folder: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: real(folder))) ?? []).sorted().map { folder + "/" + $0 }
    }
}
