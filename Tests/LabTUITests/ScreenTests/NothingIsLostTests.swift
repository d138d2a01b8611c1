import LabEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

/// Whatever is pressed, on whatever screen, in whatever state: nothing that the student wrote or built is lost without a question.
@Suite struct NothingIsLostTests {
    /// Keys with and without a meaning.
    private static let keys: [Key] = {
        let others: [Key] = ["1", "3", "4", "7", "y", "q", "中"].map { .character($0) } + [.backspace, .delete, .tab, .function(5)]
        var seen: Set<Key> = []
        return (KeyMap.bindings.flatMap(\.keys) + others).filter { seen.insert($0).inserted }
    }()

    /// What opens each screen, tab and box.
    private static let screens = [
        "", "o", "]", "]]", "t", "z", "h", "hhh", "d", "dd", "?", ":r", "l", "/a", "&a", "x", "a", "r", "f", "<enter>", "<enter><enter>",
        ":reset", ":3.3", ",", ",<right>", "D", "Da", "u", "c", "P", "Pa.png<enter>", "w", "b",
    ]

    private static func states() throws -> [(name: String, session: Session)] {
        var states: [(String, Session)] = []
        func add(_ name: String, _ columns: Int, _ rows: Int, _ runs: [String], _ steps: (inout Session) throws -> Void) throws {
            var session = try Session.started(columns, rows, runs: runs)
            try steps(&session)
            states.append((name, session))
        }
        for place in ["3", "3nn", "3nnnn"] {
            try add("nothing done, \(place)", 120, 40, []) { $0.press(place) }
            try add("all done, \(place)", 80, 24, ["first", "train", "serve"]) { session in
                try session.saved(StudentScene.right)
                session.press(place)
            }
            try add("mistakes after a build, \(place)", 100, 30, ["train"]) { session in
                try session.saved(StudentScene.wrong)
                session.press(place)
            }
            try add("out of date, \(place)", 100, 30, ["train"]) { session in
                try session.saved(StudentScene.right)
                let looked = Event(
                    sequence: 1, time: StudentScene.begun, task: TaskID(step: 3, number: 3), payload: .looked(Looked(.changed, checks: nil))
                )
                session.take(.workspaceJournal([looked]))
                session.press(place)
            }
            try add("a failed build, \(place)", 120, 40, []) { session in
                try session.saved(StudentScene.misspelt)
                session.take(.journal(run: 1, StudentScene.failedBuild()))
                session.press(place)
            }
            try add("refused, \(place)", 60, 15, ["refused"]) { $0.press(place) }
            try add("running, \(place)", 120, 40, []) { session in
                session.replay("train", count: 40)
                session.press(place)
            }
            try add("unreachable, \(place)", 48, 12, ["unreachable"]) { $0.press(place) }
        }
        let shell = TaskID(step: 2, number: 4)
        try add("a shell waits", 80, 24, []) { session in
            session.take(.journal(run: 9, Recorded.shell(RunOptions(), "docker run -it alpine sh")))
        }
        try add("skipped", 120, 40, []) { session in
            session.take(.workspaceJournal([Event(sequence: 1, time: 1, task: shell, payload: .taskSkipped(TaskSkipped()))]))
            session.press("2nnn")
        }
        try add("a template", 120, 40, []) { session in
            try session.savedTemplate()
            session.press("3")
        }
        try add("the end", 200, 60, ["first", "train", "serve"]) { session in
            for task in try Fixture.lab().tasks where !session.model.lab.state(of: task.id).isSettled {
                session.take(.workspaceJournal([StudentScene.done(task.id)]))
            }
            session.press("l<end><enter><enter>")
            session.take(.cleanable([WorkspaceObject(kind: .image, name: "train_dl:latest", id: "2", bytes: 1_850_000_000)]))
        }
        return states
    }

    @Test(.tags(.long), .needsOfTags) func everyKeyOnEveryScreenInEveryState() throws {
        var questions = 0
        for (name, start) in try Self.states() {
            for screen in Self.screens {
                var opened = start
                Self.press(screen, &opened)
                for key in Self.keys {
                    var session = opened
                    questions += Self.check(key, &session, "\(name), \(screen), \(key)")
                }
            }
        }
        #expect(questions > 50, "hardly anything was asked: \(questions)")
    }

