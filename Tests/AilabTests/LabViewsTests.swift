import ContainerEngine
import Foundation
import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

/// Every view shows the same states.
@Suite struct LabViewsTests {
    private static let nowhere = "unix:///nonexistent/docker.sock"
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "LabEngineTests/Fixtures/journals/states")

    /// A recorded workspace, of a version that wrote skips and resets as runs; what happened besides is added.
    private func recorded() throws -> (home: TemporaryDirectory, lab: String) {
        let home = try TemporaryDirectory()
        let workspace = try Workspace(root: home.path)
        for _ in Files.names(in: Self.fixture.appending(path: "runs").path) {
            let folder = try workspace.makeRun()
            try Files.write(try Files.read(Self.fixture.appending(path: "runs/\(folder.number)/journal.jsonl").path), to: folder.journal)
        }
        let journal = WorkspaceJournal(workspace, lab: "states")
        try journal.append(.looked(Looked(.gone)), task: TaskID(step: 1, number: 2))
        try journal.append(.taskSkipped(TaskSkipped()), task: TaskID(step: 1, number: 6))
        return (home, Self.fixture.appending(path: "states.yaml").path)
    }

    @Test func aRecordedWorkspaceStandsTheSameInEveryView() async throws {
        let (home, lab) = try recorded()
        let expected = Standing(
            "1.1 done,1.2 lost,1.3 waiting,1.4 failed,1.5 blocked,1.6 skipped,2.1 read,2.2 skipped", readings: ["2.1"])
        #expect((expected.done, expected.all, expected.skipped, expected.read) == (1, 7, 2, 1))
        let environment = ["DOCKER_HOST": Self.nowhere]
        let program = try Program(home: home.path, environment: environment)
        func output(_ arguments: [String]) async throws -> String {
            try await program.run(arguments + ["--lab", lab]).output.joined(separator: "\n")
        }

        #expect(PrintedStates.states(try await output(["list", "--json"])) == expected.states)
        var status = expected
        PrintedStates.status(try await output(["status", "--json"]), &status)
        #expect(status == expected)
        #expect(PrintedStates.report(try await output(["report", "--format", "json"])) == expected)
        for text in [try await output(["list"]), try await output(["status"])] {
            #expect(text.contains("1 of 7 sub-steps done, 2 skipped, 1 read."), "\(text)")
        }

        let watch = try ModelWatch(labFile: lab, home: home.path, environment: environment)
        try await eventually { watch.isReady }
        #expect(watch.standing == expected)
        #expect(watch.screen.contains("1 of 7 done"), "\(watch.screen)")

        let variables = ["AILAB_HOME": home.path, "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"]
            .merging(environment) { _, own in own }
        let lines = try TerminalSession(
            ChildCommand(Program.path, ["--lab", lab, "--linear"], environment: variables, timeout: nil))
        try await lines.shows("1 of 7 done, 2 skipped, 1 read")
        try await lines.shows("> ")
        lines.type("list\n")
        for words in ["1.2 Build: gone", "1.3 Write: your turn", "1.5 Behind: blocked", "1.6 Run: skipped", "2.1 Read: read"] {
            try await lines.shows(words)
        }
        lines.type("q\n")
        #expect(try await exitCode(of: lines.pid) == 0)
        // What needs no engine can be looked at here: nobody has begun to write the file.
        let verified = PrintedStates.states(try await output(["verify", "1.1,1.3,2.1", "--json"]))
        #expect(verified == expected.states.filter { verified.keys.contains($0.key) } && verified.count == 3, "\(verified)")
    }

    // MARK: On an engine

    private static func lab(_ id: String) -> String {
        let base = "\(id):base"
        func run(_ task: String, _ name: String, _ script: String, needs: String = "") -> String {
            """
                  - id: "\(task)"
                    title: {en: "Task \(task)", zh: "任务 \(task)"}
                    text: {en: Do it., zh: 做吧。}
                    \(needs.isEmpty ? "" : "needs: [\"\(needs)\"]")
                    action: {run: {image: '\(base)', name: '\(id)-\(name)', command: [sh, -c, '\(script)'], mounts: [{workspace: out, target: /out}]}}
                    checks: [{container: {name: '\(id)-\(name)', state: exited, exit_code: 0}}]
                    expected: 1
            """
        }
        return """
            schema: 1
            id: mini
            title: {en: Mini, zh: 迷你}
            summary: {en: A small lab., zh: 一个小实验。}
            variables: {}
            images: {}
            servers: {}
            steps:
              - number: 1
                title: {en: One, zh: 一}
                tasks:
                  - id: "1.1"
                    title: {en: Write, zh: 编写}
                    text: {en: Write., zh: 编写。}
                    action: {file: {path: Dockerfile.own, template: Dockerfile.todo, reference: Dockerfile}}
                    expected: 1
                  - id: "1.2"
                    title: {en: Build, zh: 构建}
                    text: {en: Build., zh: 构建。}
                    needs: ["1.1"]
                    action: {build: {tag: '\(id):own', context: ., dockerfile: Dockerfile, student: Dockerfile.own}}
                    checks: [{image: '\(id):own'}]
                    expected: 1
            \(run("1.3", "fails", "test -e /out/ok"))
            \(run("1.4", "behind", "true", needs: "1.3"))
            \(run("1.5", "hand", "true"))
              - number: 2
                title: {en: Two, zh: 二}
                tasks:
                  - {id: "2.1", title: {en: Read, zh: 阅读}, text: {en: Read., zh: 阅读。}, action: {read: true}, expected: 1}

            """
    }

    /// Lists, status, report and walkthrough by themselves; then a look, whose findings they all show.
    private func agree(_ fixture: CommandLineFixture, _ watch: ModelWatch, _ text: String, looked: String? = nil, _ what: String)
        async throws
    {
        for (isLooked, text) in [(false, text), (true, looked ?? text)] {
            let expected = Standing(text, readings: ["2.1"])
            if isLooked {
                let verify = try await fixture.run(["verify", "--json"])
                #expect(PrintedStates.states(verify.output) == expected.states, "\(what): verify \(verify)")
                #expect(verify.code == (expected.done == expected.all ? 0 : 1), "\(what): \(verify.code)")
            }
            let list = try await fixture.run(["list", "--json"]).output
            #expect(PrintedStates.states(list) == expected.states, "\(what), looked \(isLooked): list")
            var status = expected
            PrintedStates.status(try await fixture.run(["status", "--json"]).output, &status)
            #expect(status == expected, "\(what), looked \(isLooked): status \(status)")
            #expect(
                PrintedStates.report(try await fixture.run(["report", "--format", "json"]).output) == expected,
                "\(what), looked \(isLooked): report")
            do {
                try await eventually { watch.standing == expected }
            } catch {
                Issue.record("\(what), looked \(isLooked): the walkthrough shows \(watch.standing) and not \(expected)")
            }
            #expect(watch.screen.contains("\(expected.done) of \(expected.all) done"), "\(what)")
        }
    }

    @Test(.tags(.engine), .needsOfTags) func whateverHappensEveryViewAgrees() async throws {
        try await CommandLineFixture.with("views") { lab in
            try lab.use(Self.lab(lab.id), files: ["Dockerfile.todo": "# TODO\n"])
            let docker = lab.engine.docker
            let environment = try lab.command([]).environment
            let watch = try ModelWatch(labFile: lab.labFile, home: lab.home, environment: environment)
            let services = LiveServices(
                workspace: try Workspace(root: lab.home), labFile: lab.labFile, settings: RunSettings(), environment: environment,
                version: ""
            )
            await services.perform(.loadLab) { _ in }

            _ = try await lab.run(["step", "1.1"])
            try await agree(lab, watch, "1.1 waiting,1.2 open,1.3 open,1.4 open,1.5 open,2.1 open", "the student's turn")
            try Files.write(Array("FROM \(lab.id):base\nRUN true\n".utf8), to: lab.file("Dockerfile.own"))
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 open,1.4 open,1.5 open,2.1 open", "written and built")

            let five = TaskID(step: 1, number: 5)
            await services.perform(.skip(five, isSkipped: true)) { _ in }
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 open,1.4 open,1.5 skipped,2.1 open", "skip")
            await services.perform(.skip(five, isSkipped: false)) { _ in }
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 open,1.4 open,1.5 open,2.1 open", "taken up again")

            #expect(try await lab.run(["step", "1.3,1.4"]).code == 1)
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 failed,1.4 blocked,1.5 open,2.1 open", "a failed check")
            try Files.write([], to: lab.file("out/ok"))
            #expect(try await lab.run(["step", "1.3"]).code == 0)
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 done,1.4 open,1.5 open,2.1 open", "cured")
            #expect(try await lab.run(["step", "1.4,2.1"]).code == 0)
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 done,1.4 done,1.5 open,2.1 read", "read")

            let hand = try await docker.createContainer(
                ContainerConfig(image: "\(lab.id):base", command: ["true"]), name: "\(lab.id)-hand")
            lab.engine.removesAtEnd(container: hand.id)
            try await docker.startContainer(hand.id)
            try await comesTrue { try await docker.containerIfPresent(hand.id)?.state.isRunning == false }
            let byHand = "1.1 done,1.2 done,1.3 done,1.4 done,1.5 done,2.1 read"
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 done,1.4 done,1.5 open,2.1 read", looked: byHand, "made by hand")

            // By its id: ailab gives it a second name, which is this workspace's alone.
            let built = try #require(try await docker.imageIfPresent("\(lab.id):own"))
            _ = try await docker.removeImage(built.id, force: true)
            try await agree(lab, watch, byHand, looked: "1.1 done,1.2 lost,1.3 done,1.4 done,1.5 done,2.1 read", "a removed image")
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            try await agree(lab, watch, byHand, "built again")

            try Files.write(Array("FROM \(lab.id):base\nRUN echo other\n".utf8), to: lab.file("Dockerfile.own"))
            try await agree(lab, watch, byHand, looked: "1.1 done,1.2 outdated,1.3 done,1.4 done,1.5 done,2.1 read", "an edited file")
            try Files.write(Array("FROM \(lab.id):base\nRUN true\n".utf8), to: lab.file("Dockerfile.own"))
            try await agree(
                lab, watch, "1.1 done,1.2 outdated,1.3 done,1.4 done,1.5 done,2.1 read", looked: byHand, "the edit taken back")

            #expect(try await lab.run(["reset", "1.4", "--yes"]).code == 0)
            try await agree(lab, watch, "1.1 done,1.2 done,1.3 done,1.4 open,1.5 done,2.1 read", "reset")
        }
    }

    /// Waits for something that has to be asked for.
    private func comesTrue(_ condition: () async throws -> Bool) async throws {
        for _ in 0..<2000 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NeverHappened()
    }
}
