import FoundationEssentials
import Glibc

/// The file system as facts are read from it: `/`, or a folder that stands in for it in tests.
package struct HostRoot: Sendable, Equatable {
    /// The folder's path without a slash at its end; empty for the machine's own root.
    private let prefix: String

    /// The machine itself.
    package static let machine = HostRoot("/")

    package init(_ path: String) {
        prefix = path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Where a path of the host really lies.
    package func real(_ path: String) -> String { prefix + path }

    /// True where something is there.
    package func exists(_ path: String) -> Bool { access(real(path), F_OK) == 0 }

    /// The file's bytes; nil where it cannot be read.
    package func bytes(_ path: String) -> [UInt8]? {
        // Files of /proc have no size, so Foundation's one-shot read is of no use; and a FIFO in a fake place must not hang us.
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

    /// The file as text, invalid UTF-8 replaced.
    package func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The file as lines without their ends.
    package func lines(_ path: String) -> [Substring]? {
        text(path)?.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Names in a folder, sorted; empty where it cannot be read.
    package func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: real(folder))) ?? []).sorted()
    }

    /// Paths of the files below a folder, at any depth, sorted.
    package func files(below folder: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: real(folder))) ?? []).sorted().map { folder + "/" + $0 }
    }
}

/// A value and where it was found: a variable's name or a file's path, for the sentence that tells the student.
package struct Sourced<Value: Sendable & Equatable>: Sendable, Equatable {
    package var value: Value
    package var origin: String

    package init(_ value: Value, from origin: String) {
        self.value = value
        self.origin = origin
    }
}
