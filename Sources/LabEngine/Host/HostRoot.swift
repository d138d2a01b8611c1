import FoundationEssentials
import Glibc
import LabSupport

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

    /// No file that describes a machine is larger.
    private static let sizeLimit = 64 << 20

    /// The file's bytes, or nil if it cannot be read, or isn't a regular file.
    package func bytes(_ path: String) -> [UInt8]? { try? Files.read(real(path), limit: Self.sizeLimit) }

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
