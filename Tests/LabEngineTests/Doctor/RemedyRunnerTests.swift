import Glibc
import TestSupport
import Testing

@testable import Diagnosis
@testable import HostFacts
@testable import LabSupport

@Suite("Carrying remedies out") struct RemedyRunnerTests {
    private let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    private let text = Text(en: "x", zh: "某")

    private func run(
        _ commands: [String], root: HostRoot = .machine, lock: Duration = .seconds(600), needs: [Remedy.Need] = [],
        then: @escaping @Sendable (RemedyRunner.Event) -> Void = { _ in },
        verify: @escaping @Sendable ([String: String]) async throws -> Bool = { _ in true }
    ) async throws -> (result: RemedyRunner.Result, events: [RemedyRunner.Event]) {
        let remedy = Remedy(text, commands: commands, needs: needs, changes: text)
        let plan = RemedyPlan(cause: "c", remedy: remedy, obstacle: nil, commands: commands, removals: [], retry: nil, mustAsk: false)
        let events = Locked<[RemedyRunner.Event]>([])
        let runner = RemedyRunner(environment: environment, limits: .init(lock: lock), root: root)
        let result = try await runner.run(
            plan,
            onEvent: { event in
                events.withLock { $0.append(event) }
                then(event)
            }, verify: verify)
        return (result, events.withLock { $0 })
    }

    @Test("commands run in order, what they print is harmless, and the look decides") func order() async throws {
        let (result, events) = try await run(["printf 'a\\033[2Jb\\n'", "true"])
        #expect(result.outcome == .cured)
        #expect(events == [.command("printf 'a\\033[2Jb\\n'"), .output("ab"), .command("true"), .verifying])
        #expect(try await run(["true"], verify: { _ in false }).result.outcome == .notCured)
    }

    @Test("a command that fails ends it, and nothing is looked at") func failure() async throws {
        let (result, events) = try await run(["echo why; exit 3", "echo never"])
        guard case .failed(let error) = result.outcome else { return #expect(Bool(false), "\(result)") }
        #expect(error.code == .cureCommand && error.exitCode == 3 && error.cause == "why")
        #expect(!events.contains(.verifying) && !events.contains(.command("echo never")))
    }

    @Test("export and unset count for later commands and for the look") func variables() async throws {
        let (result, events) = try await run(
            ["export LAB_A=1 LAB_B=2", "unset LAB_B", "echo $LAB_A-$LAB_B"], verify: { $0["LAB_A"] == "1" })
        #expect(result.outcome == .cured && result.environment["LAB_B"] == nil)
        #expect(events.contains(.output("1-")))
    }

    @Test("a value that a shell would have to expand is refused, not taken as it stands") func unexpanded() async throws {
        let (result, _) = try await run(["export LAB_A=~/lab"])
        guard case .failed(let error) = result.outcome else { return #expect(Bool(false), "\(result)") }
        #expect(error.code == .cureRefused && result.environment["LAB_A"] == nil)
    }

    @Test("what needs a new login is done and not looked at") func login() async throws {
        #expect(try await run(["true"], needs: [.relogin], verify: { _ in false }).result.outcome == .afterLogin)
    }

    /// A root folder with the machine's own processes and a lock of dpkg in it.
    private func rootWithLock() throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        try Files.makeDirectory(folder.path + "/var/lib/dpkg")
        try Files.write([], to: folder.path + "/var/lib/dpkg/lock-frontend")
        guard symlink("/proc", folder.path + "/proc") == 0 else { throw SystemFailure(call: "symlink", number: errno) }
        return folder
    }

    private func hold(_ folder: TemporaryDirectory, until end: String) async throws -> Shell.Running {
        let script = """
            exec python3 -c '
            import fcntl, os, time
            lock = open("\(folder.path)/var/lib/dpkg/lock-frontend", "w")
            fcntl.lockf(lock, fcntl.LOCK_EX)
            open("\(folder.path)/held", "w")
            while not os.path.exists("\(folder.path)/\(end)"): time.sleep(0.02)'
            """
        let holder = try Shell.start(script, in: "/")
        try await eventually { Files.exists(folder.path + "/held") }
        return holder
    }

    @Test("the holder of apt's lock is named and waited for until it is done") func lock() async throws {
        let folder = try rootWithLock()
        let holder = try await hold(folder, until: "go")
        let path = folder.path
        let (result, events) = try await run(["apt-get --version"], root: HostRoot(path)) { event in
            if case .waiting = event { try? Files.write([], to: path + "/go") }
        }
        #expect(result.outcome == .cured)
        let order = events.map { event in
            switch event {
            case .command: "command"
            case .waiting(let named): named.pid == holder.pid ? "waiting" : "waiting for another"
            case .output: "output"
            default: "other"
            }
        }
        #expect(order.starts(with: ["command", "waiting", "output"]))
        holder.stop()
    }

    @Test("a lock that stays is given up after its time, its holder untouched") func lockStays() async throws {
        let folder = try rootWithLock()
        let holder = try await hold(folder, until: "never")
        let (result, events) = try await run(["apt-get --version"], root: HostRoot(folder.path), lock: .milliseconds(200))
        guard case .failed(let error) = result.outcome else { return #expect(Bool(false), "\(result)") }
        #expect(error.code == .cureLockHeld && error.message.en.contains("\(holder.pid)"))
        #expect(
            events.contains {
                if case .waiting(let named) = $0 { named.pid == holder.pid && named.program.contains("python3") } else { false }
            })
        #expect(kill(holder.pid, 0) == 0)
        holder.stop()
        #expect(AptLock(root: HostRoot(folder.path)).holder == nil)
    }

    @Test("one key of the daemon's configuration changes; the rest stays, and a copy is kept") func configuration() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/daemon.json"
        let before = #"{"log-opts":{"max-size":"10m"},"debug":false}"#
        try Files.write(Array(before.utf8), to: path)
        let change = try await DaemonFile(path, environment: environment).set(["registry-mirrors": .list([.text("https://mirror.example")])]
        )
        let now = JSONValue(try Files.read(path))
        #expect(now?.at("/log-opts/max-size") == .text("10m") && now?.at("/registry-mirrors/0") == .text("https://mirror.example"))
        #expect(change.backup.map { (try? Files.text($0)) == before } == true)
        #expect(Files.names(in: folder.path).count == 2)
    }

    @Test("a configuration that cannot be read is not touched") func broken() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/daemon.json"
        try Files.write(Array("{\"a\": ".utf8), to: path)
        let error = await #expect(throws: LabError.self) { try await DaemonFile(path, environment: environment).set(["dns": .list([])]) }
        #expect(error?.code == .daemonConfig)
        #expect(try Files.text(path) == "{\"a\": " && Files.names(in: folder.path) == ["daemon.json"])
    }
}
