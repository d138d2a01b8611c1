import Glibc
import Testing

@testable import LabSupport

@Suite struct ProcessMemoryTests {
    /// Resident pages of files, in kB.
    private func residentFiles() throws -> Int {
        let status = try Files.text("/proc/self/status")
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
    }

    @Test func codeIsGivenBackAndRunsOn() throws {
        let before = try residentFiles()
        #expect(ProcessMemory.releaseCode() > 1 << 20)
        let after = try residentFiles()
        #expect(after < before, "\(before) kB before, \(after) kB after")
        #expect((1...1000).reduce(0, +) == 500_500)
    }

    /// Pages that hold what this process changed must stay.
    @Test(
        arguments: [
            ("55f998bc7000-55f99a76a000 r-xp 00000000 fe:00 332717                     /usr/bin/ailab", 0x1BA_3000),
            ("7f0000000000-7f0000001000 r-xp 00000000 fe:00 1                          /opt/a folder/lib.so", 0x1000),
            ("55f998bc7000-55f99a76a000 rw-p 00000000 fe:00 332717                     /usr/bin/ailab", nil),
            ("55f998bc7000-55f99a76a000 r--p 00000000 fe:00 332717                     /usr/bin/ailab", nil),
            ("7ffd2f7d5000-7ffd2f7d7000 r-xp 00000000 00:00 0                          [vdso]", nil),
            ("7f0000000000-7f0000001000 r-xp 00000000 00:00 0 ", nil),
            ("7f0000001000-7f0000000000 r-xp 00000000 fe:00 1 /x", nil),
            ("", nil),
        ] as [(String, Int?)]) func onlyCodeOfFilesIsMeant(_ line: String, _ length: Int?)
    {
        #expect(ProcessMemory.CodeMapping(Substring(line))?.length == length)
    }
}
