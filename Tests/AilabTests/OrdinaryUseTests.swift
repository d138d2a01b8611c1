import LabFile
import LabRunner
import LabSupport
import TestSupport
import Testing

@Suite(.tags(.engine), .needsOfTags) struct OrdinaryUseTests {
    @Test func aStepIsCarriedOutListedVerifiedAndLogged() async throws {
        try await CommandLineFixture.with("life") { lab in
            let run = try await lab.run(["step", "1.1-1.2"])
            #expect(run.code == 0)
            #expect(run.output.contains("hello"))
            #expect(run.output.contains("red"))
            #expect(!(run.output + run.error).contains("\u{1B}"))
            let list = try await lab.run(["list"])
            #expect(list.output.contains("✔ 1.2"))
            #expect(list.output.contains("· 1.3"))
            let verify = try await lab.run(["verify", "1.2"])
            #expect(verify.code == 0)
            #expect(try await lab.run(["verify"]).code == 1)
            let logs = try await lab.run(["logs", "1.2"])
            #expect(logs.output.contains("│ hello"))
            let again = try await lab.run(["step", "1.2"])
            #expect(again.output.contains("1.2 already done"))
        }
    }

    @Test func everyLineOfJSONHasASchemaAndNothingElseIsPrinted() async throws {
        try await CommandLineFixture.with("json") { lab in
            for arguments in [["step", "1.2"], ["verify", "1.2"], ["list"], ["status"], ["logs"], ["engine", "status"]] {
                let outcome = try await lab.run(arguments + ["--json"])
                #expect(outcome.code == 0, "\(arguments): \(outcome.error)")
                let lines = outcome.output.split(separator: "\n")
                #expect(!lines.isEmpty)
                for line in lines { #expect(JSONValue(Array(line.utf8))?.at("/schema")?.scalar == "1", "\(line)") }
            }
        }
    }

    @Test func whatIsSaidIsChineseWhereThatIsWanted() async throws {
        try await CommandLineFixture.with("zh") { lab in
            let chinese = ["LANG": "zh_CN.UTF-8"]
            let said1 = try await lab.run(["step", "1.2"], chinese).output
            #expect(said1.contains("全部完成"))
            let said2 = try await lab.run(["status"], chinese).output
            #expect(said2.contains("下一步"))
            let said3 = try await lab.run(["verify", "1"], chinese).output
            #expect(said3.contains("未开始"))
            let said4 = try await lab.run(["step", "9"], chinese).error
            #expect(said4.contains("没有步骤"))
        }
    }

    @Test func wrongUseIsTwo() async throws {
        try await CommandLineFixture.with("usage") { lab in
            let uses = [
                ["step", "9.9"], ["step"], ["stpe"], ["step", "1.2", "--set", "nothing=1"], ["step", "1.2", "--set", "word=UPPER"],
                ["list", "--nonsense"], ["logs", "--run", "77"], ["attach"], ["engine", "dance"],
            ]
            for use in uses {
                let outcome = try await lab.run(use)
                #expect(outcome.code == 2, "\(use): \(outcome.code) \(outcome.error)")
                #expect(outcome.output.isEmpty)
            }
            let said5 = try await lab.run(["stpe"]).error
            #expect(said5.contains("did you mean `step`?"))
        }
    }

    @Test func aStepIsFollowedUntilItHasEnded() async throws {
        try await CommandLineFixture.with("follow") { lab in
            #expect(try await lab.run(["step", "1.1-1.3"]).code == 1)
            let run = try lab.start(["step", "1.4,1.5"])
            _ = try await lab.runner()
            let journal = try Workspace(root: lab.home).run(2)
            try await eventually { !JournalReader.events(of: journal).isEmpty }
            let follower = try lab.start(["logs", "1.4", "-f"])
            // Run 2 is at work and has nothing of these to show: what they did the last time comes at once.
            for (step, code, words) in [("1.2", 0, "red"), ("1.3", 1, "it went wrong"), ("1.1-1.2", 0, "1.1 done")] {
                let past = try await lab.run(["logs", step, "-f"])
                #expect(past.code == Int32(code) && past.output.contains(words), "\(step): \(past)")
                #expect(past.error.contains("Run 2 is active, but it doesn't include \(step)"), "\(past.error)")
            }
            #expect(try await lab.run(["logs", "1.2", "-f", "--run", "2"]).error.contains("Run 2 did nothing of 1.2"))
            #expect(try await lab.run(["logs", "1.6", "-f"]).error.contains("Nothing of 1.6 has been run"))
            try await eventually { follower.output.contains("begun") }
            try Files.write([], to: lab.file("out/go"))
            let followed = try await follower.outcome()
            #expect(followed.code == 0 && followed.output.contains("went on") && followed.output.contains("1.4 done"), "\(followed)")
            #expect(!followed.output.contains("scripted") && !followed.output.contains("run 2") && followed.error.isEmpty, "\(followed)")
            #expect(try await run.outcome().code == 0)
            let over = try await lab.run(["logs", "1.4", "-f"])
            #expect(over.code == 0 && over.error.contains("No run is active"), "\(over)")
            #expect(try await lab.run(["logs", "1.4-1.5"]).output.contains("scripted"))
            #expect(try await lab.run(["logs"]).output.contains("run 2"))
        }
    }

    @Test func aFailedStepIsOneAndAMissingEngineThree() async throws {
        try await CommandLineFixture.with("codes") { lab in
            let failed = try await lab.run(["step", "1.3"])
            #expect(failed.code == 1)
            #expect(failed.output.contains("it went wrong"))
            let nowhere = ["DOCKER_HOST": "unix:///nonexistent/docker.sock"]
            for command in [["step", "1.2"], ["verify", "1.2"], ["engine", "status"]] {
                #expect(try await lab.run(command, nowhere).code == 3)
            }
            #expect(try await lab.run(["list"], ["AILAB_HOME": "/proc/none"]).code == 3)
        }
    }
}
