import ContainerEngine
import LabSupport
import TestSupport
import Testing

/// What the program tells an author of labs, on a real engine.
@Suite("For authors of labs", .tags(.engine, .long), .needsOfTags, .timeLimit(.minutes(5)))
struct LabAuthorTests {
    @Test("A lab that works passes, and nothing of it is left") func aGoodLab() async throws {
        try await CommandLineFixture.with("author") { lab in
            try lab.use(
                TortureLab.text(id: lab.id, port: lab.port), files: ["Dockerfile.steps": TortureLab.dockerfile(base: "\(lab.id):base")])
            let outcome = try await lab.run(["lab", "test", lab.labFile])
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
            #expect(outcome.error.contains("all 4 sub-steps"))
            let left = try await lab.engine.docker.listContainers(all: true).flatMap(\.names).filter { $0.hasPrefix(lab.id) }
            #expect(left == [])
        }
    }

    /// Five sub-steps: good, done before it began, one whose result the next takes away, that next one, and one that never gets done.
    private func spoiled(_ id: String) -> String {
        func task(_ number: String, needs: String = "", _ action: String, _ check: String) -> String {
            """
                  - id: "1.\(number)"
                    title: {en: "Task \(number)", zh: "任务 \(number)"}
                    text: {en: Do it., zh: 做吧。}
                    needs: [\(needs)]
                    action: {\(action)}
                    checks: [{\(check)}]
                    expected: 2

            """
        }
        func container(_ name: String, _ script: String, _ more: String = "") -> String {
            "run: {image: '\(id):base', name: '\(id)-\(name)', command: [sh, -c, '\(script)']\(more)}"
        }
        let mount = ", mounts: [{workspace: out, target: /out}]"
        return """
            schema: 1
            id: mini
            title: {en: Mini, zh: 迷你}
            summary: {en: A small lab., zh: 一个小实验。}
            steps:
              - number: 1
                title: {en: One, zh: 一}
                tasks:

            """
                + task("1", container("good", "true"), "container: {name: '\(id)-good', state: exited, exit_code: 0}")
                + task("2", container("before", "true"), "image: '\(id):base'")
                + task("3", container("made", "echo made > /out/made", mount), "file: {path: out/made}")
                + task(
                    "4", needs: "'1.3'", container("removes", "rm -f /out/made", mount),
                    "container: {name: '\(id)-removes', state: exited, exit_code: 0}")
                + task("5", container("fails", "exit 3"), "container: {name: '\(id)-fails', state: exited, exit_code: 0}")
    }

    @Test("What is wrong with a lab is named, sub-step by sub-step") func aSpoiledLab() async throws {
        try await CommandLineFixture.with("spoiled") { lab in
            try lab.use(spoiled(lab.id))
            let outcome = try await lab.run(["lab", "test", lab.labFile])
            #expect(outcome.code == 1, "\(outcome.output)\(outcome.error)")
            // What the runs recorded stays for the author.
            let kept = try #require(outcome.error.firstMatch(of: #/stays in (/var/tmp/ailab-lab-test-\w+)\./#)).output.1
            #expect(Files.isDirectory("\(kept)/runs/1"))
            try PathBelow(Files.name(of: String(kept)), in: "/var/tmp").remove()
            let faults = outcome.output.split(separator: "\n").filter { $0.hasPrefix("✘ 1.") && $0.contains(": ") }
            #expect(!faults.contains { $0.hasPrefix("✘ 1.1 ") })
            #expect(faults.contains { $0.hasPrefix("✘ 1.2 ") && $0.contains("nothing was done yet") }, "\(outcome.output)")
            #expect(faults.contains { $0.hasPrefix("✘ 1.3 ") && $0.contains("until") }, "\(outcome.output)")
            #expect(faults.contains { $0.hasPrefix("✘ 1.5 ") && $0.contains("failed") }, "\(outcome.output)")
        }
    }

    @Test("A new lab has no mistake, and replaces nothing") func aNewLab() async throws {
        try await CommandLineFixture.with("new") { lab in
            let folder = try TemporaryDirectory()
            let program = Program.path
            #expect(try Shell.run("'\(program)' lab new mine >&2", in: folder.path) == 0)
            let check = try await lab.run(["lab", "check", folder.path + "/mine.yaml"])
            #expect(check.code == 0 && check.output.isEmpty, "\(check.output)\(check.error)")
            #expect(try Shell.run("'\(program)' lab new mine >&2", in: folder.path) != 0)
            #expect(try Shell.run("'\(program)' lab new 'Not a name' >&2", in: folder.path) != 0)
        }
    }
}
