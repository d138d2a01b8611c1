import Glibc
import TestSupport
import Testing

@testable import Diagnosis
@testable import LabSupport

@Suite("The daemon's configuration file") struct DaemonFileTests {
    private let environment = ["PATH": "/nowhere"]

    private func file(_ path: String) -> DaemonFile { DaemonFile(path, environment: environment) }

    @Test("owner and rights stay, also the copy's") func rights() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/daemon.json"
        try Files.write(Array("{}".utf8), to: path)
        #expect(chmod(path, 0o600) == 0)
        // Only root may give a file away; anybody else checks that it stays their own.
        let owner: uid_t = geteuid() == 0 ? 12345 : geteuid()
        #expect(chown(path, owner, getegid()) == 0)
        let change = try await file(path).set(["debug": .flag(true)])
        for name in [path, try #require(change.backup)] {
            let rights = try #require(Files.rights(name))
            #expect(rights.mode == 0o600 && rights.user == owner)
        }
        #expect(try Files.text(path).contains("debug"))
    }

    @Test("a symbolic link stays one, and the file that it leads to changes") func link() async throws {
        let folder = try TemporaryDirectory()
        try Files.makeDirectory(folder.path + "/real")
        try Files.write(Array("{}".utf8), to: folder.path + "/real/x.json")
        let path = folder.path + "/daemon.json"
        #expect(symlink("real/x.json", path) == 0)
        let change = try await file(path).set(["debug": .flag(true)])
        #expect(Files.link(path) == "real/x.json")
        #expect(try Files.text(folder.path + "/real/x.json").contains("debug"))
        #expect(change.backup.map { (try? Files.text($0)) == "{}" } == true)
        #expect(symlink("loop", folder.path + "/loop") == 0)
        await #expect(throws: LabError.self) { try await file(folder.path + "/loop").set(["debug": .flag(true)]) }
        #expect(Files.link(folder.path + "/loop") == "loop")
    }

    @Test(
        "a number that would become another is refused, and the file stays",
        arguments: ["12345678901234567", "9007199254740993", "0.12345678901234567891", "1e400"])
    func numbers(_ number: String) async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/daemon.json"
        let before = #"{"debug":true,"x":{"y":[1,\#(number)]}}"#
        try Files.write(Array(before.utf8), to: path)
        await #expect(throws: LabError.self) { try await file(path).set(["debug": .flag(false)]) }
        #expect(try Files.text(path) == before && Files.names(in: folder.path) == ["daemon.json"])
    }

    @Test("other numbers stay as they are")
    func keptNumbers() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/daemon.json"
        try Files.write(
            Array(#"{"a":1000000000000000,"b":-0.25,"c":1.50,"d":9007199254740991,"e":"12345678901234567","f":false}"#.utf8), to: path)
        _ = try await file(path).set(["debug": .flag(true)])
        let text = try Files.text(path)
        for part in [#""a": 1000000000000000,"#, #""b": -0.25,"#, #""c": 1.5,"#, #""d": 9007199254740991,"#, #""12345678901234567""#] {
            #expect(text.contains(part))
        }
        #expect(throws: LabError.self) { try DaemonFile.checkNumbers(Array("12345678901234567".utf8), of: path) }
    }

    @Test("a path counts from the current folder, and its folder is made there") func relative() async throws {
        let folder = try TemporaryDirectory()
        let here = Files.absolute("x")
        #expect(here.hasPrefix("/") && here.hasSuffix("/x") && file("d.json").path == Files.absolute("d.json"))
        // The path to the temporary folder from wherever the tests run.
        let up = String(repeating: "../", count: here.split(separator: "/").count - 1)
        for name in ["sub/x.json", "d.json"] {
            let change = try await file(up + folder.path.dropFirst() + "/" + name).set(["debug": .flag(true)])
            #expect(change.backup == nil && Files.exists("\(folder.path)/\(name)"))
        }
        #expect(Files.folder(of: "/x") == "/" && Files.folder(of: "/a/x") == "/a" && Files.folder(of: "x") == ".")
    }
}
