import ContainerEngine
import LabSupport
import TestSupport
import Testing

@Suite(.tags(.engine), .needsOfTags) struct RemovalTests {
    @Test func aResetTakesWhatTheStepMadeAndForgetsIt() async throws {
        try await CommandLineFixture.with("reset") { lab in
            #expect(try await lab.run(["step", "1.1-1.2"]).code == 0)
            let unasked = try await lab.run(["reset", "1.2"])
            #expect(unasked.code == 2)
            #expect(try await lab.engine.docker.containerIfPresent("\(lab.id)-hello") != nil)
            let reset = try await lab.run(["reset", "1.2", "--yes"])
            #expect(reset.code == 0)
            #expect(reset.output.contains("out/made"))
            #expect(try await lab.engine.docker.containerIfPresent("\(lab.id)-hello") == nil)
            #expect(!Files.exists(lab.file("out/made")))
            let said1 = try await lab.run(["list"]).output
            #expect(said1.contains("· 1.2"))
            #expect(try await lab.run(["verify", "1.1"]).code == 0)
            #expect(try await lab.run(["reset", "1.1", "--yes"]).code == 0)
            #expect(try await lab.engine.docker.imageIfPresent("\(lab.id):own") == nil)
            #expect(try await lab.run(["step", "1.2"]).code == 0)
        }
    }

    @Test func anImageThatAStrangersContainerUsesStays() async throws {
        try await CommandLineFixture.with("inuse") { lab in
            #expect(try await lab.run(["step", "1.1"]).code == 0)
            lab.engine.removesAtEnd(image: "\(lab.id):own")
            _ = try await lab.engine.container(["true"]) { $0.image = "\(lab.id):own" }
            let reset = try await lab.run(["reset", "1.1", "--yes"])
            // Made from our image it has our image's labels, and still it is not ours.
            #expect(reset.code == 1)
            #expect(reset.error.contains("not removed"))
            #expect(try await lab.engine.docker.imageIfPresent("\(lab.id):own") != nil)
        }
    }

    @Test func cleaningTakesWhatIsOursAndNothingElse() async throws {
        try await CommandLineFixture.with("clean") { lab in
            let strangers = try await lab.engine.container(["true"])
            #expect(try await lab.run(["step", "1.1-1.2"]).code == 0)
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            let dry = try await lab.run(["clean", "--dry-run", "--json"])
            #expect(dry.code == 0)
            #expect(dry.output.split(separator: "\n").count == 3)
            #expect(try await lab.engine.docker.containerIfPresent("\(lab.id)-hello") != nil)
            let clean = try await lab.run(["clean", "--yes"])
            #expect(clean.code == 0)
            #expect(try await lab.engine.docker.containerIfPresent("\(lab.id)-hello") == nil)
            #expect(try await lab.engine.docker.imageIfPresent("\(lab.id):own") == nil)
            #expect(try await lab.engine.docker.containerIfPresent(strangers) != nil)
            #expect(Files.exists(lab.file("out/made")))
            let said2 = try await lab.run(["list"]).output
            #expect(said2.contains("✔ 1.2"))
        }
    }
}
