import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import LabEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// The faults of `ailab break` as values.
@Suite struct BreakFaultTests {
    @Test func numbersAndCausesAreKnown() {
        #expect(BreakFault.all.map(\.number) == Array(1...BreakFault.all.count))
        let known = Set(SymptomLoader.builtIn.causes.map(\.id))
        for fault in BreakFault.all {
            #expect(Set([fault.cause] + fault.others).isSubset(of: known), "\(fault.number)")
            #expect(fault.others.count == 3 && !fault.others.contains(fault.cause) && !fault.hints.isEmpty, "\(fault.number)")
        }
    }
}

/// Faults that really exist, on a real engine.
@Suite("Break, real engine", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct BreakTests {
    private func opened(_ home: TemporaryDirectory) throws -> OpenedLab {
        let greeting = LabContainer(image: "without:shell", name: "greeting", command: ["true"])
        let shell = LabContainer(image: RealEngine.base, name: "unused", command: ["sh"])
        let spec = Mini.spec([
            Mini.task("1.1", .run(LabRunAction(greeting))), Mini.task("1.2", .shell(LabShellAction(container: shell, script: []))),
        ])
        return OpenedLab(
            try Workspace(root: home.path), file: "", spec: spec,
            environment: ["HOME": home.path, "USER": "joe", "DOCKER_HOST": try RealEngine.endpoint().dockerHost])
    }

    private func left(_ docker: DockerClient, _ workspace: Workspace) async throws -> Int {
        try await docker.listContainers(all: true, labels: [Label.fault, "\(Label.workspace)=\(workspace.id)"]).count
    }

    @Test(arguments: BreakFault.all.filter { $0.base == .shell }.map(\.number))
    func theDiagnosisFindsEachCauseAndNothingStays(_ number: Int) async throws {
        try await RealEngine.with("break") { engine in
            let home = try TemporaryDirectory()
            let lab = try opened(home)
            let fault = try #require(BreakFault.all.first { $0.number == number })
            let session = try await BreakSession(fault, in: lab)
            let symptom: BreakSession.Symptom
            do {
                symptom = try await session.begin()
            } catch {
                try await session.undo()
                throw error
            }
            #expect(try await left(engine.docker, lab.workspace) == 1)
            #expect(symptom.exitCode != 0, "\(symptom)")
            #expect(session.findings(symptom).first?.cause == fault.cause, "\(symptom)")
            #expect(session.choices.contains { $0.cause == fault.cause })
            try await session.undo()
            #expect(try await left(engine.docker, lab.workspace) == 0)
            #expect(!Files.exists(home.path + "/break"))
        }
    }

    @Test func whatAKilledProcessLeftIsUndoneLater() async throws {
        try await RealEngine.with("break") { engine in
            let home = try TemporaryDirectory()
            let lab = try opened(home)
            let fault = try #require(BreakFault.all.first)
            do {
                let session = try await BreakSession(fault, in: lab)
                _ = try await session.begin()
                await #expect(throws: LabError.self, "another one has to wait") { try await BreakSession(fault, in: lab) }
                #expect(!BreakUndo.isNeeded(lab.workspace), "it still goes on")
                withExtendedLifetime(session) {}
            }
            // The lock is free now, as the kernel leaves it behind a killed process.
            #expect(BreakUndo.isNeeded(lab.workspace))
            #expect(try await BreakUndo.perform(lab.workspace, environment: lab.environment))
            #expect(try await left(engine.docker, lab.workspace) == 0)
            #expect(try await !BreakUndo.perform(lab.workspace, environment: lab.environment))
        }
    }
}
