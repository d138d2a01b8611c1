import ContainerEngine
import LabRunner
import LabSupport
import TestSupport
import Testing

/// What may be recorded about a lab, and what not.
@Suite(.tags(.engine), .needsOfTags) struct EvidenceTests {
    @Test func workDoneByHandStaysByHandAfterARunThatOnlyFoundIt() async throws {
        try await CommandLineFixture.with("byhand") { lab in
            let docker = lab.engine.docker
            let made = try await docker.createContainer(
                ContainerConfig(image: RealEngine.base, command: ["true"]), name: "\(lab.id)-fails")
            lab.engine.removesAtEnd(container: made.id)
            try await docker.startContainer(made.id)
            _ = try await docker.wait(made.id)
            #expect(try await lab.run(["verify", "1.3"]).output.contains("done by hand"))
            #expect(try await lab.run(["step", "1.3"]).code == 0)
            #expect(try await lab.run(["verify", "1.3"]).output.contains("done by hand"))
            #expect(try await lab.run(["report", "--format", "json"]).output.contains("byHand"))
        }
    }

    @Test func aLookUnderOtherSettingsIsOnlyShown() async throws {
        try await CommandLineFixture.with("settings") { lab in
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            #expect(try await lab.run(["verify", "1.2", "--set", "word=other"]).code == 1)
            let list = try await lab.run(["list"])
            #expect(list.output.contains("✔ 1.2"))
        }
    }

    /// What can't be looked at isn't gone.
    @Test func anEngineThatIsAwayTakesNothingBack() async throws {
        try await CommandLineFixture.with("away") { lab in
            let text = QuickLab.text(id: lab.id, port: lab.port)
            try lab.use(text.replacing("- id: \"1.2\"\n", with: "- id: \"1.2\"\n        needs: [\"1.1\"]\n"))
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            let away = try await lab.run(["step", "1.2"], ["DOCKER_HOST": "unix:///nonexistent/docker.sock"])
            #expect(away.code == 3, "\(away.output)")
            let list = try await lab.run(["list"])
            #expect(list.output.contains("✘ 1.1") && list.output.contains("✔ 1.2"), "\(list.output)")
            _ = try await lab.run(["verify", "1"])
            #expect(try await lab.run(["list"]).output.contains("✔ 1.1"))
        }
    }

    @Test func aRunForAGPUThatIsNotThereKeepsNobodyFromLooking() async throws {
        try await CommandLineFixture.with("gpu") { lab in
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            _ = try await lab.run(["step", "1.2", "--device", "gpu"])
            let verified = try await lab.run(["verify", "1.2"])
            #expect(verified.code < 2, "\(verified.error)")
        }
    }

    @Test func aResetThatLeavesSomethingForgetsNothing() async throws {
        try await CommandLineFixture.with("left") { lab in
            #expect(try await lab.run(["step", "1.1"]).code == 0)
            lab.engine.removesAtEnd(image: "\(lab.id):own")
            _ = try await lab.engine.container(["true"]) { $0.image = "\(lab.id):own" }
            let reset = try await lab.run(["reset", "1.1", "--yes"])
            #expect(reset.code == 1)
            #expect(!reset.output.contains("Reset: 1.1"))
            #expect(try await lab.run(["list"]).output.contains("✔ 1.1"))
        }
    }

    @Test func aReportKnowsNoRunThatNeverWas() async throws {
        try await CommandLineFixture.with("norun") { lab in
            #expect(try await lab.run(["verify"]).code == 1)
            let report = try await lab.run(["report", "--format", "md"])
            #expect(!report.output.contains("run 1"), "\(report.output)")
        }
    }
}

/// A reset or a cleaning holds the workspace without a run.
@Suite(.tags(.engine), .needsOfTags) struct HeldWorkspaceTests {
    @Test func nothingSpeaksOfARunThatIsNone() async throws {
        try await CommandLineFixture.with("held") { lab in
            #expect(try await lab.run(["step", "1.2"]).code == 0)
            let lock = try WorkspaceLock(try Workspace(root: lab.home), run: nil)
            let step = try await lab.run(["step", "1.3"])
            #expect(step.code == 3 && step.error.contains("Try again in a moment"), "\(step.error)")
            #expect(try await lab.run(["stop"]).error.contains("No run is active here"))
            #expect(try await lab.run(["logs"]).output.contains("hello"))
            let logs = try await lab.run(["logs", "-f"])
            #expect(logs.code == 0 && logs.output.contains("hello"), "\(logs.error)")
            withExtendedLifetime(lock) {}
        }
    }
}
