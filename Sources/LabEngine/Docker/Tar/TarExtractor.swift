import Glibc
package import HTTPTransport
package import LabSupport

/// Writes an archive's members below a directory, and nowhere else.
///
/// Each directory of a path is opened from the one before without following links, so neither `..` nor a link in the archive leads out. A
/// file gets its name only when it is complete: a damaged archive leaves no half-written file and doesn't touch an existing one. Files keep
/// their permissions without the set-id bits, and belong to the user who runs this.
package final class TarExtractor {
    private let root: Int32
    private var parser = TarParser()
    private var file: UnfinishedFile?
    /// The regular files that were written, by their path in the archive.
    package private(set) var files: [String] = []
    /// What was not written: devices, pipes, hard links, links that may lead out.
    package private(set) var skipped: [String] = []

    /// `destination` must exist.
    package init(_ destination: PathBelow) throws {
        root = try destination.open(O_RDONLY | O_DIRECTORY)
    }

    /// `destination` is a folder of this user, and must exist.
    package convenience init(destination: String) throws { try self.init(PathBelow(".", in: destination)) }

    deinit {
        file?.discard()
        close(root)
    }

    /// Writes a whole archive.
    package static func extract(_ body: HTTPBodyStream, to destination: PathBelow) async throws -> (files: [String], skipped: [String]) {
        let extractor = try TarExtractor(destination)
        for try await piece in body { try extractor.feed(piece) }
        try extractor.finish()
        return (extractor.files, extractor.skipped)
    }

    /// Writes the content of a piece of the archive.
    package func feed(_ piece: [UInt8]) throws {
        for event in try parser.feed(piece) {
            switch event {
            case .member(let member): try begin(member)
            case .data(let bytes): try write(bytes)
            case .memberEnd: try finishFile()
            }
        }
    }

    /// Checks that the archive was complete.
    package func finish() throws { try parser.finish() }

    private func begin(_ member: TarMember) throws {
        let parts = try Self.parts(of: member.name)
        guard let last = parts.last else { return }
        switch member.kind {
        case .directory:
            close(try directory(parts[...]))
        case .file:
            file = try UnfinishedFile(member, named: last, in: try directory(parts.dropLast()))
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

    private func finishFile() throws {
        guard let file else { return }
        self.file = nil
        try file.finish()
        files.append(file.name)
    }

    private func withParent(of parts: [String], _ body: (Int32) throws -> Void) throws {
        let parent = try directory(parts.dropLast())
        defer { close(parent) }
        try body(parent)
    }

    /// Opens a directory, and creates it if necessary.
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

    /// Whether a link in that directory leads to a place below the destination. `..` is allowed only at the beginning: after a name, it could
    /// go up from wherever another link of that name leads.
    private static func staysInside(_ target: String, from directory: ArraySlice<String>) -> Bool {
        guard !target.hasPrefix("/") else { return false }
        let parts = target.split(separator: "/").filter { $0 != "." }
        let up = parts.prefix { $0 == ".." }.count
        return up <= directory.count && !parts.dropFirst(up).contains("..")
    }
}

/// A file that is being written under a temporary name.
private struct UnfinishedFile {
    let descriptor: Int32
    /// The path in the archive.
    let name: String
    private let parent: Int32
    private let last: String
    private let temporary = ".\(getpid()).\(UInt64.random(in: 0 ... .max)).part"

    /// Owns `parent` from now on.
    init(_ member: TarMember, named last: String, in parent: Int32) throws {
        name = member.name
        self.last = last
        self.parent = parent
        descriptor = openat(
            parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(member.mode & 0o777 | 0o600))
        let failure = errno
        guard descriptor >= 0 else {
            close(parent)
            throw TarError.system(path: member.name, errno: failure)
        }
    }

    /// Gives the file its name, and replaces a file or link that has it.
    func finish() throws {
        let failure = renameat(parent, temporary, parent, last) == 0 ? 0 : errno
        if failure != 0 { unlinkat(parent, temporary, 0) }
        close(descriptor)
        close(parent)
        guard failure == 0 else { throw TarError.system(path: name, errno: failure) }
    }

    /// Removes the file.
    func discard() {
        unlinkat(parent, temporary, 0)
        close(descriptor)
        close(parent)
    }
}
