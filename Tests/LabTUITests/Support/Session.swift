import LabRunner
import LabSupport
import LabTUI
import TestSupport

/// A session without a terminal: keys and events in, frames and effects out. Reads of output are answered from the recordings.
struct Session {
    private(set) var model: AppModel
    /// Everything that was asked for and that a test may want to look at.
    private(set) var effects: [AppEffect] = []
    private var recordings: [Int: String] = [:]
    /// A box that opens by itself takes no keys until `.boxSettled` comes.
    var keepsBoxesFresh = false
    /// Called with each event before it's taken.
    var observer: (AppEvent) -> Void = { _ in }

    init(_ columns: Int, _ rows: Int, _ language: Language = .en, look: Look = Look()) {
        CellWidth.prepare()
        let settings = Settings(language: language, look: look)
        model = AppModel(size: Size(columns: columns, rows: rows), settings: settings, now: 1_795_368_440)
    }

    /// With the lab read, an engine, and these recordings as runs 1, 2, …
    static func started(
        _ columns: Int, _ rows: Int, _ language: Language = .en, runs: [String] = [], look: Look = Look()
    ) throws -> Session {
        var session = Session(columns, rows, language, look: look)
        session.take(.labLoaded(try Fixture.lab(), files: "/home/student/.local/state/ailab/work/lab5"))
        if let engine = Recorded.engine { session.take(.engine(.reachable(engine))) }
        session.take(
            .host(
                HostSummary(freeBytes: 54_800_000_000, gpus: [])))
        for name in runs { session.replay(name) }
        session.take(.historyRead)
        return session
    }

    /// A recorded run as the next one; only its first events where `count` is given, as while it goes on.
    mutating func replay(_ name: String, count: Int = .max) {
        let number = (recordings.keys.max() ?? 0) + 1
        recordings[number] = name
        take(.journal(run: number, Array(Fixture.run(name).prefix(count))))
    }

    mutating func take(_ event: AppEvent) {
        var waiting = update(event)
        while !waiting.isEmpty {
            let effect = waiting.removeFirst()
            if case .readOutput(let request) = effect {
                let name = recordings[request.run] ?? ""
                let answer = OutputAnswer(request: request, bytes: request.pieces.map { Fixture.output(name, $0) })
                waiting += update(.outputRead(answer))
            } else if effect == .settleBox, !keepsBoxesFresh {
                waiting += update(.boxSettled)
            } else {
                effects.append(effect)
            }
        }
    }

    private mutating func update(_ event: AppEvent) -> [AppEffect] {
        observer(event)
        return AppUpdate.update(&model, event)
    }

    /// Keys as one types them: `n`, `<enter>`, `<c-l>`.
    mutating func press(_ script: String) {
        for key in Self.keys(script) { take(.key(key)) }
    }

    mutating func showAsDemo(speed: Double) { model.settings.demoSpeed = speed }

    mutating func show(_ overlay: Overlay) { model.overlays.append(overlay) }

    mutating func ask(_ settings: RunSettings) { model.settings.asked = settings }

    mutating func use(_ keys: Keys) { model.settings.keys = keys }

    mutating func forgetEffects() { effects = [] }

    var frame: CellBuffer { AppView.view(model) }
    var screen: String { frame.plainText }
    var styles: String { AppView.view(model).styleText }

    private static func keys(_ script: String) -> [Key] {
        var keys: [Key] = []
        var rest = Substring(script)
        while let character = rest.first {
            if character == "<", let end = rest.firstIndex(of: ">"), let key = named(rest[rest.index(after: rest.startIndex)..<end]) {
                keys.append(key)
                rest = rest[rest.index(after: end)...]
            } else {
                keys.append(.character(character))
                rest = rest.dropFirst()
            }
        }
        return keys
    }

    private static func named(_ name: Substring) -> Key? {
        if name.hasPrefix("c-"), let letter = name.last { return .control(letter) }
        let names: [Substring: Key] = [
            "enter": .enter, "esc": .escape, "tab": .tab, "s-tab": .backTab, "up": .up, "down": .down, "left": .left, "right": .right,
            "pgup": .pageUp, "pgdn": .pageDown, "home": .home, "end": .end, "f1": .function(1), "bs": .backspace,
        ]
        return names[name]
    }
}
