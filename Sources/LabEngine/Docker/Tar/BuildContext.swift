import Glibc
package import LabSupport

/// The contents of a build: the members of a directory that `.dockerignore` lets through, and entries in memory.
package struct BuildContext: Sendable {
    /// The members in the order of the directory walk.
    package private(set) var entries: [TarEntry] = []
    /// Paths that cannot be sent: sockets, pipes, devices.
    package private(set) var skipped: [String] = []
    /// How many members `.dockerignore` excluded. An excluded directory counts as one.
    package private(set) var ignored = 0

    private static let ignoreFileLimit = 1 << 20
    private let root: PathBelow
    private let ignore: DockerIgnore
    private let always: Set<[UInt8]>
    private let replaced: Set<[UInt8]>
    private let limit = FolderLimit()
    private var seen = 0
    private var bytes: Int64 = 0

    /// Walks a directory of this user.
    package init(directory: String, dockerfile: String = "Dockerfile", extra: [String: [UInt8]] = [:]) throws {
        try self.init(PathBelow(".", in: directory), dockerfile: dockerfile, extra: extra)
    }

    /// Walks the directory, without following links. Stops at once if the task is cancelled. `extra` adds or replaces members by path.
    ///
    /// `dockerfile` is a path inside the context. It is sent even if it is ignored, and so is `.dockerignore`: the engine needs both, and
    /// excludes them from `COPY`.
    package init(_ directory: PathBelow, dockerfile: String = "Dockerfile", extra: [String: [UInt8]] = [:]) throws {
        root = directory
        ignore = try Self.readIgnoreFile(in: directory, extra: extra)
        always = [Array(".dockerignore".utf8), Array(dockerfile.utf8)]
        replaced = Set(extra.keys.map { Array($0.utf8) })
        let descriptor = try directory.open(O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        try walk(descriptor, [], inherited: ignore.root, pending: [])
        // The rules answer at random once the task is cancelled.
        try Task.checkCancellation()
        for (name, bytes) in extra.sorted(by: { $0.key < $1.key }) {
            entries.append(TarEntry(name: Array(name.utf8), mode: 0o644, modified: 0, content: .memory(bytes)))
        }
    }

    /// The stream to send.
    package func archive() -> TarWriter { TarWriter(entries) }

    private static func readIgnoreFile(in directory: PathBelow, extra: [String: [UInt8]]) throws -> DockerIgnore {
        let path = directory.appending(".dockerignore")
        guard try extra[".dockerignore"] != nil || path.exists() else { return DockerIgnore() }
        let bytes = try extra[".dockerignore"] ?? path.read(limit: ignoreFileLimit)
        let ignore = DockerIgnore(bytes.text)
        if let line = ignore.malformed.first { throw TarError.pattern(file: path.shown, line: line) }
        return ignore
    }

    /// `pending` are ignored directories. They are sent after all if one of their members is.
    private mutating func walk(
        _ descriptor: Int32, _ directory: [UInt8], inherited: DockerIgnore.Inherited, pending: [TarEntry], depth: Int = 0
    ) throws {
        var pending = pending
        // Names in byte order, so that the same context always gives the same archive.
        for name in try FolderNames.read(descriptor, root.appending(directory).shown) {
            try Task.checkCancellation()
            try count(depth)
            let path = directory.isEmpty ? name : directory + [UInt8(ascii: "/")] + name
            guard !replaced.contains(path) else { continue }
            let decision = ignore.decide(path, under: inherited)
            let isLeftOut = decision.isIgnored && !always.contains(path)
            let status = try self.status(of: name, in: descriptor, path)
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            if isLeftOut {
                guard isDirectory, ignore.mayHoldExceptions(path) || always.contains(where: { $0.starts(with: path + [UInt8(ascii: "/")]) })
                else {
                    ignored += 1
                    continue
                }
            }
            guard let entry = try entry(name, in: descriptor, path, status) else { continue }
            let inner = isDirectory ? try folder(name, in: descriptor, path) : -1
            defer { if inner >= 0 { close(inner) } }
            if isLeftOut {
                try walk(inner, path, inherited: decision.inherited, pending: pending + [entry], depth: depth + 1)
                // A member that was let through also added its pending directories.
                if let last = entries.last, last.name.starts(with: path + [UInt8(ascii: "/")]) { pending = [] }
                continue
            }
            entries += pending + [entry]
            pending = []
            if isDirectory { try walk(inner, path, inherited: decision.inherited, pending: [], depth: depth + 1) }
        }
    }

    private mutating func count(_ depth: Int) throws {
        seen += 1
        guard seen <= limit.files, depth <= limit.depth, bytes <= limit.bytes else { throw limit.exceeded(by: root) }
    }

    private mutating func entry(_ name: [UInt8], in directory: Int32, _ path: [UInt8], _ status: stat) throws -> TarEntry? {
        let content: TarEntry.Content
        switch status.st_mode & S_IFMT {
        case S_IFDIR: content = .directory
        case S_IFLNK: content = .symlink(target: try linkTarget(name, in: directory, path))
        case S_IFREG:
            // Refuse an unreadable file now, with its name, rather than in the middle of an upload.
            guard name.withCPath({ faccessat(directory, $0, R_OK, 0) }) == 0 else { throw error(path) }
            content = .file(root.appending(path), size: Int64(status.st_size))
            bytes = bytes.addingReportingOverflow(Int64(status.st_size)).overflow ? .max : bytes + Int64(status.st_size)
        default:
            skipped.append(path.text)
            return nil
        }
        return TarEntry(name: path, mode: status.st_mode & 0o7777, modified: Int64(status.st_mtim.tv_sec), content: content)
    }

    private func status(of name: [UInt8], in directory: Int32, _ path: [UInt8]) throws -> stat {
        var status = stat()
        guard name.withCPath({ fstatat(directory, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { throw error(path) }
        return status
    }

    private func folder(_ name: [UInt8], in directory: Int32, _ path: [UInt8]) throws -> Int32 {
        let descriptor = name.withCPath { openat(directory, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard descriptor >= 0 else { throw error(path) }
        return descriptor
    }

    private func linkTarget(_ name: [UInt8], in directory: Int32, _ path: [UInt8]) throws -> [UInt8] {
        var target = [CChar](repeating: 0, count: 4096)
        let count = name.withCPath { readlinkat(directory, $0, &target, target.count) }
        guard count >= 0 else { throw error(path) }
        return target.prefix(count).map(UInt8.init(bitPattern:))
    }

    /// The error of the system call that just failed on a member.
    private func error(_ path: [UInt8]) -> TarError { .system(path: root.appending(path).shown, errno: errno) }
}
