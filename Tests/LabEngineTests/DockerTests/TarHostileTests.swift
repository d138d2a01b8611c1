import ContainerEngine
import LabSupport
import TestSupport
import Testing

/// Archives as an engine or a container could send them to break out or to crash the reader.
@Suite("Docker: hostile archives")
struct TarHostileTests {
    /// A member with a valid checksum, whatever its fields say.
    private static func member(_ name: String, _ content: [UInt8] = [], type: Character = "0", link: String = "") -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8) }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        put(octal(0o644, 7), at: 100)
        put(octal(content.count, 11), at: 124)
        put(octal(0, 11), at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put(link, at: 157)
        put("ustar\u{0}00", at: 257)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        return block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    private static func pax(_ records: String) -> [UInt8] { member("PaxHeaders/x", Array(records.utf8), type: "x") }

    private static func record(_ key: String, _ value: String) -> String {
        let rest = " \(key)=\(value)\n".utf8.count
        let length = (rest...).first { String($0).utf8.count + rest == $0 } ?? 0
        return "\(length) \(key)=\(value)\n"
    }

    private static let end = [UInt8](repeating: 0, count: 1024)

    /// Feeds an archive whose destination is two folders deep, and returns what is in the outermost one afterwards.
    private static func extract(_ archive: [UInt8], pieces: Int = .max) throws -> (tree: [String], skipped: [String], error: TarError?) {
        let outer = try TemporaryDirectory()
        let destination = outer.path + "/a/b"
        try Files.makeDirectory(destination)
        var skipped: [String] = []
        var failure: TarError?
        do {
            let extractor = try TarExtractor(destination: destination)
            defer { skipped = extractor.skipped }
            for start in stride(from: 0, to: archive.count, by: min(pieces, archive.count)) {
                try extractor.feed(Array(archive[start..<min(archive.count, start + min(pieces, archive.count))]))
            }
            try extractor.finish()
        } catch let error as TarError {
            failure = error
        }
        return (Files.tree(outer.path).filter { $0 != "a" && $0 != "a/b" }.sorted(), skipped, failure)
    }

    @Test("A NUL in a name or a link's target is refused", arguments: ["path", "linkpath"])
    func nul(key: String) throws {
        let archive = Self.pax(Self.record(key, "..\u{0}x/..\u{0}y/ESC")) + Self.member("l", type: key == "path" ? "0" : "2", link: "d")
        let result = try Self.extract(archive + Self.end)
        #expect(result.error == .unsafe(name: "..\u{0}x/..\u{0}y/ESC"))
        #expect(result.tree.isEmpty)
        let long = try Self.extract(Self.member("././@LongLink", Array("..\u{0}/ESC\u{0}".utf8), type: "L") + Self.member("f") + Self.end)
        #expect(long.error == .unsafe(name: "..\u{0}/ESC\u{0}"))
        #expect(long.tree.isEmpty)
    }

    @Test(
        "A damaged pax record is an error, however the archive is cut",
        arguments: [
            "4 k=", "3 =\n", "5 k=\n5", "4 =v\n", "8 k=abcd", "6 k=v", "0 k=v\n", "-6 k=v\n", "+6 k=v\n", " k=v\n", "k=v\n", "6", "6 ",
            "6 kv\n",
            "99 k=v\n", "9223372036854775807 k=v\n", "99999999999999999999 k=v\n", "2 ", "1 =", "5 =k\n\n",
        ], [1, 512, Int.max])
    func records(records: String, pieces: Int) throws {
        let result = try Self.extract(Self.pax(records) + Self.member("f", [1]) + Self.end, pieces: pieces)
        guard case .damaged = result.error else { return #expect(Bool(false), "\(records): \(String(describing: result.error))") }
        #expect(result.tree.isEmpty)
        #expect(LabError(try #require(result.error)).message.en == "The archive is damaged.")
    }

    @Test(
        "A size that nothing can have is an error",
        arguments: ["9223372036854775807", "9223372036854775300", "9223372036854775808", "-1", "12x", "0x10", "1e3", " 1"],
        ["0", "5", "x"] as [Character])
    func sizes(size: String, type: Character) throws {
        let result = try Self.extract(Self.pax(Self.record("size", size)) + Self.member("f", [1], type: type) + Self.end)
        if type == "x" {
            // The size belongs to a member, so the second extended header is read with its own.
            #expect(result.error != nil)
        } else {
            guard case .damaged = result.error else { return #expect(Bool(false), "\(size): \(String(describing: result.error))") }
        }
        #expect(result.tree.isEmpty)
    }

    @Test("A size of eight exabytes ends with the archive, and the file isn't kept")
    func hugeSize() throws {
        let result = try Self.extract(Self.pax(Self.record("size", "9223372036854775000")) + Self.member("f", [1]) + Self.end)
        #expect(result.error == .damaged("the archive ends in the middle of a member"))
        #expect(result.tree.isEmpty)
    }

    @Test("A member that ends early leaves an earlier file of its name alone")
    func truncated() throws {
        let folder = try TemporaryDirectory()
        try folder.write("mine", to: "f")
        do {
            let extractor = try TarExtractor(destination: folder.path)
            try extractor.feed(Array(Self.member("f", [UInt8](repeating: 1, count: 3000)).prefix(1500)))
            #expect(throws: TarError.self) { try extractor.finish() }
        }
        #expect(Files.tree(folder.path) == ["f"])
        #expect(try Files.text(folder.path + "/f") == "mine")
    }

    @Test("Members that would be outside, hard links and devices are not written")
    func outside() throws {
        for name in ["../ESC", "d/../../ESC", "/tmp/ESC-by-ailab-test", ".."] {
            #expect(try Self.extract(Self.member(name, [1]) + Self.end).error == .unsafe(name: name))
        }
        #expect(!Files.exists("/tmp/ESC-by-ailab-test"))
        for (type, link) in [
            ("1", "/etc/passwd"), ("1", "../../etc/passwd"), ("3", ""), ("4", ""), ("6", ""), ("2", "/etc"), ("2", "../.."),
        ] {
            let result = try Self.extract(Self.member("m", type: Character(type), link: link) + Self.end)
            #expect(result.skipped == ["m"] && result.tree.isEmpty && result.error == nil, "\(type) \(link)")
        }
    }

    @Test("A link through another link can't lead out")
    func chainedLinks() throws {
        let up = Self.member("d/up", type: "2", link: "..")
        let result = try Self.extract(up + Self.member("out", type: "2", link: "d/up/../x") + Self.end)
        #expect(result.skipped == ["out"])
        let behind = try Self.extract(up + Self.member("d/up/ESC", [1]) + Self.end)
        #expect(behind.error == .unsafe(name: "d/up"))
    }

    @Test("A name of a million slashes takes no time")
    func slashes() throws {
        let name = String(repeating: "/", count: 1_000_000)
        let record = Self.record("path", "d" + name)
        let result = try Self.extract(Self.pax(record) + Self.member("f", [1]) + Self.end)
        #expect(result.tree.contains("a/b/d"))
    }
}
