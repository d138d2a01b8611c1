import Glibc
import LabSupport

/// The contents of a build: the members of a directory that `.dockerignore` lets through, and entries in memory.
package struct BuildContext: Sendable {
    /// The members in the order of the directory walk.
    package private(set) var entries: [TarEntry] = []
    /// Paths that cannot be sent: sockets, pipes, devices.
    package private(set) var skipped: [String] = []
    /// How many members `.dockerignore` excluded. An excluded directory counts as one.
    package private(set) var ignored = 0

    private let root: [UInt8]
    private let ignore: DockerIgnore
    private let always: Set<[UInt8]>
    private let replaced: Set<[UInt8]>

    /// Walks the directory. `extra` adds or replaces members by path.
    ///
    /// `dockerfile` is a path inside the context. It is sent even if it is ignored, and so is `.dockerignore`: the engine needs both, and
    /// excludes them from `COPY`.
    package init(directory: String, dockerfile: String = "Dockerfile", extra: [String: [UInt8]] = [:]) throws {
        root = Array(directory.utf8)
        ignore = try Self.readIgnoreFile(in: directory, extra: extra)
        always = [Array(".dockerignore".utf8), Array(dockerfile.utf8)]
        replaced = Set(extra.keys.map { Array($0.utf8) })
        try walk([], inherited: ignore.root, pending: [])
        for (name, bytes) in extra.sorted(by: { $0.key < $1.key }) {
            entries.append(TarEntry(name: Array(name.utf8), mode: 0o644, modified: 0, content: .memory(bytes)))
        }
    }

    /// The stream to send.
    package func archive() -> TarWriter { TarWriter(entries) }

    private static func readIgnoreFile(in directory: String, extra: [String: [UInt8]]) throws -> DockerIgnore {
        let path = directory + "/.dockerignore"
        guard extra[".dockerignore"] != nil || Files.exists(path) else { return DockerIgnore() }
        let bytes = try extra[".dockerignore"] ?? Files.read(path)
        let ignore = DockerIgnore(bytes.text)
        if let line = ignore.malformed.first { throw TarError.pattern(file: path, line: line) }
        return ignore
    }

    /// `pending` are ignored directories. They are sent after all if one of their members is.
    private mutating func walk(_ directory: [UInt8], inherited: DockerIgnore.Inherited, pending: [TarEntry]) throws {
        var pending = pending
        for name in try names(in: directory) {
            let path = directory.isEmpty ? name : directory + [UInt8(ascii: "/")] + name
            guard !replaced.contains(path) else { continue }
            let decision = ignore.decide(path, under: inherited)
            let isLeftOut = decision.isIgnored && !always.contains(path)
            let status = try self.status(of: path)
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            if isLeftOut {
                guard isDirectory, ignore.mayHoldExceptions(path) || always.contains(where: { $0.starts(with: path + [UInt8(ascii: "/")]) })
                else {
                    ignored += 1
                    continue
                }
            }
            guard let entry = try entry(path, status) else { continue }
            if isLeftOut {
                try walk(path, inherited: decision.inherited, pending: pending + [entry])
                // A member that was let through also added its pending directories.
                if let last = entries.last, last.name.starts(with: path + [UInt8(ascii: "/")]) { pending = [] }
                continue
            }
            entries += pending + [entry]
            pending = []
            if isDirectory { try walk(path, inherited: decision.inherited, pending: []) }
        }
    }

    private mutating func entry(_ path: [UInt8], _ status: stat) throws -> TarEntry? {
        let content: TarEntry.Content
        switch status.st_mode & S_IFMT {
        case S_IFDIR: content = .directory
        case S_IFLNK: content = .symlink(target: try linkTarget(absolute(path)))
        case S_IFREG:
            let absolute = absolute(path)
            // Refuse an unreadable file now, with its name, rather than in the middle of an upload.
            guard absolute.withCPath({ access($0, R_OK) }) == 0 else { throw TarError.system(path: absolute.text, errno: errno) }
            content = .file(path: absolute, size: Int64(status.st_size))
        default:
            skipped.append(path.text)
            return nil
        }
        return TarEntry(name: path, mode: status.st_mode & 0o7777, modified: Int64(status.st_mtim.tv_sec), content: content)
    }

    private func absolute(_ path: [UInt8]) -> [UInt8] { path.isEmpty ? root : root + [UInt8(ascii: "/")] + path }

    private func status(of path: [UInt8]) throws -> stat {
        var status = stat()
        let absolute = absolute(path)
        guard absolute.withCPath({ lstat($0, &status) }) == 0 else { throw TarError.system(path: absolute.text, errno: errno) }
        return status
    }

    private func linkTarget(_ path: [UInt8]) throws -> [UInt8] {
        var target = [CChar](repeating: 0, count: 4096)
        let count = path.withCPath { readlink($0, &target, target.count) }
        guard count >= 0 else { throw TarError.system(path: path.text, errno: errno) }
        return target.prefix(count).map(UInt8.init(bitPattern:))
    }

    /// Names in byte order, so that the same context always gives the same archive.
    private func names(in directory: [UInt8]) throws -> [[UInt8]] {
        let path = absolute(directory)
        guard let stream = path.withCPath({ opendir($0) }) else { throw TarError.system(path: path.text, errno: errno) }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let item = readdir(stream) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [UInt8(ascii: ".")], name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
