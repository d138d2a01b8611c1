import Glibc
import LabFile
import LabRunner
import LabSupport
import LabTUI
import TestSupport
import Testing

/// What every view shows of how a lab stands, as programs read it: the state of each task, and how many are done.
struct Standing: Equatable, CustomStringConvertible {
    var states: [String: String] = [:]
    var done = 0
    var all = 0
    var skipped = 0
    var read = 0

    var description: String {
        states.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            + "; \(done) of \(all) done, \(skipped) skipped, \(read) read"
    }

    /// From the words of a test: `1.1 done, 1.2 open`.
    init(_ text: String, readings: Set<String>) {
        for part in text.split(separator: ",") {
            let words = part.split(separator: " ").map(String.init)
            states[words[0]] = words[1]
        }
        count(readings)
    }

    init(_ states: [String: String], readings: Set<String>) {
        self.states = states
        count(readings)
    }

    private mutating func count(_ readings: Set<String>) {
        all = states.keys.count { !readings.contains($0) }
        done = states.values.count { $0 == "done" }
        skipped = states.values.count { $0 == "skipped" }
        read = states.values.count { $0 == "read" }
    }
}

/// The walkthrough without a screen: the model that the real effects keep up to date, and its frames.
final class ModelWatch: Sendable {
    private let model: Locked<AppModel>
    private let task: Task<Void, Never>

    init(labFile: String, home: String, environment: [String: String]) throws {
        let workspace = try Workspace(root: home)
        let spec = try LabSpecLoader.spec(path: labFile)
        let size = Size(columns: 120, rows: 40)
        CellWidth.prepare()
        let first = AppModel(size: size, settings: Settings(language: .en, look: Look()), now: wallClock())
        let model = Locked(first)
        self.model = model
        let live = LiveServices(
            workspace: workspace, labFile: labFile, settings: RunSettings(), environment: environment, version: "test")
        task = Task {
            let send: Services.Send = { event in model.withLock { _ = AppUpdate.update(&$0, event) } }
            await live.perform(.loadLab, send)
            await live.perform(.watchWorkspace(lab: spec.id), send)
        }
    }

    deinit { task.cancel() }

    var standing: Standing {
        model.withLock { model in
            let tasks = model.lab.spec?.tasks ?? []
            var standing = Standing(
                Dictionary(uniqueKeysWithValues: tasks.map { ($0.id.description, model.lab.state(of: $0.id).code) }), readings: [])
            let tally = model.lab.tally
            (standing.done, standing.all, standing.skipped, standing.read) = (tally.done, tally.all, tally.skipped, tally.read)
            return standing
        }
    }

    /// The frame as text.
    var screen: String { model.withLock { AppView.view($0).plainText } }

    var isReady: Bool { model.withLock { $0.lab.hasHistory } }
}

/// Reads what the program prints.
enum PrintedStates {
    private static func objects(_ lines: [String]) -> [JSONValue] { lines.compactMap { JSONValue(Array($0.utf8)) } }

    /// `list --json` or `verify --json`: an object a task, or one a check.
    static func states(_ output: String) -> [String: String] {
        objects(output.split(separator: "\n").map(String.init)).reduce(into: [:]) { states, object in
            if let task = object.at("/task")?.scalar { states[task] = object.at("/state")?.scalar }
        }
    }

    static func status(_ output: String, _ standing: inout Standing) {
        guard let object = JSONValue(Array(output.utf8)) else { return }
        func number(_ name: String) -> Int { Int(object.at("/\(name)")?.scalar ?? "") ?? -1 }
        (standing.done, standing.all, standing.skipped, standing.read) = (
            number("done"), number("tasks"), number("skipped"), number("read")
        )
    }

    /// `report --format json`.
    static func report(_ output: String) -> Standing? {
        guard let object = JSONValue(Array(output.utf8)) else { return nil }
        func number(_ name: String) -> Int { Int(object.at("/\(name)")?.scalar ?? "") ?? -1 }
        var states: [String: String] = [:]
        var index = 0
        while let task = object.at("/tasks/\(index)/task")?.scalar {
            states[task] = object.at("/tasks/\(index)/state")?.scalar
            index += 1
        }
        var standing = Standing(states, readings: [])
        (standing.done, standing.all, standing.skipped, standing.read) = (number("done"), number("all"), number("skipped"), number("read"))
        return standing
    }
}
