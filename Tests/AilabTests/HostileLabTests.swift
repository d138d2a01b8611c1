import ContainerEngine
import Foundation
import Glibc
import LabRunner
import LabSupport
import TestSupport
import Testing

/// Labs of strangers, told by the real program. No engine answers.
@Suite("A stranger's lab", .timeLimit(.minutes(3)))
struct HostileLabTests {
    private let folder: TemporaryDirectory
    private static let evil = #"\e]0;EVIL\a\e[31m\u202e\x9b31m\u200b\U000E0041"#

    init() throws { folder = try TemporaryDirectory() }

    private func lab(_ task: String) throws -> String {
        try folder.write(
            """
            schema: 1
            id: hostile
            title: {en: "Lab\(Self.evil)", zh: R}
            summary: {en: S, zh: S}
            steps:
              - number: 1
                title: {en: "Step\(Self.evil)", zh: R}
                tasks:
            \(task)
            """, to: "hostile.yaml")
    }

    private func program(_ change: [String: String] = [:]) throws -> Program {
        try Program(home: folder.path + "/home", environment: ["DOCKER_HOST": "unix:///nonexistent/docker.sock"].merging(change) { $1 })
    }

    private static let task = """
                  - id: "1.1"
                    title: {en: "title\(evil)", zh: R}
                    text: {en: "text\(evil)", zh: t}
                    action: {file: {path: "F\(evil)", template: t, reference: t}}
                    hints: [{en: "hint\(evil)", zh: h}]
                    errata: [{printed: "er\(evil)", why: {en: "why\(evil)", zh: w}, instead: {en: "i\(evil)", zh: w}}]
                    expected: 2
                  - id: "1.2"
                    title: {en: "two\(evil)", zh: R}
                    text: {en: "text\(evil)", zh: t}
                    action: {facts: [processors]}
                    checks: [{file: {path: "x\(evil)"}}]
                    expected: 2
        """

    @Test("Nothing of it reaches a terminal, a report or JSON as it is")
    func nothingUnfiltered() async throws {
        let file = try lab(Self.task)
        try folder.write("template\n", to: "hostile/t")
        let program = try program()
        for arguments in [
            ["lab", "check", file], ["list"], ["list", "--json"], ["step", "1", "--auto"], ["step", "1.2", "--json"], ["verify"],
            ["verify", "--json"], ["status"], ["status", "--json"], ["logs"], ["logs", "--json"], ["report"],
            ["report", "--format", "json"],
            ["report", "--format", "html"], ["reset", "1.2", "--yes"], ["clean", "--dry-run"],
        ] {
            let isAboutALab = !["lab", "clean"].contains(arguments[0])
            let answer = try await program.run(arguments + (isAboutALab ? ["--lab", file] : []))
            for line in answer.output + answer.errors {
                let scalars = line.unicodeScalars.filter { $0.hazard != nil }
                #expect(scalars.isEmpty, "\(arguments): \(scalars.map(\.codePoint)) in \(line.debugDescription)")
            }
        }
    }

    @Test("The check of a lab names such characters with line and column, and says what the lab asks for")
    func check() async throws {
        let file = try lab(Self.task)
        try folder.write("template\n", to: "hostile/t")
        let answer = try await program().run(["lab", "check", file])
        #expect(answer.exitCode == 0)
        #expect(answer.output.contains { $0.contains("hostile.yaml:3:13: warning") && $0.contains("U+001B") })
        try folder.write("Zero\u{200B}width", to: "hostile/prose/en/1.1.md")
        try folder.write("x", to: "hostile/prose/zh/1.1.md")
        let prose = try lab(
            Self.task.split(separator: "\n").filter { !$0.contains("text:") }.joined(separator: "\n").replacing("1.2", with: "1.3"))
        try folder.write("a", to: "hostile/prose/en/1.3.md")
        try folder.write("a", to: "hostile/prose/zh/1.3.md")
        let second = try await program().run(["lab", "check", prose])
        #expect(second.output.contains { $0.contains("prose/en/1.1.md:1:5: warning") && $0.contains("U+200B") })
    }

    @Test("A lab's folder that is a link to somewhere else is refused")
    func folderElsewhere() async throws {
        try folder.link("hostile", to: "/etc")
        let answer = try await program().run(["list", "--lab", try lab(Self.task)])
        #expect(answer.exitCode == 2)
        #expect(answer.errors.contains { $0.contains("hostile.yaml") })
    }

    // MARK: Ends

    private static let plain = """
                  - id: "1.1"
                    title: {en: T, zh: T}
                    text: {en: t, zh: t}
                    action: {facts: [processors, memory, disk, gpu, network]}
                    expected: 2
        """

    private func shell(_ script: String) async throws -> (code: Int, text: String) {
        let lines = Locked<[String]>([])
        let environment = [
            "AILAB_HOME": folder.path + "/home", "AILAB_LANG": "en", "PATH": "/usr/bin:/bin", "HOME": folder.path,
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        ]
        let command = ChildCommand("/bin/bash", ["-c", script], environment: environment, timeout: .seconds(60))
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line.text) } }
        return (result.exitCode, lines.withLock { $0 }.joined(separator: "\n"))
    }

    @Test("A file size that the shell forbids is named")
    func fileSize() async throws {
        let file = try lab(Self.plain)
        let answer = try await shell("ulimit -f 1; exec \(Program.path) step 1 --lab \(file)")
        #expect(answer.code == 3)
        #expect(answer.text.contains("ulimit -f"))
    }

    @Test("Too few open files are named", arguments: [8, 10, 12, 14, 16, 20])
    func openFiles(limit: Int) async throws {
        let file = try lab(Self.plain)
        let answer = try await shell("ulimit -n \(limit); exec \(Program.path) step 1 --lab \(file)")
        #expect(answer.code == 0 || answer.text.contains("ulimit -n") || answer.text.contains("Too many open files"), "\(answer)")
    }

    @Test("A runner that crashes leaves a line with what and where, and who watches shows it")
    func crash() async throws {
        let file = try lab(Self.plain.replacing("processors", with: "engine"))
        let engine = try Listener.open(.temporarySocket, backlog: 8)
        defer { close(engine.descriptor) }
        let workspace = try Workspace(root: folder.path + "/home")
        let run = try workspace.makeRun()
        try RunRequest(workspace: workspace.root, labFile: file, run: run.number, selection: "1", options: RunOptions()).write(to: run)
        // The runner waits for an engine that never answers.
        let answer = try await shell(
            "DOCKER_HOST=\(engine.endpoint.dockerHost) \(Program.path) __run \(run.request) & sleep 1; kill -SEGV $!; wait $!; echo code $?"
        )
        #expect(answer.text.contains("ailab crashed: SIGSEGV at 0x"))
        #expect(answer.text.contains("code 139"))
    }
}
