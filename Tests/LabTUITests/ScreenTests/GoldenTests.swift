import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import Testing

@Suite struct GoldenTests {
    private static let sizes = [(200, 60), (120, 40), (80, 24), (60, 15), (48, 12), (30, 6)]

    /// The same moment at every size and in both languages.
    private func golden(_ name: String, runs: [String] = [], _ steps: (inout Session) -> Void = { _ in }) throws {
        for language in Language.allCases {
            for (columns, rows) in Self.sizes {
                var session = try Session.started(columns, rows, language, runs: runs)
                steps(&session)
                expectGolden(session.frame, "\(name)-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }

    @Test func nothingRunYet() throws { try golden("new") }

    @Test func whileTraining() throws {
        try golden("training") { session in
            session.press("3nnnn")
            session.replay("train", count: 60)
            session.press("o")
        }
    }

    @Test func afterTraining() throws { try golden("trained", runs: ["first", "train"]) { $0.press("3nnnno") } }

    @Test func predictions() throws {
        try golden("digits", runs: ["serve"]) { session in
            session.press("4nnnnnnnnnno")
            for case .readPicture(let file) in session.effects {
                session.take(.pictureRead(path: file.shown, (try? file.read()).flatMap { Picture(decoding: $0) }))
            }
            session.press("z")
        }
    }

    /// One picture by itself: a photo, asked about twice.
    @Test func onePicture() throws {
        try golden("cat", runs: ["serve"]) { session in
            session.press("4nnnnnnno")
            for case .readPicture(let file) in session.effects {
                session.take(.pictureRead(path: file.shown, (try? file.read()).flatMap { Picture(decoding: $0) }))
            }
        }
    }

    @Test func checks() throws { try golden("checks", runs: ["first"]) { $0.press("2no]") } }

    @Test func failure() throws { try golden("failure") { $0.replay("refused") } }

    @Test func blocked() throws { try golden("blocked", runs: ["refused"]) { $0.press("4nnd") } }

    @Test func files() throws {
        try golden("files") { session in
            session.press("3h")
            session.press("hh<enter>")
        }
    }

    @Test func telemetry() throws { try golden("telemetry") { $0.press("t") } }

    @Test func noEngine() throws {
        try golden("no-engine") { session in
            session.take(
                .engine(
                    .unreachable(
                        LabError(
                            .engineUnreachable, Text(en: "No container engine answers.", zh: "没有容器引擎响应。"),
                            hint: Text(en: "Start it: `sudo systemctl start docker`.", zh: "启动它：`sudo systemctl start docker`。"),
                            cause: "connect: no such file or directory"))))
            session.press("o")
        }
    }

    @Test func filtered() throws {
        try golden("filtered", runs: ["train"]) { $0.press("3nnnno&accuracy<enter>") }
    }

    @Test func demo() throws {
        try golden("demo") { session in
            session.showAsDemo(speed: 4)
            session.press("3nnnn")
            session.replay("train", count: 60)
            session.take(.said(Text.demoBegins))
        }
    }

    @Test func keyFile() throws {
        try golden("key-file") { session in
            let file = KeyFile("rnu = x\nrun = x\nsave = Ctlr-S\nhelp = 3\nrun\n", path: "~/.config/ailab/keys")
            session.show(.notes(.keysTitle, file.problems))
        }
    }

    @Test func help() throws { try golden("help") { $0.press("?") } }
    @Test func palette() throws { try golden("palette") { $0.press(":re") } }
    @Test func list() throws { try golden("list", runs: ["first"]) { $0.press("l<down>") } }
    @Test func reset() throws {
        try golden("reset", runs: ["train"]) { session in
            session.press("3nnx")
            let task = TaskID(step: 3, number: 3)
            session.take(
                .removable(
                    task,
                    [
                        WorkspaceObject(kind: .container, name: "lab5-student-training", id: "1", isRunning: true),
                        WorkspaceObject(kind: .image, name: "train_dl:latest", id: "2", bytes: 1_850_000_000),
                    ]))
        }
    }

    @Test func shell() throws {
        try golden("shell") { session in
            var options = RunOptions()
            options.terminal = true
            let command = "docker run -it --name lab5-student-shell alpine:latest /bin/sh"
            session.take(.journal(run: 9, Recorded.shell(options, command)))
        }
    }

    @Test func brokenLab() throws {
        for language in Language.allCases {
            var session = Session(80, 24, language)
            session.take(
                .labFailed(
                    LabError(
                        .labInvalid, Text(en: "The lab file has 2 mistakes.", zh: "实验文件有 2 处错误。"),
                        hint: Text(en: "`ailab lab check x.yaml` lists them.", zh: "运行 `ailab lab check x.yaml` 可以看到。"))))
            expectGolden(session.frame, "broken-lab-\(language.rawValue)")
        }
    }

    @Test func plainCharacters() throws {
        var session = try Session.started(120, 40, runs: ["first", "train"], look: Look(theme: .mono, glyphs: .ascii))
        session.press("3nnnno")
        expectGolden(session.frame, "trained-ascii")
        #expect(session.screen.unicodeScalars.allSatisfy { $0.isASCII })
    }

    @Test(arguments: Theme.allCases) func themes(_ theme: Theme) throws {
        var session = try Session.started(100, 30, runs: ["first"], look: Look(theme: theme))
        session.press("2n")
        expectGolden(session.styles, "styles-\(theme.rawValue)")
        for isLight in [false, true] {
            var session = try Session.started(120, 40, runs: ["first", "train"], look: Look(theme: theme, isLight: isLight))
            session.press("3nnnno")
            drawScreen(session.frame, "theme-\(theme.rawValue)-\(isLight ? "light" : "dark")", isLight: isLight)
            session.press(":r")
            drawScreen(session.frame, "theme-\(theme.rawValue)-\(isLight ? "light" : "dark")-box", isLight: isLight)
        }
    }
}

/// Events that were not recorded because recording them takes a person.
enum Recorded {
    /// A mark that the student set.
    static func mark(_ task: TaskID, _ type: String) -> Event? {
        event(#"{"schema":1,"seq":1,"time":1,"task":"\#(task)","type":"\#(type)"}"#)
    }

    static func shell(_ options: RunOptions, _ command: String) -> [Event] {
        let task = TaskID(step: 2, number: 4)
        let name = Text(en: "Work in a shell inside", zh: "在容器的 shell 中工作")
        let payloads: [(TaskID?, String)] = [
            (nil, #""type":"runStarted","run":9,"lab":"lab5","labFile":"lab5.yaml","version":"0","pid":1,"selection":"2.4","tasks":[]"#),
            (task, #""type":"taskStarted","expectedSeconds":60,"fingerprint":"x""#),
            (task, #""type":"shellReady","container":"lab5-student-shell""#),
        ]
        return payloads.enumerated().compactMap { index, payload in
            let extra =
                switch index {
                case 0: #","options":{"auto":false,"quick":false,"force":false,"device":"auto","set":{},"terminal":true}"#
                case 1: #","title":{"en":"\#(name.en)","zh":"\#(name.zh)"},"commands":["\#(command)"]"#
                default: #","commands":["\#(command)"]"#
                }
            let place = payload.0.map { #","task":"\#($0)""# } ?? ""
            return event(#"{"schema":1,"seq":\#(index + 1),"time":1795368430\#(place),\#(payload.1)\#(extra)}"#)
        }
    }
}
