import Glibc
import TestSupport
import Testing

@testable import LabReport
@testable import LabRunner
@testable import LabSupport
@testable import Telemetry

/// A pipe, a device or a socket in the place of a file of the workspace. Opening or reading it could last for ever.
@Suite("Torture: what isn't a file", .timeLimit(.minutes(1)))
struct SpecialFileTests {
    private let home: TemporaryDirectory
    private let workspace: Workspace

    init() throws {
        home = try TemporaryDirectory()
        workspace = try Workspace(root: home.path)
        try Files.makeDirectory("\(home.path)/runs/1")
    }

    enum Kind: CaseIterable {
        case pipe, zero, null, folder, hole
    }

    private func put(_ kind: Kind, at name: String) throws {
        let path = "\(home.path)/\(name)"
        unlink(path)
        switch kind {
        case .pipe: mkfifo(path, 0o600)
        case .zero: symlink("/dev/zero", path)
        case .null: symlink("/dev/null", path)
        case .folder: mkdir(path, 0o700)
        case .hole:
            close(open(path, O_WRONLY | O_CREAT, 0o600))
            truncate(path, 1 << 40)
        }
    }

    @Test(arguments: Kind.allCases) func isReadToNoEnd(_ kind: Kind) throws {
        for name in ["runs/1/journal.jsonl", "runs/1/telemetry.jsonl", "runs/1/output.log", "student"] { try put(kind, at: name) }
        let run = workspace.run(1)
        #expect(JournalReader.events(of: run, types: ["runStarted"]).isEmpty && JournalAccount(of: run, skipping: []).events.isEmpty)
        #expect(Output(stream: .stdout, offset: 0, length: 9).bytes(in: run).allSatisfy { $0 == 0 })
        #expect(throws: LabError.self) { try TelemetryRecord.newest(900, of: run.telemetry) }
        #expect(throws: LabError.self) { try TelemetryRecord.samples(run.telemetry) }
        #expect(throws: LabError.self) { try Files.read("\(home.path)/student") }
        #expect(!StudentName.read(home.path, environment: [:]).isEmpty)
    }

    @Test(arguments: Kind.allCases.filter { $0 != .hole }) func isWrittenToNowhere(_ kind: Kind) throws {
        try put(kind, at: "events/mini.jsonl")
        #expect(throws: LabError.self) { try WorkspaceJournal(workspace, lab: "mini").append(.taskUnskipped(TaskUnskipped()), task: "1.1") }
        try put(kind, at: "lock")
        #expect(throws: LabError.self) { try WorkspaceLock(workspace, run: 1) }
        #expect(WorkspaceLock.holder(of: workspace) == nil)
        try put(kind, at: "runs/1/journal.jsonl")
        #expect(throws: LabError.self) { try JournalWriter(workspace.run(1)) }
    }

    @Test func aDeviceOrAPipeIsNotReplaced() throws {
        let path = home.path + "/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: LabError.self) { try Files.write([1], to: path) }
        let reader = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        try ReportFile.write("report", to: path)
        var bytes = [UInt8](repeating: 0, count: 6)
        #expect(Glibc.read(reader, &bytes, 6) == 6 && bytes == Array("report".utf8))
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        #expect(Files.names(in: home.path).filter { $0.hasPrefix("pipe") } == ["pipe"])
    }

    @Test func theEndOfAnEndlessInputIsKept() throws {
        let path = try home.write(String(repeating: "a", count: 300_000) + "end", to: "long")
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let (bytes, isCut) = try Files.readEnd(of: descriptor, path, limit: 1000)
        #expect(isCut && bytes.count == 1000 && bytes.suffix(3) == Array("end".utf8)[...])
    }

    @Test("A workspace whose name isn't UTF-8 isn't made under another one") func otherName() throws {
        let error = #expect(throws: LabError.self) { try Workspace(root: home.path + "/\u{FFFD}") }
        #expect(error?.code == .workspaceUnusable && !Files.names(in: home.path).contains("\u{FFFD}"))
    }

    @Test("The root folder isn't a workspace", arguments: ["/", "//", "/usr/.."]) func root(_ path: String) {
        #expect(throws: LabError.self) { try Workspace(root: path) }
    }

    @Test("Without a home, the workspace is in the one that the system knows", arguments: [[:], ["HOME": ""], ["HOME": "."]])
    func noHome(_ environment: [String: String]) {
        let root = Workspace.defaultRoot(environment: environment)
        #expect(root.hasPrefix("/") && root.hasSuffix("/.local/state/ailab"))
        #expect(root != "/.local/state/ailab" && !root.hasPrefix("/tmp/"))
    }
}
