import ContainerEngine
import Glibc
import LabRunner
import LabSupport
import TestSupport
import Testing

/// Containers that leave traps, and things that disappear, with the real program on a real engine.
@Suite("A stranger's container", .tags(.engine), .needsOfTags, .timeLimit(.minutes(5)))
struct HostileContainerTests {
    private func lab(_ tasks: [String]) -> String {
        """
        schema: 1
        id: mini
        title: {en: Mini, zh: 迷你}
        summary: {en: A small lab., zh: 一个小实验。}
        steps:
          - number: 1
            title: {en: One, zh: 一}
            tasks:
        \(tasks.joined(separator: "\n"))

        """
    }

    private func task(_ id: String, _ action: String, needs: [String] = [], checks: String = "") -> String {
        """
              - id: "\(id)"
                title: {en: T, zh: T}
                text: {en: t, zh: t}
                needs: [\(needs.map { "\"\($0)\"" }.joined(separator: ", "))]
                action: {\(action)}
                checks: [\(checks)]
                expected: 2
        """
    }

    private func run(_ image: String, _ name: String, _ script: String, mount: String = "workspace: w, target: /w") -> String {
        "run: {image: '\(image)', name: '\(name)', mounts: [{\(mount)}], command: [sh, -c, '\(script)']}"
    }

    @Test("A link that a container leaves isn't followed when its folder is mounted")
    func plantedLink() async throws {
        try await CommandLineFixture.with("link") { lab in
            let base = "\(lab.id):base"
            try lab.use(
                self.lab([
                    task("1.1", run(base, "\(lab.id)-plant", "ln -sfn / /w/evil; echo ok"), checks: "{output: {pattern: ok}}"),
                    task(
                        "1.2", run(base, "\(lab.id)-use", "head -1 /host/etc/shadow", mount: "workspace: w/evil, target: /host"),
                        needs: ["1.1"], checks: "{output: {pattern: root}}"),
                ]))
            let outcome = try await lab.run(["step", "1.2"])
            #expect(outcome.code == 1)
            #expect(outcome.output.contains("leads out of"))
            #expect(try await lab.engine.docker.containerIfPresent("\(lab.id)-use") == nil)
            #expect(try await lab.run(["reset", "1", "--yes"]).code == 0)
            #expect(Files.exists("/etc/passwd"))
        }
    }

    @Test("The image that a task uses is made again when it's gone, although what it made is still there")
    func imageGone() async throws {
        try await CommandLineFixture.with("gone") { lab in
            let own = "\(lab.id):own"
            try lab.use(
                self.lab([
                    task("1.1", "build: {tag: '\(own)', context: ., dockerfile: Dockerfile}", checks: "{image: '\(own)'}"),
                    task("1.2", run(own, "\(lab.id)-data", "echo x > /w/data"), needs: ["1.1"], checks: "{file: {path: w/data}}"),
                    task(
                        "1.3", run(own, "\(lab.id)-train", "cat /w/data"), needs: ["1.1", "1.2"], checks: "{output: {pattern: x}}"),
                ]))
            #expect(try await lab.run(["step", "1.3"]).code == 0)
            let id = try Workspace(root: lab.home).id
            for image in try await lab.engine.docker.listImages(labels: ["ailab.workspace=\(id)"]) {
                for tag in image.tags { _ = try await lab.engine.docker.removeImage(tag, force: true) }
            }
            let again = try await lab.run(["step", "1.3", "--force"])
            #expect(again.code == 0)
            #expect(again.output.contains("1.1"))
        }
    }

    @Test("A workspace that is removed during a run ends it with the truth, and its container can be found")
    func workspaceGone() async throws {
        try await CommandLineFixture.with("wsgone") { lab in
            let id = try Workspace(root: lab.home).id
            let run = try lab.start(["step", "1.4"])
            try await lab.containerRuns("waits")
            try PathBelow("home", in: String(lab.home.dropLast("/home".count))).remove()
            let outcome = try await run.outcome()
            #expect(outcome.code == 3)
            #expect(!outcome.error.contains("Nothing is lost"))
            #expect(outcome.error.contains("ailab.workspace=\(id)"))
            let left = try await lab.engine.docker.listContainers(all: true, labels: ["ailab.workspace=\(id)"])
            #expect(left.allSatisfy { $0.status != .running })
            for container in left { try await lab.engine.docker.removeContainer(container.id, force: true) }
        }
    }
}
