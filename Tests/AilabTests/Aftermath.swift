import ContainerEngine
import Glibc
import LabEngine
import LabRunner
import LabSupport
import TestSupport
import Testing

/// What has to hold after every trial, whatever broke in it.
struct Aftermath: Sendable {
    private let lab: CommandLineFixture
    private let before: Objects

    /// What an engine has, apart from the lab's own things. Layers without a name are the classic builder's cache.
    private struct Objects: Equatable {
        var containers: Set<String>
        var images: Set<String>
        var networks: Set<String>
    }

    init(of lab: CommandLineFixture) async throws {
        self.lab = lab
        before = try await Self.objects(lab)
    }

    /// Looks, and then removes what the lab made. `leavesBuild`: an engine that was killed leaves the container of its build step.
    func check(_ comment: Comment, leavesBuild: Bool = false) async throws {
        try await noProcess(comment)
        for folder in try Workspace(root: lab.home).runs {
            // A runner that is killed in its first milliseconds has written nothing.
            let isBegun = (try? Files.read(folder.journal))?.contains(UInt8(ascii: "\n")) ?? false
            #expect(JournalReader.events(of: folder).isEmpty != isBegun, comment)
        }
        let report = try await lab.run(["report", "--format", "json"])
        #expect(report.code == 0, "\(comment): \(report.error)")
        let docker = lab.engine.docker
        let workspace = try Workspace(root: lab.home)
        var own = try await docker.listContainers(all: true, labels: ["\(Label.workspace)=\(workspace.id)"]).flatMap(\.names)
        if leavesBuild { own = own.filter { $0.hasPrefix(lab.id) } }
        #expect(Set(own).isSubset(of: TortureLab.containers(id: lab.id)), comment)
        let objects = WorkspaceObjects(docker, workspace)
        _ = try await objects.remove(try await objects.list())
        var now = try await Self.objects(lab)
        if leavesBuild {
            for left in now.containers.subtracting(before.containers) { try await docker.removeContainer(left, force: true) }
            now.containers = before.containers
        }
        // When a build's connection ends, the classic builder needs a moment to remove the container of the step.
        for _ in 0..<Self.maximumLooks where now != before {
            try await Task.sleep(for: .milliseconds(100))
            now = try await Self.objects(lab)
        }
        #expect(now == before, comment)
    }

    /// How often the engine is looked at: 30 seconds.
    private static let maximumLooks = 300

    private func noProcess(_ comment: Comment) async throws {
        do {
            try await eventually { Self.processes(naming: lab.home).isEmpty }
        } catch {
            Issue.record("\(comment): these processes are left: \(Self.processes(naming: lab.home))")
            for process in Self.processes(naming: lab.home).keys { kill(process, SIGKILL) }
        }
    }

    private static func processes(naming path: String) -> [Int32: String] {
        var found: [Int32: String] = [:]
        for entry in Files.names(in: "/proc") {
            guard let pid = Int32(entry), let line = try? Files.text("/proc/\(pid)/cmdline"), line.contains(path) else { continue }
            // A zombie is no process that works. It has no command line.
            found[pid] = line.replacing("\0", with: " ")
        }
        return found
    }

    private static func objects(_ lab: CommandLineFixture) async throws -> Objects {
        let docker = lab.engine.docker
        return Objects(
            containers: Set(try await docker.listContainers(all: true).map(\.id)),
            images: Set(try await docker.listImages().flatMap { $0.tags }), networks: Set(try await docker.networks().map(\.name)))
    }
}
