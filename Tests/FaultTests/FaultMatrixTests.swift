import ContainerEngine
import Foundation
import Glibc
import LabSupport
import TestSupport
import Testing

/// Faults that are really brought about, against a real engine and a real TorchServe: each is named, cured as printed, and looked at
/// again. The table is docs/faults.md.
@Suite("The fault matrix", .enabled(if: geteuid() == 0, "only root can make a world of its own"))
struct FaultMatrixTests {
    private static let page = Program.checkout + "/docs/faults.md"
    private static let serving = ProcessInfo.processInfo.environment["AILAB_TEST_IMAGE"] ?? "ailab-test/torchserve:latest"

    /// `AILAB_FAULT=apt` tries only faults whose title contains that.
    private static let only = ProcessInfo.processInfo.environment["AILAB_FAULT"]

    private static func chosen(_ faults: [Fault]) -> [Fault] {
        faults.filter { fault in only.map { fault.title.localizedCaseInsensitiveContains($0) } ?? true }
    }

    @Test("every fault is named, cured as printed, and gone") func matrix() async throws {
        async let first = Self.inWorld(EngineFaults.all + RunFaults.all + NetworkFaults.all)
        async let second = Self.inContainer(ContainerFaults.packages + ContainerFaults.serving)
        let rows = try await first + second
        for row in rows { for problem in row.problems { Issue.record("\(row.title): \(problem)") } }
        guard Self.only == nil else { return }
        #expect(rows.count { $0.passes == "yes" } >= 25)
        let text = FaultTable(rows).text
        if ProcessInfo.processInfo.environment["UPDATE_FAULTS"] != nil {
            try Files.write(Array(text.utf8), to: Self.page)
        } else {
            #expect(try Files.text(Self.page) == text, "docs/faults.md is stale: `make faults` writes it anew")
        }
    }

    private static func inWorld(_ faults: [Fault]) async throws -> [FaultRow] {
        let faults = chosen(faults)
        guard !faults.isEmpty else { return [] }
        return try await RealEngine.with("faults") { engine in
            let tar = "/var/tmp/ailab-fault-base-\(getpid()).tar"
            defer { unlink(tar) }
            let saved = try await FaultFiles.run(
                "/bin/sh", ["-c", "docker save -o \(tar) \(RealEngine.base)"],
                ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "DOCKER_HOST": engine.docker.endpoint.dockerHost])
            guard saved.exitCode == 0 else { throw SiteFailure("the image could not be saved: \(saved.text)") }
            let world = try await World(base: tar)
            defer { world.end() }
            return await run(faults, in: world)
        }
    }

    private static func inContainer(_ faults: [Fault]) async throws -> [FaultRow] {
        let faults = chosen(faults)
        guard !faults.isEmpty else { return [] }
        let container = try await ServingContainer(image: serving)
        let rows = await run(faults, in: container)
        await container.end()
        return rows
    }

    private static func run(_ faults: [Fault], in site: any FaultSite) async -> [FaultRow] {
        var rows: [FaultRow] = []
        for fault in faults { rows.append(await FaultRun(fault: fault, site: site).carryOut()) }
        return rows
    }
}

/// The rows as a page.
struct FaultTable {
    private let rows: [FaultRow]

    init(_ rows: [FaultRow]) { self.rows = rows }

    var text: String {
        let cured = rows.count { $0.passes == "yes" }
        var text = """
            # Faults

            Written by the fault matrix (`make faults`; `make test` runs it and fails where this page is stale). Each fault is really brought
            about, on a dockerd in a network, mount and process namespace of its own or in a container of the lab's serving image with a real
            TorchServe. What fails is what a student types. The cure is taken from `--json`, typed with `sh` exactly as printed, and then the
            same thing is tried again. \(rows.count) faults, \(cured) of them cured by the machine; the others say why not.

            | fault | how it is brought about | named by | cause | cure | passes afterwards |
            |---|---|---|---|---|---|

            """
        for row in rows {
            text += "| \(row.title) | \(row.injected) | \(row.namedBy) | `\(row.cause)` | \(row.cure) | \(row.passes) |\n"
        }
        return text
    }
}
