import Glibc
import HostFacts
import LabRunner
import LabSupport
import TestSupport
import Testing

/// Two accounts on one machine: one works with ailab, and the other tries to read, write and be in the way.
@Suite("Other users of the machine", .tags(.root), .needsOfTags, .serialized, .timeLimit(.minutes(5)))
struct OtherUsersTests {
    private let folder: TemporaryDirectory
    /// The program, where both accounts can run it.
    private let program: String
    /// Names that no account of the machine has.
    private let student = "ailab-s\(getpid())"
    private let stranger = "ailab-x\(getpid())"

    init() throws {
        folder = try TemporaryDirectory()
        chmod(folder.path, 0o755)
        program = folder.path + "/ailab"
        #expect(try Shell.run("install -m 755 '\(Program.path)' '\(program)'", in: "/") == 0)
    }

    private func withAccounts(_ body: () async throws -> Void) async throws {
        for name in [student, stranger] {
            #expect(try Shell.run("useradd --home-dir '\(folder.path)/\(name)' --create-home --shell /bin/sh \(name)", in: "/") == 0)
        }
        chmod("\(folder.path)/\(student)", 0o755)
        do {
            try await body()
        } catch {
            try remove()
            throw error
        }
        try remove()
    }

    private func remove() throws {
        for name in [student, stranger] {
            _ = try Shell.run("for p in $(ps -o pid= -u \(name)); do kill -9 $p; done; userdel \(name)", in: "/")
        }
    }

    private func run(_ account: String, _ script: String) async throws -> (code: Int, text: String) {
        let lines = Locked<[String]>([])
        let environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "\(folder.path)/\(account)", "AILAB_LANG": "en",
            "DOCKER_HOST": "unix:///nonexistent/docker.sock", "AILAB": program,
        ]
        let words = ["-u", account, "--", "/bin/sh", "-c", script]
        let command = ChildCommand("/usr/sbin/runuser", words, environment: environment, directory: "/", timeout: .seconds(60))
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line.text) } }
        return (result.exitCode, lines.withLock { $0 }.joined(separator: "\n"))
    }

    private func lab() throws -> String {
        let file = try folder.write(
            """
            schema: 1
            id: two
            title: {en: T, zh: T}
            summary: {en: S, zh: S}
            steps:
              - number: 1
                title: {en: S, zh: S}
                tasks:
                  - id: "1.1"
                    title: {en: T, zh: T}
                    text: {en: t, zh: t}
                    action: {facts: [processors]}
                    expected: 2
            """, to: "two.yaml")
        return file
    }

    @Test("Nobody else can read or write a workspace") func workspace() async throws {
        try await withAccounts {
            let lab = try lab()
            let home = "\(folder.path)/\(student)/.local/state/ailab"
            #expect(try await run(student, "umask 000; $AILAB step 1 --lab \(lab)").code == 0)
            for attempt in [
                "ls \(home)", "cat \(home)/id", "cat \(home)/runs/1/journal.jsonl", "touch \(home)/x", "touch \(home)/work/x",
                "touch \(home)/events/x", "ln -s /etc \(home)/runs/2", "rm -rf \(home)/runs",
                "AILAB_HOME=\(home) $AILAB status --lab \(lab)",
                "AILAB_HOME=\(home) $AILAB step 1 --lab \(lab)", "AILAB_HOME=\(home) $AILAB clean --yes",
            ] {
                let outcome = try await run(stranger, attempt)
                #expect(outcome.code != 0, "\(attempt): \(outcome.text)")
            }
            #expect(try await run(student, "$AILAB status --lab \(lab)").code == 0)
        }
    }

    @Test("A folder that somebody else put below /tmp is no workspace, for root neither") func planted() async throws {
        try await withAccounts {
            let lab = try lab()
            let place = TemporaryFile.unusedPath("planted")
            #expect(
                try await run(stranger, "mkdir -p \(place) && chmod 777 \(place) && ln -s \(folder.path)/\(student) \(place)/work").code
                    == 0)
            let outcome = try await run(student, "AILAB_HOME=\(place) $AILAB step 1 --lab \(lab)")
            #expect(outcome.code == 3, "\(outcome.text)")
            #expect(outcome.text.contains("belongs to another user"))
            #expect(throws: LabError.self) { try Workspace(root: place) }
            _ = try await run(student, "mkdir -m 1777 $HOME/shared")
            let shared = try await run(student, "AILAB_HOME=$HOME/shared $AILAB step 1 --lab \(lab)")
            #expect(shared.code == 3 && shared.text.contains("Every user"), "\(shared.text)")
            #expect(try Shell.run("rm -rf '\(place)'", in: "/") == 0)
        }
    }

    @Test("A socket that somebody else put in the private engine's place isn't used, and no engine is started beside it")
    func socket() async throws {
        try await withAccounts {
            let place = TemporaryFile.unusedPath("engine")
            let server = "import socket,time; s=socket.socket(socket.AF_UNIX); s.bind('\(place)/docker.sock'); s.listen(); time.sleep(60)"
            #expect(try await run(stranger, "mkdir -m 755 \(place); python3 -c \"\(server)\" >/dev/null 2>&1 &").code == 0)
            try await eventually { Files.exists(place + "/docker.sock") }
            let root = try Program(
                home: folder.path + "/root", environment: ["AILAB_ENGINE_DIR": place, "DOCKER_HOST": "", "HOME": folder.path])
            let start = try await root.run(["engine", "start"])
            #expect(start.exitCode == 3)
            #expect(
                start.errors.contains { $0.contains("belongs to another user") || $0.contains("Another engine runs") }, "\(start.errors)")
            let doctor = try await root.run(["doctor", "--json", "--only", "engine"])
            #expect(!doctor.output.contains { $0.contains(place) && $0.contains("\"good\"") })
            #expect(try Shell.run("rm -rf '\(place)'", in: "/") == 0)
        }
    }

    @Test("Who took a port first is named") func port() async throws {
        try await withAccounts {
            let port = Int.random(in: 20_000..<30_000)
            let server = "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',\(port))); s.listen(); time.sleep(60)"
            #expect(try await run(stranger, "python3 -c \"\(server)\" >/dev/null 2>&1 &").code == 0)
            try await eventually { PortUser.name(of: port) != nil }
            #expect(PortUser.name(of: port) == stranger)
        }
    }
}
