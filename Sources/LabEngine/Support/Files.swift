import Glibc

/// File operations. Every error keeps errno and names the path.
package enum Files {
    /// The error for a failed call on `path`. A full disk, missing permission and a missing file each have their own code.
    package static func error(_ errno: Int32, _ path: String) -> LabError {
        let cause = String(cString: strerror(errno))
        switch errno {
        case ENOSPC, EDQUOT:
            return LabError(
                .diskFull, Text(en: "The disk is full: cannot write \(path).", zh: "磁盘已满，无法写入 \(path)。"),
                hint: Text(
                    en: "Free some space (`ailab clean --dry-run` lists what ailab can remove), or point AILAB_HOME to a larger disk.",
                    zh: "请释放一些空间（`ailab clean --dry-run` 会列出 ailab 可以清理的内容），或把 AILAB_HOME 设为更大磁盘上的目录。"),
                cause: cause, errno: errno)
        case EACCES, EPERM, EROFS:
            return LabError(
                .workspacePermission, Text(en: "You may not access \(path).", zh: "当前用户无权访问 \(path)。"),
                hint: Text(
                    en: "Make yourself the folder's owner (`sudo chown -R \"$USER\" …`) or set AILAB_HOME to a folder of your own.",
                    zh: "请把该目录的所有者改为当前用户（`sudo chown -R \"$USER\" …`），或把 AILAB_HOME 设为你自己的目录。"),
                cause: cause, errno: errno)
        case EFBIG:
            return LabError(
                .limitFileSize,
                Text(
                    en: "\(path) reached the largest size that this shell or file system allows.",
                    zh: "\(path) 已达到当前 shell 或文件系统允许的最大文件大小。"),
                hint: Text(
                    en: "`ulimit -f` shows the shell's limit. `ulimit -f unlimited` lifts it, in a new shell if necessary.",
                    zh: "`ulimit -f` 可查看 shell 的限制；`ulimit -f unlimited` 可取消限制（必要时请在新的 shell 中执行）。"),
                cause: cause, errno: errno)
        case EMFILE, ENFILE:
            return LabError(
                .limitOpenFiles,
                Text(
                    en: "\(path) can't be opened, because \(errno == EMFILE ? "this process" : "this machine") has too many open files.",
                    zh: "无法打开 \(path)：\(errno == EMFILE ? "本进程" : "本机")打开的文件过多。"),
                hint: openFilesHint, cause: cause, errno: errno)
        case ENOENT:
            return LabError(.fileMissing, Text(en: "\(path) does not exist.", zh: "\(path) 不存在。"), cause: cause, errno: errno)
        default:
            return LabError(
                .fileFailed, Text(en: "Cannot use \(path): \(cause).", zh: "无法使用 \(path)：\(cause)。"), cause: cause, errno: errno)
        }
    }

    /// How to raise the limit of open files.
    package static let openFilesHint = Text(
        en: "`ulimit -n` shows the limit. `ulimit -n 1024` is enough, in a new shell if necessary.",
        zh: "`ulimit -n` 可查看限制；`ulimit -n 1024` 就足够了（必要时请在新的 shell 中执行）。")

    /// Opens a regular file. Anything else in its place, such as a pipe or a device, is refused: opening, reading or writing it might never
    /// end, or keep nothing. The caller closes the descriptor.
    package static func openRegular(_ path: String, _ flags: Int32, mode: UInt32 = 0o600, limit: Int = .max) throws(LabError) -> Int32 {
        // Without O_NONBLOCK, opening a pipe waits for its other end. With it, ENXIO says that there is none.
        let descriptor = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode)
        guard descriptor >= 0 else { throw errno == ENXIO ? wrongKind(path) : error(errno, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            close(descriptor)
            throw status.st_mode & S_IFMT == S_IFDIR ? error(EISDIR, path) : wrongKind(path)
        }
        return descriptor
    }

    /// The error for a file that isn't a regular one, or too large.
    package static func wrongKind(_ path: String) -> LabError {
        wrongKind(
            path,
            hint: Text(
                en: "It's a pipe or a device, or far too large. If it has the place of a file of ailab, give it another name.",
                zh: "它是管道或设备，或者过大。如果它占用了 ailab 的文件的位置，请将其改名。"),
            cause: "Not a regular file, or too large")
    }

    static func wrongKind(_ path: String, hint: Text, cause: String? = nil) -> LabError {
        LabError(
            .fileKind, Text(en: "\(path) is not a regular file of a reasonable size.", zh: "\(path) 不是大小合理的普通文件。"), hint: hint,
            cause: cause)
    }

    /// The largest file that is read into memory as a whole.
    package static let readLimit = 1 << 30

    /// The whole file. Only a regular file is read.
    package static func read(_ path: String, limit: Int = readLimit) throws(LabError) -> [UInt8] {
        let descriptor = try openRegular(path, O_RDONLY, limit: limit)
        defer { close(descriptor) }
        return try read(descriptor, path, limit: limit)
    }

    /// A file that the user names, which may also be a pipe of their shell. Opening it may wait for the pipe's writer.
    package static func readNamed(_ path: String, limit: Int) throws(LabError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw error(errno, path) }
        defer { close(descriptor) }
        return try read(descriptor, path, limit: limit)
    }

    /// The last bytes of a file that the user names, or of a pipe, to its end. `isCut` means that more came before them.
    package static func readEnd(of descriptor: Int32, _ path: String, limit: Int) throws(LabError) -> (bytes: [UInt8], isCut: Bool) {
        var bytes: [UInt8] = []
        var isCut = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while try next(of: descriptor, into: &buffer, path, { bytes += $0 }) {
            // Seldom, because it moves what stays.
            guard bytes.count > 2 * limit else { continue }
            bytes.removeFirst(bytes.count - limit)
            isCut = true
        }
        guard bytes.count > limit else { return (bytes, isCut) }
        return (Array(bytes.suffix(limit)), true)
    }

    /// What comes from an open file, a pipe or a terminal, to its end.
    package static func read(_ descriptor: Int32, _ path: String, limit: Int = readLimit) throws(LabError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while try next(of: descriptor, into: &buffer, path, { bytes += $0 }) {
            guard bytes.count <= limit else { throw wrongKind(path) }
        }
        return bytes
    }

    /// Gives the next piece of a file that was opened. False at its end.
    package static func next(
        of descriptor: Int32, into buffer: inout [UInt8], _ path: @autoclosure () -> String, _ take: (ArraySlice<UInt8>) -> Void
    ) throws(LabError) -> Bool {
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { take(buffer[..<count]) }
            if count >= 0 { return count > 0 }
            guard errno == EINTR else { throw error(errno, path()) }
        }
    }

    /// Reads a file that a container may have written: a regular file of at most `limit` bytes.
    ///
    /// Links are not followed. A pipe or a device is refused, because reading it might never end.
    package static func readUntrusted(_ path: String, limit: Int = 16 << 20) throws(LabError) -> [UInt8] {
        let descriptor = try openRegular(path, O_RDONLY | O_NOFOLLOW, limit: limit)
        defer { close(descriptor) }
        return try read(descriptor, path, limit: limit)
    }

    /// The whole file as text. Invalid UTF-8 becomes U+FFFD.
    package static func text(_ path: String) throws(LabError) -> String { String(decoding: try read(path), as: UTF8.self) }

    /// Replaces the file as a whole: a reader sees the old or the new content, even after a crash.
    ///
    /// A device or a pipe of that name isn't replaced: `/dev/null` would be a file from then on.
    ///
    /// With `rights`, the new file has that owner and mode from its first byte on, and `mode` is ignored. Without `durably`, a crash of the
    /// machine may leave an empty file.
    package static func write(
        _ bytes: some Collection<UInt8>, to path: String, mode: UInt32 = 0o644, keeping rights: Rights? = nil, durably: Bool = true
    ) throws(LabError) {
        var present = stat()
        if stat(path, &present) == 0, ![S_IFREG, S_IFDIR].contains(present.st_mode & S_IFMT) { throw wrongKind(path) }
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max)).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, rights == nil ? mode : 0o600)
        guard descriptor >= 0 else { throw error(errno, path) }
        var failure = rights.map { give(descriptor, $0) } ?? 0
        if failure == 0 { failure = writeAll(Array(bytes), to: descriptor) }
        if failure == 0, durably, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == 0, rename(temporary, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(temporary)
            throw error(failure, path)
        }
    }

    /// Writes into a device or a pipe, such as `/dev/stdout`. False if the path is something else, or nothing.
    package static func writeToStream(_ bytes: [UInt8], _ path: String) throws(LabError) -> Bool {
        // A name of an open descriptor leads to whatever is open there, also to a file, whose name must not be taken for the path's.
        if let descriptor = namedDescriptor(path) {
            try write(bytes, to: descriptor, of: path)
            return true
        }
        var present = stat()
        guard stat(path, &present) == 0, [S_IFCHR, S_IFIFO].contains(present.st_mode & S_IFMT) else { return false }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw error(errno, path) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, of: path)
        return true
    }

    /// The descriptor that `/dev/stdout`, `/dev/fd/3` and the like stand for.
    private static func namedDescriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            let prefix = ["/dev/fd/", "/proc/self/fd/"].first(where: path.hasPrefix)
            return prefix.flatMap { Int32(path.dropFirst($0.count)) }
        }
    }

    /// Sets an open file's owner and mode. Returns 0 or an errno.
    private static func give(_ descriptor: Int32, _ rights: Rights) -> Int32 {
        var now = stat()
        guard fstat(descriptor, &now) == 0 else { return errno }
        let isOwned = now.st_uid == rights.user && now.st_gid == rights.group
        if !isOwned, fchown(descriptor, rights.user, rights.group) != 0 { return errno }
        return fchmod(descriptor, rights.mode) == 0 ? 0 : errno
    }

    /// Writes all bytes to the open file of this path.
    package static func write(_ bytes: [UInt8], to descriptor: Int32, of path: @autoclosure () -> String) throws(LabError) {
        let failure = writeAll(bytes, to: descriptor)
        guard failure == 0 else { throw error(failure, path()) }
    }

    /// Writes all bytes. Returns 0 or an errno.
    package static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { raw -> Int32 in
            var offset = 0
            while offset < raw.count {
                let count = Glibc.write(descriptor, raw.baseAddress.map { $0 + offset }, raw.count - offset)
                if count > 0 {
                    offset += count
                } else if errno == EAGAIN {
                    // Another program may have made a shared terminal non-blocking.
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    guard poll(&waiting, 1, -1) >= 0 || errno == EINTR, waiting.revents & Int16(POLLERR | POLLNVAL) == 0 else { return EIO }
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }

    /// Creates the folder and its missing parents.
    package static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(LabError) {
        if mkdir(path, mode) == 0 || (errno == EEXIST && isDirectory(path)) { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw error(errno, path) }
        try makeDirectory(String(path[..<slash]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw error(errno, path) }
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Size in bytes of a regular file, or nil if there is none.
    package static func size(_ path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The last part of a path, such as `train.py` of `/app/train.py`. The path itself if it has no parts.
    package static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Names in a folder, sorted. Empty if the folder cannot be read.
    package static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Every regular file below a folder, as sorted relative paths. Links are not followed.
    package static func tree(_ root: String, below prefix: String = "") -> [String] {
        names(in: prefix.isEmpty ? root : "\(root)/\(prefix)").flatMap { name -> [String] in
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            var status = stat()
            guard lstat("\(root)/\(path)", &status) == 0 else { return [] }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return tree(root, below: path)
            case S_IFREG: return [path]
            default: return []
            }
        }
    }
}

extension Files {
    /// The target of a symbolic link, or nil if `path` is not a link.
    package static func link(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { room in room.baseAddress.map { readlink(path, $0, room.count) } ?? -1 }
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// The path without any link in it. Nil if there is no such file.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// A file's owner, group and mode.
    package struct Rights: Sendable, Equatable {
        package var user: UInt32
        package var group: UInt32
        package var mode: UInt32
    }

    /// A file's owner, group and mode, or nil if there is no such file. Links are followed.
    package static func rights(_ path: String) -> Rights? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Rights(user: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777)
    }

    /// The absolute form of a path.
    package static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
        defer { free(current) }
        return String(cString: current) + "/" + path
    }

    /// The folder that contains a path.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Resolves symbolic links to the final path, which need not exist. Throws ELOOP.
    package static func target(of path: String) throws(LabError) -> String {
        var target = path
        for _ in 0..<40 {
            guard let next = link(target) else { return target }
            target = next.hasPrefix("/") ? next : folder(of: target) + "/" + next
        }
        throw error(ELOOP, path)
    }
}
