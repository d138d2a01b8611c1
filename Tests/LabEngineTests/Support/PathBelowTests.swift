import CSystem
import Glibc
import LabSupport
import TestSupport
import Testing

@Suite("Support: paths that stay below a folder")
struct PathBelowTests {
    private let outer: TemporaryDirectory
    private let folder: String

    init() throws {
        outer = try TemporaryDirectory()
        folder = outer.path + "/in"
        try outer.write("secret", to: "secret")
        try outer.write("own", to: "in/d/file")
        try outer.link("in/root", to: "/")
        try outer.link("in/d/up", to: "../../secret")
        try outer.link("in/inside", to: "d/file")
        try outer.link("in/folder", to: "d")
        try outer.link("in/loop", to: "loop")
        try outer.link("in/twice", to: "folder/up")
    }

    private func below(_ path: String) -> PathBelow { PathBelow(path, in: folder) }

    private func code(_ path: String) -> LabError.Code? {
        #expect(throws: LabError.self) { try below(path).read() }?.code
    }

    @Test("A link that leads out is refused and named", arguments: ["root/etc/passwd", "root", "d/up", "twice", "folder/up"])
    func outside(path: String) throws {
        let error = try #require(throws: LabError.self) { try below(path).read() }
        #expect(error.code == .fileOutside)
        #expect(error.errno == EXDEV)
        #expect(error.message.en.contains(path.hasPrefix("root") ? "\(folder)/root" : "\(folder)/d/up"))
    }

    @Test(
        "A path that leads out by itself is refused", arguments: ["../secret", "/etc/passwd", "d/../../secret", "d/..", "d\0/../../secret"])
    func ownWords(path: String) { #expect(code(path) == .fileOutside) }

    @Test("What stays inside is used as always")
    func inside() throws {
        for path in ["d/file", "inside", "folder/file", "./d/file", "d//file"] {
            #expect(String(decoding: try below(path).read(), as: UTF8.self) == "own")
        }
        #expect(code("loop") == .fileFailed)
        #expect(code("nothing") == .fileMissing)
        #expect(code("d") == .fileKind)
        #expect(try below("d/file").size() == 3)
        #expect(try below("nothing").size() == nil)
        #expect(try below(".").realPath() == folder)
        #expect(try below("folder").realPath() == folder + "/d")
        #expect(throws: LabError.self) { try below("root").realPath() }
        #expect(try below("d/file").sha256() == SHA256.hex(of: "own".utf8))
    }

    @Test("Kernels without openat2 are walked component by component, with the same answers")
    func walk() throws {
        let root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(root) }
        let paths = [
            "d/file", "inside", "folder/file", "twice", "root", "root/etc", "loop", "nothing", "d", ".", "", "d/..", "../secret",
            "d/file/x",
            "/etc", "d/up", "d/",
        ]
        for path in paths {
            var link = [CChar](repeating: 0, count: 4096)
            func number(_ descriptor: Int32) -> Int32 {
                guard descriptor >= 0 else { return errno }
                close(descriptor)
                return 0
            }
            let opened = number(cs_open_beneath(root, path, O_RDONLY | O_CLOEXEC, 0, &link, link.count))
            let walked = number(cs_walk_beneath(root, path, O_RDONLY | O_CLOEXEC, 0, &link, link.count))
            #expect(opened == walked, "\(path)")
        }
    }

    @Test("Writing replaces a link and follows none")
    func writing() throws {
        try below("d/up").write("mine".utf8)
        #expect(try outer.read("secret") == "secret")
        #expect(try outer.read("in/d/up") == "mine")
        try below("folder/new").write("x".utf8)
        #expect(try outer.read("in/d/new") == "x")
        #expect(throws: LabError.self) { try below("root/tmp/x").write("x".utf8) }
        try below("a/b/c").makeDirectory()
        #expect(Files.isDirectory(folder + "/a/b/c"))
        #expect(#expect(throws: LabError.self) { try below("root/x/y").makeDirectory() }?.code == .fileOutside)
    }

    @Test("Removing takes what is inside, and of a link only the link")
    func removing() throws {
        #expect(#expect(throws: LabError.self) { try below("root/tmp").remove() }?.code == .fileOutside)
        try below("root").remove()
        try below("d").remove()
        try below("nothing").remove()
        #expect(try outer.read("secret") == "secret")
        #expect(!Files.isDirectory(folder + "/d") && Files.link(folder + "/root") == nil)
        #expect(Files.exists("/etc/passwd"))
    }

    @Test("A pipe or a device is no file, and isn't waited for")
    func pipe() throws {
        mkfifo(folder + "/pipe", 0o600)
        #expect(code("pipe") == .fileKind)
        #expect(throws: LabError.self) { try below("pipe").sha256() }
    }

    @Test("A folder is read up to a limit, without following links")
    func tree() throws {
        #expect(try below(".").tree().map(\.path) == ["d/file"])
        #expect(try below("folder").tree().map(\.path) == ["folder/file"])
        #expect(#expect(throws: LabError.self) { try below("root").tree() }?.code == .fileOutside)
        var few = FolderLimit()
        few.files = 3
        #expect(#expect(throws: LabError.self) { try below(".").tree(limit: few) }?.code == .fileFolderTooLarge)
        var small = FolderLimit()
        small.bytes = 2
        #expect(#expect(throws: LabError.self) { try below(".").tree(limit: small) }?.code == .fileFolderTooLarge)
        for name in ["h1", "h2"] { truncate(try outer.write("", to: "in/\(name)"), 3 << 30) }
        #expect(throws: LabError.self) { try below(".").tree() }
    }

    @Test("A cancelled task stops hashing at once")
    func cancellation() async throws {
        let huge = try outer.write("", to: "in/huge")
        truncate(huge, 1 << 40)
        let hash = Task { [path = below("huge")] in try path.sha256() }
        hash.cancel()
        await #expect(throws: CancellationError.self) { _ = try await hash.value }
    }
}
