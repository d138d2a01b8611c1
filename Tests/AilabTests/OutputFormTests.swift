import LabSupport
import LabTUI
import TestSupport
import Testing

@testable import ailab

/// How text reaches a terminal.
@Suite struct OutputFormTests {
    private func link(_ address: String) -> String { "\u{1B}]8;;\(address)\u{1B}\\\(address)\u{1B}]8;;\u{1B}\\" }

    @Test func addressesBecomeLinksAndTheTextStays() {
        let docs = "https://docs.docker.com/engine/"
        #expect(Links.withMarks("See \(docs).") == "See \(link(docs)).")
        #expect(Links.withMarks("(\(docs)) 和 http://127.0.0.1:8080，好") == "(\(link(docs))) 和 \(link("http://127.0.0.1:8080"))，好")
        for text in ["", "no address", "http://", "https:// x", "unix:///var/run/docker.sock", "file://x"] {
            #expect(Links.withMarks(text) == text, "\(text)")
        }
        // A control character can't get into the address.
        #expect(Links.withMarks("http://a\u{1B}]0;x") == link("http://a") + "\u{1B}]0;x")
        #expect(!Links.areShown, "a test's output is no terminal")
    }

    @Test func nothingPrintedControlsTheTerminal() {
        #expect(Console.safe("a\u{1B}[31mb\u{9B}c\u{202E}\u{200B}\td\n") == "abc     d\n")
        #expect(Console.safe("\u{1B}]0;EVIL\u{7}plain\n\n") == "plain\n\n")
        #expect(Console.safe("汉\n\n") == "汉\n\n")
        // A test's output shows no colors.
        #expect(Console.safe("\(Style.Mark.bold)x\(Style.Mark.plain)") == "x")
    }

    @Test func sentencesAreBrokenBetweenWords() {
        let text = Words(language: .en).closedLoop
        for columns in [30, 60, 80, 200] {
            let lines = Prose.wrapped(text, indent: 2, columns: columns)
            #expect(lines.allSatisfy { CellWidth.of($0) <= min(columns, Markdown.proseColumns) && $0.hasPrefix("  ") })
            #expect(lines.map(\.withoutLead).joined(separator: " ") == text)
        }
        #expect(Prose.wrapped(text, indent: 2) == ["  " + text], "a pipe gets one line")
    }

    /// The terminal's answers, in one piece with keys around them, are neither keys nor text.
    @Test func answersOfTheTerminalAreNotKeys() async throws {
        let folder = try TemporaryDirectory()
        var environment = Console.environment
        environment["AILAB_HOME"] = folder.path
        environment["AILAB_LANG"] = "en"
        environment["TERM"] = "xterm-256color"
        environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
        environment["NO_COLOR"] = nil
        let command = ChildCommand(Program.path, ["top", "--interval", "0.2"], environment: environment, timeout: nil)
        let session = try TerminalSession(command)
        try await session.shows("\u{1B}]11;?\u{07}")
        try await session.shows("\u{1B}[?2026$p")
        // `q` in an answer would quit, `L` before and after it changes the language twice.
        session.type("L\u{1B}]11;rgb:ffff/ffff/ffff\u{07}\u{1B}[?2026;2$y")
        try await session.shows("退出")
        try await session.shows("\u{1B}[?2026h")
        session.type("Cq")
        #expect(try await exitCode(of: session.pid) == 0)
        #expect(session.isCooked)
        #expect(session.text.contains("\u{1B}[?2026l"))
    }

    /// A terminal that draws pictures gets them, and any other gets cells.
    @Test(arguments: [true, false]) func picturesGoToATerminalThatDrawsThem(drawsThem: Bool) async throws {
        let folder = try TemporaryDirectory()
        var environment = Console.environment
        environment["AILAB_HOME"] = folder.path
        environment["AILAB_LANG"] = "en"
        environment["TERM"] = "xterm-256color"
        environment["NO_COLOR"] = nil
        environment["TERM_PROGRAM"] = nil
        let session = try TerminalSession(
            ChildCommand(Program.path, ["--demo", "--speed", "1000"], environment: environment, timeout: nil))
        try await session.shows("\u{1B}_Gi=31,s=1,v=1,a=q")
        try await session.shows("\u{1B}[c")
        session.type(drawsThem ? "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;c" : "\u{1B}[?62;22c")
        try await session.shows("The demo is over")
        // The digits, which the recording asks about.
        session.type("l" + String(repeating: "j", count: 40) + "kkkkkk\r")
        try await session.shows("4.11")
        session.type("o")
        try await session.shows("10 of 10")
        if drawsThem {
            try await session.shows("\u{1B}_Ga=T,f=24")
            session.type("t")
            try await session.shows("\u{1B}_Ga=d,d=I")
        }
        session.type("q")
        #expect(try await exitCode(of: session.pid) == 0)
        #expect(session.isCooked)
        #expect(session.text.contains("a=T") == drawsThem && !session.text.contains("\u{1B}P0;1"))
    }

    @Test func aDumbTerminalIsAskedNothing() async throws {
        let folder = try TemporaryDirectory()
        var environment = Console.environment
        environment["AILAB_HOME"] = folder.path
        environment["AILAB_LANG"] = "en"
        environment["TERM"] = "vt100"
        environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
        let session = try TerminalSession(ChildCommand(Program.path, ["top", "--interval", "0.2"], environment: environment, timeout: nil))
        try await session.shows("ailab top")
        session.type("q")
        #expect(try await exitCode(of: session.pid) == 0)
        #expect(!session.text.contains("]11;") && !session.text.contains("2026") && !session.text.contains("a=q"))
    }
}

extension String {
    fileprivate var withoutLead: String { String(drop(while: { $0 == " " })) }
}
