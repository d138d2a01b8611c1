import Glibc

/// The memory of this process.
package enum ProcessMemory {
    /// Gives the pages of executable code back that are mapped now, and returns their size in bytes. Nothing is lost: code is never changed,
    /// and the kernel maps a page again, from its cache of the file, when it runs. For a program that needed much code to start, and needs
    /// little from then on.
    ///
    /// Only executable mappings of files are meant. Other private mappings of a file may hold changes, such as the addresses that the dynamic
    /// loader wrote, and giving those back would undo them (madvise(2), `MADV_DONTNEED`).
    @discardableResult
    package static func releaseCode() -> Int {
        guard let maps = try? Files.read("/proc/self/maps") else { return 0 }
        var released = 0
        for line in String(decoding: maps, as: UTF8.self).split(separator: "\n") {
            guard let code = CodeMapping(line) else { continue }
            if madvise(code.start, code.length, MADV_DONTNEED) == 0 { released += code.length }
        }
        return released
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
