import ContainerEngine
import Foundation
import Glibc
import LabSupport
import TestSupport
import Testing

/// Injects faults into a real engine and a real TorchServe. Each must be named, cured as printed, and gone afterwards. The result is the
/// table in docs/faults.md.
@Suite("The fault matrix", .tags(.engine, .root), .needsOfTags)
struct FaultMatrixTests {
    private static let page = Program.checkout + "/docs/faults.md"
    private static let serving = ProcessInfo.processInfo.environment["AILAB_TEST_IMAGE"] ?? "ailab-test/torchserve:latest"

    /// `AILAB_FAULT=apt` runs only the faults whose title contains that text.
    private static let only = ProcessInfo.processInfo.environment["AILAB_FAULT"]

    private static func chosen(_ faults: [Fault]) -> [Fault] {
        faults.filter { fault in only.map { fault.title.localizedCaseInsensitiveContains($0) } ?? true }
    }

    @Test("every fault is named, cured as printed, and gone") func matrix() async throws {
        async let first = Self.inWorld(EngineFaults.all + RunFaults.all + BuildFaults.all + NetworkFaults.all)
        async let second = Self.inContainer(ContainerFaults.packages + ContainerFaults.serving)
        let rows = try await first + second
        for row in rows { for problem in row.problems { Issue.record("\(row.title): \(problem)") } }
        guard Self.only == nil else { return }
        #expect(rows.count { $0.passes == "yes" } >= 25)
        let text = FaultTable(rows).text
        if ProcessInfo.processInfo.environment["UPDATE_FAULTS"] != nil {
            try Files.write(Array(text.utf8), to: Self.page)
        } else {
            #expect(try Files.text(Self.page) == text, "docs/faults.md is out of date: run `make faults`")
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
        for fault in faults { rows.append(await FaultRun(fault: fault, site: site).perform()) }
        return rows
    }
}

/// The rows as the page docs/faults.md.
struct FaultTable {
    private let rows: [FaultRow]

    init(_ rows: [FaultRow]) { self.rows = rows }

    var text: String {
        let cured = rows.count { $0.passes == "yes" }
        var text = """
            # Faults

            The fault matrix (`make faults`) writes this page. `make test` also runs the matrix, and fails if this page is out of date.

            Each fault is really injected: either on a dockerd in its own network, mount and process namespaces, or in a container of the lab's
            serving image with a real TorchServe. Then the command that a student would type fails. The test takes the cure from `--json`,
            types it into `sh` exactly as printed, and runs the same command again. Of \(rows.count) faults, \(cured) are cured automatically; for
            the others, the table says why not.

            | fault | how it is injected | found by | cause | cure | works afterwards |
            |---|---|---|---|---|---|

            """
        for row in rows {
            text += "| \(row.title) | \(row.injected) | \(row.namedBy) | `\(row.cause)` | \(row.cure) | \(row.passes) |\n"
        }
        return text
    }
}
