import Glibc

/// The memory of this process.
package enum ProcessMemory {
    /// Takes the executable code that is mapped now out of this process, and returns the size of its mappings in bytes. The kernel maps a page
    /// again, from its cache of the file, when its code runs. For a program that needed much code to start, and needs little from then on.
    ///
    /// Only executable mappings of files are meant. Other private mappings of a file may hold changes, such as the addresses that the dynamic
    /// loader wrote, and this would undo them (madvise(2), `MADV_DONTNEED`). A debugger writes its breakpoints into the code, so a process that
    /// has one keeps everything.
    @discardableResult
    package static func releaseCode() -> Int {
        guard !isTraced, let maps = try? Files.read("/proc/self/maps") else { return 0 }
        var released = 0
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            guard let code = CodeMapping(line) else { continue }
            if madvise(code.start, code.length, MADV_DONTNEED) == 0 { released += code.length }
        }
        return released
    }

    /// proc(5): `TracerPid` is 0 if no process traces this one.
    private static var isTraced: Bool {
        guard let status = try? Files.text("/proc/self/status") else { return true }
        return !status.split(separator: "\n").contains {
            $0.hasPrefix("TracerPid:") && $0.split(whereSeparator: \.isWhitespace).last == "0"
        }
    }

    /// Executable pages of a file, from a line of `/proc/self/maps` (proc(5)).
    struct CodeMapping {
        let start: UnsafeMutableRawPointer
        let length: Int

        /// Nil for every other line.
        init?(_ line: Substring) {
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].drop(while: { $0 == " " }).first == "/" else { return nil }
            let ends = fields[0].split(separator: "-").map { UInt($0, radix: 16) }
            guard ends.count == 2, let first = ends[0], let end = ends[1], first < end,
                let start = UnsafeMutableRawPointer(bitPattern: first)
            else { return nil }
            self.start = start
            length = Int(end - first)
        }
    }
}
