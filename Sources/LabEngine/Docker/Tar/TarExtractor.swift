import Glibc
package import HTTPTransport
import LabSupport

/// Writes an archive's members below a directory, and nowhere else.
///
/// Each part of a path is opened from its parent without following links, so neither `..` nor a link in the archive leads outside.
/// Files get their own permissions, without set-id bits, and belong to the user who runs this.
package final class TarExtractor {
    private let root: Int32
    private var parser = TarParser()
    private var file: (descriptor: Int32, name: String)?
    /// The regular files that were written, by their path in the archive.
    package private(set) var files: [String] = []
    /// What was not written: devices, pipes, links that lead outside.
    package private(set) var skipped: [String] = []

    /// `destination` must exist.
    package init(destination: String) throws {
        root = open(destination, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw TarError.system(path: destination, errno: errno) }
    }

    deinit {
        if let file { close(file.descriptor) }
        close(root)
    }

    /// Writes a whole archive.
    package static func extract(_ body: HTTPBodyStream, to destination: String) async throws -> (files: [String], skipped: [String]) {
        let extractor = try TarExtractor(destination: destination)
        for try await piece in body { try extractor.feed(piece) }
        try extractor.finish()
        return (extractor.files, extractor.skipped)
    }

    /// Writes the members in a piece of the archive.
    package func feed(_ piece: [UInt8]) throws {
        for event in try parser.feed(piece) {
            switch event {
            case .member(let member): try begin(member)
            case .data(let bytes): try write(bytes)
            case .memberEnd: closeFile()
            }
        }
    }

    /// Throws if the archive was incomplete.
    package func finish() throws { try parser.finish() }

    private func begin(_ member: TarMember) throws {
        let parts = try Self.parts(of: member.name)
        guard let last = parts.last else { return }
        switch member.kind {
        case .directory:
            close(try directory(parts[...]))
        case .file:
            try withParent(of: parts) { parent in
                unlinkat(parent, last, 0)
                let descriptor = openat(
                    parent, last, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(member.mode & 0o777 | 0o600))
                guard descriptor >= 0 else { throw TarError.system(path: member.name, errno: errno) }
                file = (descriptor, member.name)
            }
            files.append(member.name)
        case .symlink(let target) where Self.staysInside(target, from: parts.dropLast()):
            try withParent(of: parts) { parent in
                unlinkat(parent, last, 0)
                guard symlinkat(target, parent, last) == 0 else { throw TarError.system(path: member.name, errno: errno) }
            }
        case .symlink, .hardLink, .other:
            skipped.append(member.name)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let file else { return }
        let failure = Files.writeAll(bytes, to: file.descriptor)
        guard failure == 0 else { throw TarError.system(path: file.name, errno: failure) }
    }

    private func closeFile() {
        if let file { close(file.descriptor) }
        file = nil
    }

    private func withParent(of parts: [String], _ body: (Int32) throws -> Void) throws {
        let parent = try directory(parts.dropLast())
        defer { close(parent) }
        try body(parent)
    }

    /// A descriptor of the directory, which is created if it does not exist.
    private func directory(_ parts: ArraySlice<String>) throws -> Int32 {
        var current = dup(root)
        for part in parts {
            mkdirat(current, part, 0o755)
            let next = openat(current, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let failure = errno
            close(current)
            guard next >= 0 else {
                if failure == ELOOP || failure == ENOTDIR { throw TarError.unsafe(name: parts.joined(separator: "/")) }
                throw TarError.system(path: parts.joined(separator: "/"), errno: failure)
            }
            current = next
        }
        return current
    }

    private static func parts(of name: String) throws -> [String] {
        let parts = name.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !name.hasPrefix("/"), !parts.contains("..") else { throw TarError.unsafe(name: name) }
        return parts
    }

    /// Whether a link in this directory points to a place below the destination.
    private static func staysInside(_ target: String, from directory: ArraySlice<String>) -> Bool {
        guard !target.hasPrefix("/") else { return false }
        var depth = directory.count
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }
}
