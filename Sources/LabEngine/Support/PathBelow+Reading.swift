import Glibc

extension PathBelow {
    /// The largest file that is read into memory.
    package static let readLimit = 64 << 20

    /// The whole content of a regular file of at most `limit` bytes. A pipe or a device is refused, because reading it might never end.
    package func read(limit: Int = readLimit) throws(LabError) -> [UInt8] {
        let (descriptor, size) = try openFile(limit: limit)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        // Room for the end of the file, too, because only a read of nothing shows it.
        var buffer = [UInt8](repeating: 0, count: min(max(size + 1, 1 << 12), 1 << 16))
        while bytes.count <= limit {
            guard try Files.next(of: descriptor, into: &buffer, shown, { bytes += $0 }) else { return bytes }
        }
        throw wrongKind()
    }

    /// The digest of a regular file in lower-case hexadecimal digits. Stops within a piece if the task is cancelled.
    package func sha256() throws -> String {
        let (descriptor, _) = try openFile(limit: .max)
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            try Task.checkCancellation()
            guard try Files.next(of: descriptor, into: &buffer, shown, { hash.update($0) }) else { return hash.finishHex() }
        }
    }

    /// Opens a regular file to read it, and gives its size.
    private func openFile(limit: Int) throws(LabError) -> (descriptor: Int32, size: Int) {
        // Without O_NONBLOCK, opening a pipe waits for its writer.
        let descriptor = try open(O_RDONLY | O_NONBLOCK)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            close(descriptor)
            throw wrongKind()
        }
        return (descriptor, Int(status.st_size))
    }

    private func wrongKind() -> LabError {
        Files.wrongKind(shown, hint: Text(en: "Remove it and run the sub-step again.", zh: "请删除它，然后重新运行该小节。"))
    }
}

extension PathBelow {
    /// The names in the folder that contains it. Empty if they can't be read.
    package var neighbours: [String] {
        guard let descriptor = try? parent?.open(O_RDONLY | O_DIRECTORY) else { return [] }
        defer { close(descriptor) }
        return ((try? FolderNames.read(descriptor, "")) ?? []).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// How much of a folder ailab reads. A folder with more is refused: hashing it would take minutes.
package struct FolderLimit: Sendable {
    package var files = 100_000
    package var bytes: Int64 = 4 << 30
    /// The most folders in one another.
    package var depth = 128

    package init() {}

    /// The error for a folder that has more.
    package func exceeded(by folder: PathBelow) -> LabError {
        LabError(
            .fileFolderTooLarge,
            Text(
                en:
                    "\(folder.shown) has more than \(files) files, more than \(bytes >> 30) GiB, or more than \(depth) folders in one another.",
                zh: "\(folder.shown) 中的文件超过 \(files) 个、总大小超过 \(bytes >> 30) GiB，或目录嵌套超过 \(depth) 层。"),
            hint: Text(
                en: "ailab compares every file of this folder with the last run. Move what the lab doesn't need out of it.",
                zh: "ailab 会将该目录中的每个文件与上次运行比较。请把实验不需要的内容移出该目录。"))
    }
}

extension PathBelow {
    /// Every regular file below the folder, in the order of the walk, which sorts each folder's names. Links are not followed.
    ///
    /// Throws `file.folderTooLarge` if there are more files, or larger ones, than `limit` says. Stops at once if the task is cancelled.
    package func tree(limit: FolderLimit = FolderLimit()) throws -> [PathBelow] {
        let descriptor = try open(O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        var found = FoundFiles(limit: limit, root: self)
        try found.walk(descriptor, [], depth: 0)
        return found.paths.map { appending($0) }
    }
}

private struct FoundFiles {
    let limit: FolderLimit
    let root: PathBelow
    var paths: [[UInt8]] = []
    var bytes: Int64 = 0
    var seen = 0

    mutating func walk(_ directory: Int32, _ path: [UInt8], depth: Int) throws {
        for name in try FolderNames.read(directory, root.shown) {
            try Task.checkCancellation()
            var status = stat()
            let inner = path.isEmpty ? name : path + [UInt8(ascii: "/")] + name
            seen += 1
            guard seen <= limit.files else { throw limit.exceeded(by: root) }
            guard fstatat(directory, name.map(CChar.init(bitPattern:)) + [0], &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                guard depth < limit.depth else { throw limit.exceeded(by: root) }
                let next = openat(directory, name.map(CChar.init(bitPattern:)) + [0], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                guard next >= 0 else { continue }
                defer { close(next) }
                try walk(next, inner, depth: depth + 1)
            case S_IFREG:
                let (sum, isOver) = bytes.addingReportingOverflow(Int64(status.st_size))
                guard !isOver, sum <= limit.bytes else { throw limit.exceeded(by: root) }
                bytes = sum
                paths.append(inner)
            default: break
            }
        }
    }
}

/// The names in a folder.
package enum FolderNames {
    /// The names in byte order. The descriptor stays open. `path` is for the error.
    package static func read(_ directory: Int32, _ path: @autoclosure () -> String) throws(LabError) -> [[UInt8]] {
        let copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw Files.error(errno, path()) }
        guard let stream = fdopendir(copy) else {
            let failure = errno
            close(copy)
            throw Files.error(failure, path())
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let item = readdir(stream) {
            let name = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
