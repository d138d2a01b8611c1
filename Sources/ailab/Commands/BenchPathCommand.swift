import ArgumentParser
import LabFile
import LabRunner
import LabSupport

/// The longest chain of a workspace's tasks by the seconds that they took: no run can be shorter, whatever overlaps.
struct BenchPathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "critical-path", abstract: "The longest chain of tasks, by measured time.")

    @OptionGroup var lab: LabOptions

    func run() throws {
        let spec = try LabSpecLoader.spec(path: try lab.labFile())
        let took = RunHistory(try lab.workspace(), lab: spec.id, living: nil).successes.mapValues(\.seconds)
        let path = LabGraph(spec).criticalPath { Int((took[$0] ?? 0) * 1000) }
        let chain = path.tasks.map { JSONValue.object(["id": .text($0.description), "seconds": .number(took[$0] ?? 0)]) }
        Console.output(
            JSONText.object([
                ("schema", .number(1)), ("seconds", .number(Double(path.seconds) / 1000)), ("sum", .number(took.values.reduce(0, +))),
                ("tasks", .list(chain)),
            ]))
    }
}
