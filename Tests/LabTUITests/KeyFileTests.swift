import LabSupport
import LabTUI
import Testing

@Suite struct KeyFileTests {
    private func problems(_ text: String) -> [String] { KeyFile(text, path: "keys").problems.map(\.en) }

    @Test func actionsGetTheKeysOfTheFile() throws {
        let file = KeyFile("# mine\n\nskip = S\npage-down = PgDn ctrl-d\nrun = x\nreset = X\n", path: "keys")
        #expect(file.problems.isEmpty)
        #expect(file.keys.command(for: .character("S")) { _ in true } == .skip)
        #expect(file.keys.command(for: .character("s")) { _ in true } == nil)
        #expect(file.keys.command(for: .control("d")) { _ in true } == .move(.pageDown))
        #expect(file.keys.command(for: .character("x")) { _ in true } == .run, "two lines may trade keys")
        #expect(file.keys.clashes.isEmpty)
        var session = try Session.started(120, 40)
        session.use(file.keys)
        session.press("x")
        #expect(session.effects.contains(.launch(selection: "1.1", auto: false, force: false)))
        session.press("?<pgdn>")
        #expect(session.screen.contains("Ctrl-D"))
    }

    @Test func whatCannotHoldIsNamedWithItsLine() {
        #expect(problems("rnu = x") == ["keys:1: there is no action `rnu`; did you mean `run`?"])
        #expect(problems("\nsave = Ctlr-S") == ["keys:2: there is no key `Ctlr-S`; did you mean `Ctrl-S`?"])
        #expect(problems("run = x") == ["keys:1: `x` already means `reset`; give `reset` another key, or `run`"])
        #expect(problems("run = 3") == ["keys:1: `3` chooses a step and can't be reassigned"])
        #expect(problems("run x") == ["keys:1: expected `action = key`, found `run x`"])
        #expect(problems("run =") == ["keys:1: `run` has no key"])
    }

    @Test func aBadLineLeavesItsActionAndTheOthersAlone() {
        let file = KeyFile("run = x\nskip = S\n", path: "keys")
        #expect(file.problems.count == 1)
        #expect(file.keys.command(for: .character("r")) { _ in true } == .run)
        #expect(file.keys.command(for: .character("x")) { _ in true } == .reset)
        #expect(file.keys.command(for: .character("S")) { _ in true } == .skip)
    }

    @Test func bytesOfAStrangersFileStayHarmless() {
        #expect(!problems("\u{1B}[2J = x").joined().contains("\u{1B}"))
    }

    @Test func theFileIsWhereTheSpecificationSays() {
        #expect(KeyFile.path(environment: ["XDG_CONFIG_HOME": "/c", "HOME": "/h"]) == "/c/ailab/keys")
        #expect(KeyFile.path(environment: ["XDG_CONFIG_HOME": "relative", "HOME": "/h"]) == "/h/.config/ailab/keys")
    }

    /// Every name that the documentation uses is one that a file may use.
    @Test func everyKeyOfTheTableCanBeNamed() {
        for binding in KeyMap.bindings where binding.when != .searching {
            let line = "\(binding.name) = \(binding.keys.map(\.name).joined(separator: " "))"
            #expect(problems(line) == [])
        }
    }
}
