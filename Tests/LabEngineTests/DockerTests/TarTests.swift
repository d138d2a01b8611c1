import ContainerEngine
import Foundation
import LabSupport
import TestSupport
import Testing

@Suite("Docker: tar")
struct TarTests {
    private static func archive(_ writer: TarWriter, buffer: Int = 1000) throws -> [UInt8] {
        var all: [UInt8] = []
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer, alignment: 1)
        defer { room.deallocate() }
        while true {
            let count = try writer.read(into: room)
            if count == 0 { return all }
            all += room[..<count]
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["TZ": "UTC", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self) + (process.terminationStatus == 0 ? "" : "exit \(process.terminationStatus)")
    }

    private static func sample() throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        try folder.write("FROM x\n", to: "Dockerfile")
        try folder.write("#!/bin/sh\n", to: "bin/run.sh", mode: 0o755)
        try folder.write(String(repeating: "x", count: 512), to: "exact")
        try folder.write("", to: "empty")
        try folder.write("中文", to: "数据/文件.txt")
        try folder.write("deep", to: String(repeating: "very-long-directory-name/", count: 8) + "file")
        try folder.link("link", to: "bin/run.sh")
        try folder.link("far", to: String(repeating: "0123456789/", count: 15))
        return folder
    }

    @Test("GNU tar and Python read what was written, with names, modes, sizes, owners and links", arguments: [7, 512, 65536])
    func readable(buffer: Int) throws {
        let folder = try Self.sample()
        let writer = try BuildContext(directory: folder.path, extra: ["generated/Dockerfile.x": Array("FROM y\n".utf8)]).archive()
        let bytes = try Self.archive(writer, buffer: buffer)
        #expect(Int64(bytes.count) == writer.length)
        let file = try TemporaryFile(bytes)
        let listing = try Self.run("/usr/bin/tar", ["--numeric-owner", "-tvf", file.path])
        let lines = listing.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        let seen = Dictionary(uniqueKeysWithValues: lines.map { ($0[5], [$0[0], $0[1], $0[2]]) })
        #expect(seen["Dockerfile"] == ["-rw-r--r--", "0/0", "7"])
        #expect(seen["bin/"] == ["drwxr-xr-x", "0/0", "0"])
        #expect(seen["bin/run.sh"] == ["-rwxr-xr-x", "0/0", "10"])
        #expect(seen["exact"] == ["-rw-r--r--", "0/0", "512"])
        #expect(seen[String(repeating: "very-long-directory-name/", count: 8) + "file"]?.last == "4")
        #expect(seen["generated/Dockerfile.x"] == ["-rw-r--r--", "0/0", "7"])
        #expect(listing.contains("link -> bin/run.sh"))
        #expect(listing.contains("far -> " + String(repeating: "0123456789/", count: 15)))
        let script = """
            import sys, tarfile
            with tarfile.open(sys.argv[1]) as t:
                for m in t: print(m.name, m.size, t.extractfile(m).read().decode()[:20] if m.isreg() else '-')
            """
        let python = try Self.run("/usr/bin/python3", ["-c", script, file.path])
        #expect(python.contains("数据/文件.txt 6 中文"))
        #expect(!python.contains("Error"))
    }

    @Test("What was written is read back the same, however it is cut", arguments: [1, 13, 512, 513, 100_000])
    func roundTrip(size: Int) throws {
        let folder = try Self.sample()
        let bytes = try Self.archive(try BuildContext(directory: folder.path).archive(), buffer: 4096)
        let target = try TemporaryDirectory()
        let extractor = try TarExtractor(destination: target.path)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try extractor.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        try extractor.finish()
        #expect(try Files.text(target.path + "/数据/文件.txt") == "中文")
        #expect(Files.tree(target.path) == Files.tree(folder.path))
        #expect(try Files.text(target.path + "/link") == "#!/bin/sh\n")
        #expect(extractor.skipped.isEmpty)
    }

    @Test("GNU's own archives are read: long names, old formats, binary sizes", arguments: ["gnu", "pax", "ustar", "v7", "oldgnu"])
    func foreign(format: String) throws {
        let folder = try TemporaryDirectory()
        try folder.write("short", to: "d/short")
        if ["gnu", "pax", "oldgnu"].contains(format) { try folder.write("long", to: "d/" + String(repeating: "n", count: 200)) }
        if format == "ustar" { try folder.write("long", to: String(repeating: "a", count: 90) + "/" + String(repeating: "b", count: 90)) }
        let file = try TemporaryFile()
        #expect(try Self.run("/usr/bin/tar", ["--format=\(format)", "-cf", file.path, "-C", folder.path, "."]) == "")
        let target = try TemporaryDirectory()
        let extractor = try TarExtractor(destination: target.path)
        try extractor.feed(try Files.read(file.path))
        try extractor.finish()
        #expect(Files.tree(target.path) == Files.tree(folder.path))
    }

    @Test("Names that lead out are refused, links that lead out are passed over")
    func unsafe() throws {
        func feed(_ name: String, _ content: TarEntry.Content, after first: TarEntry? = nil) throws -> (TarExtractor, TemporaryDirectory) {
            let target = try TemporaryDirectory()
            let extractor = try TarExtractor(destination: target.path)
            let entry = TarEntry(name: Array(name.utf8), mode: 0o644, modified: 0, content: content)
            try extractor.feed(try Self.archive(TarWriter([first, entry].compactMap { $0 })))
            return (extractor, target)
        }
        #expect(throws: TarError.unsafe(name: "../x")) { try feed("../x", .memory([1])) }
        #expect(throws: TarError.unsafe(name: "a/../../x")) { try feed("a/../../x", .memory([1])) }
        #expect(throws: TarError.unsafe(name: "/etc/x")) { try feed("/etc/x", .memory([1])) }
        for target in ["/etc", "../..", "a/../../b"] {
            #expect(try feed("l", .symlink(target: Array(target.utf8))).0.skipped == ["l"])
        }
        let inside = TarEntry(name: Array("l".utf8), mode: 0o777, modified: 0, content: .symlink(target: Array("d".utf8)))
        #expect(throws: TarError.unsafe(name: "l")) { try feed("l/x", .memory([1]), after: inside) }
    }

    @Test("An archive that is cut off or broken is an error")
    func broken() throws {
        let entry = TarEntry(name: Array("f".utf8), mode: 0o644, modified: 0, content: .memory([UInt8](repeating: 1, count: 600)))
        let bytes = try Self.archive(TarWriter([entry]))
        var parser = TarParser()
        _ = try parser.feed(Array(bytes[..<700]))
        #expect(throws: TarError.self) { try parser.finish() }
        var other = TarParser()
        var damaged = bytes
        damaged[0] = 0x41
        #expect(throws: TarError.self) { try other.feed(damaged) }
    }

    @Test("A file that shrank ends the upload with its name; one that grew is sent as long as it was")
    func changing() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("0123456789", to: "f")
        let writer = try BuildContext(directory: folder.path).archive()
        try folder.write("0123", to: "f")
        #expect(throws: TarError.shrank(path: path)) { try Self.archive(writer) }
        let grown = try BuildContext(directory: folder.path).archive()
        try folder.write("0123456789", to: "f")
        let bytes = try Self.archive(grown)
        #expect(Int64(bytes.count) == grown.length)
    }

    @Test("A context honours .dockerignore, sends Dockerfile and .dockerignore all the same, and names what it cannot send")
    func context() throws {
        let folder = try TemporaryDirectory()
        try folder.write("*\n!src\n!data/keep/*.txt\n", to: ".dockerignore")
        try folder.write("FROM x", to: "build/Dockerfile.cpu")
        for name in ["a", "src/x.py", "src/deep/y.py", "data/big", "data/keep/one.txt", "data/keep/two.bin", "empty/none"] {
            try folder.write("1", to: name)
        }
        _ = mkfifo(folder.path + "/src/pipe", 0o600)
        let context = try BuildContext(directory: folder.path, dockerfile: "build/Dockerfile.cpu")
        #expect(
            context.entries.map { String(decoding: $0.name, as: UTF8.self) } == [
                ".dockerignore", "build", "build/Dockerfile.cpu", "data", "data/keep", "data/keep/one.txt", "src", "src/deep",
                "src/deep/y.py", "src/x.py",
            ])
        #expect(context.skipped == ["src/pipe"])
        #expect(context.ignored == 4)
    }

    @Test("A name that is no UTF-8 is sent byte by byte")
    func foreignName() throws {
        let folder = try TemporaryDirectory()
        let name: [UInt8] = [0xCA, 0xFD, 0xBE, 0xDD]
        let path = (Array(folder.path.utf8) + [UInt8(ascii: "/")] + name + [0]).map(CChar.init(bitPattern:))
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o644)
        #expect(descriptor >= 0)
        close(descriptor)
        #expect(try BuildContext(directory: folder.path).entries.map(\.name) == [name])
        unlink(path)
    }
}
