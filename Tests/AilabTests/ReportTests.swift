import ContainerEngine
import Glibc
import LabSupport
import TestSupport
import Testing

/// `ailab report` and key `R`: the real program, the real engine.
@Suite(.tags(.engine), .needsOfTags) struct ReportTests {
    @Test func aReportTellsWhatWasReallyDone() async throws {
        try await CommandLineFixture.with("report") { lab in
            let nothing = try await lab.run(["report"])
            #expect(nothing.code == 2 && nothing.output.isEmpty, "\(nothing)")
            #expect(nothing.error.contains("nothing of mini has been run") && nothing.error.contains("ailab step 1"), "\(nothing.error)")

            #expect(try await lab.run(["step", "1.1-1.3", "--auto", "--set", "word=sunshine"]).code == 1)
            let report = try await lab.run(["report", "--name", "Ada <b>Lovelace</b>"])
            #expect(report.code == 0 && report.error.isEmpty, "\(report)")
            #expect(report.output.contains("report of Ada \\<b\\>Lovelace\\</b\\>"))
            #expect(report.output.contains("`word=sunshine (hello)`"))
            #expect(report.output.contains("| 1.2 | Task 1.2 | ✔ done |") && report.output.contains("| 1.3 | Task 1.3 | ✘ failed |"))
            #expect(report.output.contains("docker run --name \(lab.id)-hello"))
            #expect(report.output.contains("The lab's reference solution was used"))
            #expect(!report.output.contains("\u{1B}") && !report.output.contains(lab.home), "no escapes, no home")

            let value = try #require(JSONValue(Array(try await lab.run(["report", "--format", "json"]).output.utf8)))
            let states = ["done", "done", "failed", "open", "open", "open", "open"]
            #expect((0..<7).map { value.at("/tasks/\($0)/state")?.scalar } == states)
            #expect(value.at("/tasks/2/attempts/0/error/exitCode")?.scalar == "3")
            #expect(value.at("/tasks/2/attempts/0/help")?.scalar == "null")
            #expect(value.at("/runs/0/labDigest")?.scalar == value.at("/lab/digest")?.scalar)
            #expect(value.at("/tasks/0/attempts/0/created/0/id")?.scalar?.hasPrefix("sha256:") == true)
        }
    }

    @Test func filesAreWrittenWholeAndTheirEndingIsTheForm() async throws {
        try await CommandLineFixture.with("reportfile") { lab in
            #expect(try await lab.run(["step", "1.2", "--auto"]).code == 0)
            let folder = lab.home
            for (name, begin) in [("r.md", "# Mini"), ("r.html", "<!DOCTYPE html>"), ("r.json", "{\"schema\":1,"), ("plain", "# Mini")] {
                let written = try await lab.run(["report", "--output", "\(folder)/\(name)"])
                #expect(written.code == 0 && written.output.isEmpty && written.error.contains("\(folder)/\(name)"), "\(written)")
                #expect(try Files.text("\(folder)/\(name)").hasPrefix(begin), "\(name)")
            }
            #expect(try await lab.run(["report", "-o", "\(folder)/x.md", "--format", "html", "--lang", "zh"]).code == 0)
            #expect(try Files.text("\(folder)/x.md").contains("<html lang=\"zh-Hans\">"))
            let folderRefused = try await lab.run(["report", "-o", folder])
            #expect(folderRefused.code == 2 && folderRefused.error.contains("is a folder"), "\(folderRefused)")
            let pdf = try await lab.run(["report", "-o", "\(folder)/r.pdf"])
            #expect(pdf.code == 2 && pdf.error.contains("print the HTML") && !Files.exists("\(folder)/r.pdf"), "\(pdf)")
            #expect(try await lab.run(["report", "-o", "\(folder)/none/r.md"]).code == 2)
            #expect(try await lab.run(["report", "-o", "/sys/r.md"]).code == 3)
            #expect(try await lab.run(["report", "--name", " "]).code == 2)
            #expect(try await lab.run(["report", "--format", "pdf"]).code == 2)
            #expect(Files.names(in: folder).filter { $0.hasSuffix(".new") }.isEmpty)
        }
    }

    /// A killed runner, a lab that changed since, and a run at work.
    @Test func whatCannotBeToldIsSaid() async throws {
        try await CommandLineFixture.with("reportgap") { lab in
            #expect(try await lab.run(["step", "1.2", "--auto"]).code == 0)
            let run = try lab.start(["step", "1.4", "--auto"])
            try await lab.containerRuns("waits")
            #expect(try await lab.run(["report"]).output.contains("Run 2 is active"))
            kill(try await lab.runner(), SIGKILL)
            _ = try await run.outcome()
            let file = "\(Files.folder(of: lab.home))/labs/mini.yaml"
            try Files.write(Array((try Files.text(file) + "# changed\n").utf8), to: file)
            let report = try await lab.run(["report"]).output
            #expect(report.contains("Interrupted runs: the runner was killed") && report.contains("! interrupted"), "\(report)")
            #expect(report.contains("The lab's files have changed since these runs"), "\(report)")
        }
    }

    @Test func theCureThatHelpedIsRecorded() async throws {
        try await CommandLineFixture.with("reportcure") { lab in
            let holder = try await lab.engine.container(["sleep", "600"]) { $0.ports = [PortMapping(container: 80, host: lab.port)] }
            try await lab.engine.docker.startContainer(holder)
            let fixed = try await lab.run(["step", "1.6", "--auto", "--fix", "--yes"])
            #expect(fixed.code == 0, "\(fixed)")
            let value = try #require(JSONValue(Array(try await lab.run(["report", "--format", "json"]).output.utf8)))
            let cause = value.at("/tasks/5/attempts/0/causes/0")?.scalar
            #expect(cause != nil && value.at("/runs/1/cured")?.scalar == cause, "\(value)")
            #expect(value.at("/tasks/5/attempts/0/help/kind")?.scalar == "cure")
            #expect(value.at("/tasks/5/attempts/0/help/details/0")?.scalar?.contains("--set port=") == true, "\(value)")
            let page = try await lab.run(["report"]).output
            #expect(page.contains("It succeeded in run 2. What helped: ailab applied the cure"), "\(page)")
            // The cure was for that run alone.
            #expect(try await lab.run(["step", "1.2", "--auto"]).code == 0)
            let later = try #require(JSONValue(Array(try await lab.run(["report", "--format", "json"]).output.utf8)))
            #expect(later.at("/runs/2/cured")?.scalar == "null")
        }
    }

    @Test func theKeyWritesItBesideTheStudentsFiles() async throws {
        try await CommandLineFixture.with("reportkey") { lab in
            try await lab.walk(columns: 120) { session in
                try await session.shows("1.1 Task 1.1", "Enter")
                try await session.press("R")
                try await session.shows("nothing to report")
                try await session.press("n", "Enter")
                try await session.shows("✔ done")
                try await session.press("R")
                try await session.shows("Written: report.html and report.md in")
                try await session.press("q")
                try await session.isBack()
            }
            #expect(try Files.text(lab.file("report.html")).contains("<html lang=\"en\">"))
            #expect(try Files.text(lab.file("report.md")).contains("| 1.2 | Task 1.2 | ✔ done |"))
            let lines = try TerminalSession(try lab.command(["--lab", "mini", "--linear"]))
            try await lines.shows("1.1> ")
            lines.type("report\n")
            try await lines.shows("Written: report.html and report.md in")
            lines.type("q\n")
            #expect(try await exitCode(of: lines.pid) == 0)
        }
    }
}
