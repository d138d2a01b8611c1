import Foundation
import HTTPTransport
import LabFile
import LabRunner
import LabSupport
import TestSupport
import Testing

/// What can be done on a machine where no engine answers, and what the rest says.
@Suite struct EnginelessTests {
    private static let lab = "\(Program.checkout)/labs/lab5.yaml"
    private static let nowhere = "unix:///nonexistent/docker.sock"

    @Test func theMachineIsLookedAtWithoutAnEngine() async throws {
        let home = try TemporaryDirectory()
        let program = try Program(home: home.path, environment: ["DOCKER_HOST": Self.nowhere])
        let lab = ["--lab", Self.lab]
        let doctor = try await program.run(["doctor", "--only", "engine.socket"] + lab)
        #expect(doctor.exitCode == 1)
        #expect(!doctor.output.contains { $0.contains("blocks") && $0.contains("1.1") })
        #expect(try await program.run(["step", "1.1", "--auto"] + lab).exitCode == 0)
        #expect(try await program.run(["verify", "1.1"] + lab).exitCode == 0)
        let verified = try await program.run(["verify", "1"] + lab)
        #expect(verified.exitCode == 3 && verified.output.contains { $0.contains("✔ 1.1") }, "\(verified.output)")
        #expect(try await program.run(["reset", "1.1", "--yes"] + lab).exitCode == 0)
        let all = try await program.run(["step", "1", "--auto", "--force"] + lab)
        #expect(all.exitCode == 3)
        let text = all.output.joined(separator: "\n")
        #expect(text.contains("✔ 1.1 done") && text.contains("✘ 1.2 failed") && text.contains("[docker-host-wrong]"), "\(text)")
        #expect(text.contains("■ 1.3 blocked: it needs 1.2"), "\(text)")
    }

    @Test func anEngineOverSSHIsRefusedAtTheStart() async throws {
        let home = try TemporaryDirectory()
        let sentences = ["en": "The engine runs on another machine, far.", "zh": "容器引擎运行在另一台机器（far）上。"]
        for (language, sentence) in sentences {
            let environment = ["DOCKER_HOST": "ssh://me@far", "AILAB_LANG": language]
            let program = try Program(home: home.path, environment: environment)
            let run = try await program.run(["step", "1", "--auto", "--lab", Self.lab])
            let text = (run.output + run.errors).joined(separator: "\n")
            #expect(run.exitCode == 3 && text.contains(sentence) && text.contains("ssh me@far"), "\(text)")
            #expect(!text.contains("1.1"), "\(text)")
            let doctor = try await program.run(["doctor", "--only", "engine.choice", "--lab", Self.lab])
            #expect(doctor.exitCode == 1 && doctor.output.joined().contains(sentence), "\(doctor.output)")
            let output = home.path + "/out-\(language)"
            let command =
                "printf 'l\nq\n' | AILAB_HOME='\(home.path)/w' DOCKER_HOST=ssh://me@far AILAB_LANG=\(language) '\(Program.path)' --linear"
            #expect(try Shell.run("\(command) --lab '\(Self.lab)' > '\(output)' 2>&1", in: home.path) == 0)
            #expect(try Files.text(output).contains(sentence))
        }
    }

    /// Writes a run that began this task.
    private static func record(_ task: String, in workspace: Workspace) throws {
        let start = RunStarted(
            run: 1, lab: "lab5", labFile: lab, version: "1", pid: 1, selection: task, options: RunOptions(), tasks: [])
        let first = try JSONEncoder().encode(Event(sequence: 1, time: 1, payload: .runStarted(start)))
        let second =
            #"{"commands":[],"expectedSeconds":1,"fingerprint":"","schema":1,"seq":2,"task":"\#(task)","time":2,"#
            + #""title":{"en":"x","zh":"x"},"type":"taskStarted"}"#
        try Files.write(Array(first) + [0x0A] + Array("\(second)\n".utf8), to: workspace.makeRun().journal)
    }

