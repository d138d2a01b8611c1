/// A line in `/proc/self/mounts`.
package struct KernelMount: Sendable, Equatable {
    package var point: String
    package var type: String
    package var options: [String]

    package static func all(root: HostRoot) -> [KernelMount] {
        (root.lines("/proc/self/mounts") ?? root.lines("/proc/mounts") ?? []).compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 4 else { return nil }
            return KernelMount(point: unescaped(words[1]), type: String(words[2]), options: words[3].split(separator: ",").map(String.init))
        }
    }

    /// The mount that contains a path: the longest matching mount point. If two have the same point, the later one is on top.
    package static func holding(_ path: String, root: HostRoot) -> KernelMount? {
        var best: KernelMount?
        for mount in all(root: root) where mount.point == "/" || path == mount.point || path.hasPrefix(mount.point + "/") {
            if mount.point.count >= (best?.point.count ?? 0) { best = mount }
        }
        return best
    }

    /// The kernel writes space, tab, newline and backslash as `\040` and so on.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3, let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
