import CSystem
package import Glibc

/// A path below a folder. It can only be opened beneath that folder, whatever links a lab or a container puts there.
///
/// Names in a lab file, in an archive or in a container's folder are other people's. A path made of them as text would follow a link to any
/// place of this machine, with the rights of this user. Links above the folder are followed: they are this user's own.
package struct PathBelow: Sendable, Hashable {
    package let folder: String
    /// The path in the folder, in bytes, because a name need not be UTF-8. Empty for the folder itself.
    package let bytes: [UInt8]

    package init(_ path: String, in folder: String) { self.init(bytes: path == "." ? [] : Array(path.utf8), in: folder) }

    package init(bytes: [UInt8], in folder: String) {
        self.folder = folder
        self.bytes = bytes
    }

    /// The path in the folder.
    package var path: String { String(decoding: bytes, as: UTF8.self) }

    /// The whole path as people read it. Whoever opens this text follows links.
    package var shown: String { bytes.isEmpty ? folder : path.hasPrefix("/") ? path : "\(folder)/\(path)" }

    /// The last part of the path.
    package var name: String { shown.split(separator: "/").last.map(String.init) ?? "" }

    /// The folder that contains it. Nil for the folder itself.
    package var parent: PathBelow? {
        guard !bytes.isEmpty else { return nil }
        let slash = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return PathBelow(bytes: Array(bytes[..<slash]), in: folder)
    }

    /// A path in this one.
    package func appending(_ more: [UInt8]) -> PathBelow {
        PathBelow(bytes: bytes.isEmpty ? more : more.isEmpty ? bytes : bytes + [UInt8(ascii: "/")] + more, in: folder)
    }

    package func appending(_ more: String) -> PathBelow { appending(Array(more.utf8)) }

    /// Flags that open a folder only to open something in it.
    static let asFolder = cs_path_only | O_DIRECTORY

    /// Opens it. The caller closes the descriptor. Throws `file.outside` if the path, or a link on it, leads out of the folder.
    package func open(_ flags: Int32, mode: UInt32 = 0o644) throws(LabError) -> Int32 {
        guard !bytes.contains(0), !bytes.split(separator: UInt8(ascii: "/")).contains(Array("..".utf8)[...]) else { throw leaves(by: "") }
        let root = Glibc.open(folder, cs_path_only | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw Files.error(errno, folder) }
        defer { close(root) }
        var link = [CChar](repeating: 0, count: Int(PATH_MAX))
        let descriptor = cs_open_beneath(root, bytes.map(CChar.init(bitPattern:)) + [0], flags | O_CLOEXEC, mode, &link, link.count)
        guard descriptor < 0 else { return descriptor }
        let failure = errno
        guard failure == EXDEV else { throw Files.error(failure, shown) }
        throw leaves(by: String(decoding: link.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// What the kernel says of it. Links are followed, but only beneath the folder. Throws ENOENT if there is nothing.
    package func status() throws(LabError) -> stat {
        let descriptor = try open(cs_path_only)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Files.error(errno, shown) }
        return status
    }

    /// The same, or nil if there is nothing.
    package func statusIfPresent() throws(LabError) -> stat? {
        do {
            return try status()
        } catch {
            guard error.errno == ENOENT else { throw error }
            return nil
        }
    }

    /// Whether there is something. A path that leads out is an error, not an absence.
    package func exists() throws(LabError) -> Bool { try statusIfPresent() != nil }

    /// Size in bytes of a regular file, or nil if there is none.
    package func size() throws(LabError) -> Int? {
        guard let status = try statusIfPresent(), status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The path without links, for a program that opens paths itself, such as the engine. That program follows the links that are there when it
    /// opens the path, so ask right before it does.
    package func realPath() throws(LabError) -> String {
        let descriptor = try open(Self.asFolder)
        defer { close(descriptor) }
        var opened = stat()
        var named = stat()
        guard let path = Files.link("/proc/self/fd/\(descriptor)"), fstat(descriptor, &opened) == 0 else { throw Files.error(errno, shown) }
        guard lstat(path, &named) == 0, named.st_dev == opened.st_dev, named.st_ino == opened.st_ino else {
            throw Files.error(ENOENT, shown)
        }
        return path
    }

    private func leaves(by link: String) -> LabError {
        let text =
            link.isEmpty
            ? Text(en: "The path \(path) leads out of \(folder).", zh: "路径 \(path) 指向 \(folder) 之外。")
            : Text(en: "The link \(folder)/\(link) leads out of \(folder).", zh: "链接 \(folder)/\(link) 指向 \(folder) 之外。")
        return LabError(
            .fileOutside, text,
            hint: Text(
                en:
                    "ailab uses nothing outside of the lab's folder and of your folder. If you didn't make the link, a container or the lab did: "
                    + "remove it, and don't trust that lab. If it's yours, make it a relative link inside the folder, or replace it by a copy.",
                zh: "ailab 只使用实验目录和你的工作目录中的内容。如果这个链接不是你建的，就是某个容器或实验建的：请删除它，且不要信任该实验。如果是你自己建的，请改成指向该目录内部的相对链接，或换成实际的文件、目录。"),
            errno: EXDEV)
    }
}
