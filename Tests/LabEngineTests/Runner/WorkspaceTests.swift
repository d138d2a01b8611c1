import Glibc
import TestSupport
import Testing

@testable import LabRunner
@testable import LabSupport

@Suite struct WorkspaceTests {
    private let home: TemporaryDirectory

    init() throws { home = try TemporaryDirectory() }

    @Test("a `~` that no shell expanded is refused, and no folder of that name is made", arguments: ["~/ailab-home", "~", "~x/y"])
    func tilde(_ home: String) {
        let root = Workspace.defaultRoot(environment: ["AILAB_HOME": home, "HOME": "/root"])
        let error = #expect(throws: LabError.self) { try Workspace(root: root) }
        #expect(error?.code == .usageHome && !Files.exists(home))
    }

    @Test func theNameOfAWorkspaceStays() throws {
        let first = try Workspace(root: home.path)
        #expect(first.id.count == 8)
        #expect(try Workspace(root: home.path).id == first.id)
        #expect(Files.names(in: home.path) == ["cache", "events", "id", "runs", "work"])
    }

    @Test func firstStartsAtOnceAgreeOnTheName() async throws {
        let root = home.path
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try Workspace(root: root).id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func runsMadeAtOnceAreDifferentOnes() async throws {
        let workspace = try Workspace(root: home.path)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<40 { group.addTask { try workspace.makeRun().number } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(1...40))
        #expect(workspace.runs.map(\.number) == Array(1...40))
    }

    @Test func runsAreOrderedAsNumbersAndStrangersAreNone() throws {
        let workspace = try Workspace(root: home.path)
        for name in ["2", "10", "notes", "9223372036854775807", "1000000000", "0", "-3", "007", "+8"] {
            try Files.makeDirectory("\(home.path)/runs/\(name)")
        }
        #expect(workspace.runs.map(\.number) == [2, 10])
        #expect(try workspace.makeRun().number == 11)
    }

    @Test("A name that was lost is an error that says what it means", arguments: ["", "\n", "../x", String(repeating: "x", count: 5000)])
    func lostName(content: String) throws {
        _ = try Workspace(root: home.path)
        try home.write(content, to: "id")
        let error = #expect(throws: LabError.self) { try Workspace(root: home.path) }
        #expect(error?.code == (content.utf8.count > 1024 ? .workspaceUnusable : .workspaceLostID))
    }

    @Test("Words in a lock that are no process are no process")
    func strangeLock() throws {
        let workspace = try Workspace(root: home.path)
        let lock = try WorkspaceLock(workspace, run: 7)
        let descriptor = open("\(home.path)/lock", O_WRONLY)
        defer { close(descriptor) }
        #expect(pwrite(descriptor, "99999999999999 1      ", 22, 0) == 22)
        #expect(WorkspaceLock.holder(of: workspace)?.pid == 0)
        withExtendedLifetime(lock) {}
    }

    @Test(arguments: [
        (["AILAB_HOME": "/a", "XDG_STATE_HOME": "/b", "HOME": "/c"], "/a"), (["XDG_STATE_HOME": "/b", "HOME": "/c"], "/b/ailab"),
        (["AILAB_HOME": "", "HOME": "/c"], "/c/.local/state/ailab"),
        (["XDG_STATE_HOME": "relative", "HOME": "/c"], "/c/.local/state/ailab"),
    ])
    func theDefaultPlace(environment: [String: String], root: String) {
        #expect(Workspace.defaultRoot(environment: environment) == root)
    }

    @Test func aPlaceThatIsAFileIsNamed() throws {
        let file = try home.write("x", to: "file")
        let error = #expect(throws: LabError.self) { try Workspace(root: file) }
        #expect(error?.message.en.contains(file) == true)
    }

    @Test func aRunBeyondTheHighestNumberIsRefusedWithTheFolderInItsWay() throws {
        let workspace = try Workspace(root: home.path)
        try Files.makeDirectory("\(home.path)/runs/999999999")
        let error = #expect(throws: LabError.self) { try workspace.makeRun() }
        #expect(error?.code == .workspaceUnusable && error?.message.en.contains("999999999") == true)
        #expect(Files.names(in: "\(home.path)/runs") == ["999999999"])
    }

    // MARK: The lock

    @Test func theSecondHolderIsRefusedAndToldWhoTheFirstIs() throws {
        let workspace = try Workspace(root: home.path)
        #expect(WorkspaceLock.holder(of: workspace) == nil)
        let lock = try WorkspaceLock(workspace, run: 7)
        #expect(WorkspaceLock.holder(of: workspace) == WorkspaceLock.Holder(pid: getpid(), run: 7))
        let error = #expect(throws: LabError.self) { try WorkspaceLock(workspace, run: 8) }
        #expect(error?.code == .workspaceBusy)
        #expect(error?.message.en.contains("Run 7") == true)
        #expect(error?.exitStatus == 3)
        withExtendedLifetime(lock) {}
    }

    @Test func aLockThatIsGivenBackCanBeTakenAndItsTextIsNotTheOldOne() throws {
        let workspace = try Workspace(root: home.path)
        do { _ = try WorkspaceLock(workspace, run: 123_456) }
        #expect(Files.size("\(home.path)/lock") == 0, "the next holder isn't taken for this one before it has written its name")
        #expect(WorkspaceLock.holder(of: workspace) == nil)
        let lock = try WorkspaceLock(workspace, run: 2)
        #expect(WorkspaceLock.holder(of: workspace)?.run == 2)
        withExtendedLifetime(lock) {}
    }

    @Test func theDeathOfTheHolderFreesTheLock() async throws {
        let workspace = try Workspace(root: home.path)
        // Another process with the same kind of lock, held as long as it lives.
        let script = """
            import fcntl, struct, time
            f = open("\(home.path)/lock", "a+")
            fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            time.sleep(600)
            """
        try home.write(script, to: "hold.py")
        let child = try Shell.start("exec python3 '\(home.path)/hold.py'", in: "/")
        try await eventually { WorkspaceLock.holder(of: workspace) != nil }
        #expect(throws: LabError.self) { try WorkspaceLock(workspace, run: 1) }
        child.stop()
        #expect(WorkspaceLock.holder(of: workspace) == nil)
        _ = try WorkspaceLock(workspace, run: 1)
    }

    @Test func lookingDoesNotKeepARunFromTheLock() async throws {
        let workspace = try Workspace(root: home.path)
        do { _ = try WorkspaceLock(workspace, run: 1) }
        let looking = Task.detached {
            while !Task.isCancelled { _ = WorkspaceLock.holder(of: workspace) }
        }
        for run in 1...2000 { _ = try WorkspaceLock(workspace, run: run) }
        looking.cancel()
        await looking.value
    }
}