    /// The same with walks through several screens. The frame stays whole, the selection a task of the lab, and Escape leads back without
    /// leaving.
    @Test(.tags(.long), .needsOfTags) func whateverIsTyped() throws {
        var (seed, random) = SplitMix.printed(for: "whateverIsTyped")
        let states = try Self.states()
        for _ in 0..<12 {
            let (name, start) = try #require(states.randomElement(using: &random))
            var session = start
            let tasks = Set(try #require(session.model.lab.spec).tasks.map(\.id))
            let size = session.model.size
            for step in 0..<200 {
                let key = try #require(Self.keys.randomElement(using: &random))
                let place = "seed \(seed), \(name), key \(step): \(key)"
                _ = Self.check(key, &session, place)
                #expect(AppView.view(session.model).size == size, "\(place)")
                #expect(session.model.walkthrough.selected.map(tasks.contains) == true, "\(place)")
            }
            session.forgetEffects()
            for _ in 0..<20 { session.press("<esc>") }
            #expect(session.model.overlays.isEmpty, "seed \(seed), \(name)")
            #expect(!session.effects.contains(.quit), "seed \(seed), \(name)")
        }
    }

    /// Presses a key. Returns how many effects needed a question and had one.
    private static func check(_ key: Key, _ session: inout Session, _ place: String) -> Int {
        let before = session.model
        session.forgetEffects()
        session.take(.key(key))
        answer(&session)
        var questions = 0
        for effect in session.effects where destroys(effect, before) {
            let isAgreed = agreed(before.overlays.last, key, effect)
            #expect(isAgreed, "\(place): \(effect)")
            if isAgreed { questions += 1 }
        }
        let shown = session.model.walkthrough.showsReference.subtracting(before.walkthrough.showsReference)
        if !shown.isEmpty { #expect(asksForSolution(before.overlays.last), "\(place): the solution is shown") }
        return questions
    }

    private static func press(_ keys: String, _ session: inout Session) {
        session.press(keys)
        answer(&session)
    }

    /// A reset's question comes from the services.
    private static func answer(_ session: inout Session) {
        for case .findRemovable(let task) in session.effects {
            session.take(.removable(task, [WorkspaceObject(kind: .image, name: "train_dl:latest", id: "2", bytes: 1)]))
        }
    }

    /// Whether an effect can remove or replace what a student wrote or built, told from the lab and not from the question.
    private static func destroys(_ effect: AppEffect, _ model: AppModel) -> Bool {
        switch effect {
        case .reset, .cure: return true
        case .launch(let selection, let auto, let force):
            guard let spec = model.lab.spec, let ids = try? LabGraph(spec).select(selection) else { return true }
            let progress = model.lab.progress
            return ids.compactMap { spec.task($0) }.contains { task in
                let isRun = force || !progress.state(of: task.id).isDone
                let isThere = progress.success(of: task.id) != nil && progress.state(of: task.id) != .noLonger(.gone)
                let makesFiles = task.checks.contains { if case .file = $0.subject { true } else { false } }
                let isWork = ["build", "shell", "serve"].contains(task.action.key) || (makesFiles && task.action.key != "file")
                if isRun, isThere, isWork { return true }
                // An unattended run builds the reference in place of what isn't written yet.
                guard auto, isRun, case .file(let file) = task.action else { return false }
                return model.lab.studentFiles[file.path].map { !$0.isFine || $0.state != .own } ?? true
            }
        default: return false
        }
    }

    /// Whether the key was the answer to a question about this effect.
    private static func agreed(_ overlay: Overlay?, _ key: Key, _ effect: AppEffect) -> Bool {
        guard case .confirm(let question)? = overlay else { return false }
        guard key == .character("y") || (key == .enter && !question.needsLetter) else { return false }
        switch question.answer {
        case .start(let effects): return effects.contains(effect)
        case .launch(let request): return effect == .launch(selection: request.selection, auto: request.auto, force: request.force)
        case .showSolution: return false
        }
    }

    private static func asksForSolution(_ overlay: Overlay?) -> Bool {
        guard case .confirm(let question)? = overlay, case .showSolution = question.answer else { return false }
        return true
    }
}