    /// A swarm with autolock after a restart of its engine.
    @Test func removingSaysThatALockedSwarmHidesItsServices() async throws {
        let home = try TemporaryDirectory()
        let server = try ScriptedServer(on: .socket(path: "\(home.path)/s")) { request, connection in
            let isInfo = request.target.hasSuffix("/info")
            try connection.respond(
                200, ["Api-Version": "1.41", "Server": "Docker/20.10.24 (linux)"],
                body: isInfo ? #"{"Swarm":{"LocalNodeState":"locked"}}"# : request.target == "/_ping" ? "OK" : "[]")
        }
        let hints = ["en": "`docker swarm unlock` unlocks it", "zh": "用 `docker swarm unlock` 解锁"]
        for (language, hint) in hints {
            let program = try Program(
                home: "\(home.path)/\(language)", environment: ["DOCKER_HOST": "unix://\(home.path)/s", "AILAB_LANG": language])
            let others = try await program.run(["clean", "--yes"])
            #expect(others.exitCode == 0 && others.errors.joined().contains(hint), "\(others.errors)")
            let never = try await program.run(["reset", "5.5", "--yes", "--lab", Self.lab])
            #expect(never.exitCode == 0 && !never.errors.joined().contains(hint), "it never ran here: \(never)")
            let workspace = try Workspace(root: "\(home.path)/\(language)")
            for (task, exitCode) in [("5.4", 0), ("5.5", 3)] {
                try Self.record(task, in: workspace)
                let own = try await program.run(["clean", "--yes"])
                #expect(own.exitCode == exitCode && own.errors.joined().contains(hint), "\(own.errors)")
            }
            try Self.record("5.5", in: workspace)
            let before = WorkspaceJournal(workspace, lab: "lab5").events.count
            let reset = try await program.run(["reset", "5.5", "--yes", "--lab", Self.lab])
            #expect(reset.exitCode == 3 && reset.errors.joined().contains(hint), "\(reset)")
            #expect(WorkspaceJournal(workspace, lab: "lab5").events.count == before)
            let other = try await program.run(["reset", "2.1", "--yes", "--lab", Self.lab])
            #expect(other.exitCode == 0 && !other.errors.joined().contains(hint), "\(other.errors)")
            #expect(WorkspaceJournal(workspace, lab: "lab5").events.dropFirst(before).map { $0.task?.description } == ["2.1"])
        }
        withExtendedLifetime(server) {}
    }

    @Test func linesFromAPipeWaitForTheLab() throws {
        let home = try TemporaryDirectory()
        let output = home.path + "/out"
        let command = "printf '1.1\nv\nq\n' | AILAB_HOME='\(home.path)/w' DOCKER_HOST=\(Self.nowhere) AILAB_LANG=en"
        #expect(try Shell.run("\(command) '\(Program.path)' --linear --lab '\(Self.lab)' > '\(output)' 2>&1", in: home.path) == 0)
        let text = try Files.text(output)
        #expect(text.contains("1.1 What this machine has"), "\(text)")
        #expect(!text.contains("There is no command"), "\(text)")
    }

    @Test func enterInTheWalkthroughDoesIt() async throws {
        let home = try TemporaryDirectory()
        let environment = [
            "AILAB_HOME": home.path + "/w", "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "DOCKER_HOST": Self.nowhere,
        ]
        try await TmuxSession.with(environment) { session in
            try await session.command("clear; \(Program.path) --lab \(Self.lab)")
            try await session.shows("1.1 What this machine has", "no engine")
            try await session.press("Enter")
            try await session.shows("Processors:", "✔ done")
            try await session.press("n", "Enter")
            try await session.shows("The docker command connects to the wrong address")
            try await session.press("q")
            try await session.isBack()
        }
    }

    /// An update replaces the program's file while the walkthrough is open. The next run is still started by the program that is open.
    @Test func anUpdateWhileItIsOpenStopsNothing() async throws {
        let home = try TemporaryDirectory()
        let program = home.path + "/bin/ailab"
        try Files.makeDirectory(home.path + "/bin")
        try Files.makeDirectory(home.path + "/share/ailab")
        try FileManager.default.copyItem(atPath: Program.path, toPath: program)
        try FileManager.default.createSymbolicLink(
            atPath: home.path + "/share/ailab/labs", withDestinationPath: "\(Program.checkout)/labs")
        let environment = [
            "AILAB_HOME": home.path + "/w", "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "DOCKER_HOST": Self.nowhere,
        ]
        try await TmuxSession.with(environment) { session in
            try await session.command("clear; \(program)")
            try await session.shows("1.1 What this machine has", "no engine")
            try FileManager.default.removeItem(atPath: program)
            try Files.write(Array("#!/bin/sh\nexit 9\n".utf8), to: program, mode: 0o755)
            try await session.press("Enter")
            try await session.shows("Processors:", "✔ done")
            try await session.press("q")
            try await session.isBack()
        }
    }
}
