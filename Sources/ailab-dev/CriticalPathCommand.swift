import ArgumentParser
import LabFile
import LabRunner
import LabSupport

/// `ailab-dev critical-path`: the longest chain of a workspace's tasks, by the seconds that they took. No run can be shorter than this
/// chain, however much of the rest runs beside it.
struct CriticalPathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "critical-path", abstract: "Print the longest chain of tasks, by measured time.")

    @Option(help: "The lab file.")
    var lab = "labs/lab5.yaml"

    @OptionGroup var home: WorkspaceOption

    func run() throws {
        let spec = try LabSpecLoader.spec(path: lab)
        let took = LabProgress(try home.workspace(), spec).successes.mapValues(\.seconds)
        let path = LabGraph(spec).criticalPath { Int((took[$0] ?? 0) * 1000) }
        let chain = path.tasks.map { Answer.Link(id: $0, seconds: took[$0] ?? 0) }
        print(JSONText.line(Answer(seconds: Double(path.seconds) / 1000, sum: took.values.reduce(0, +), tasks: chain)))
    }

    private struct Answer: Encodable {
        struct Link: Encodable {
            var id: TaskID
            var seconds: Double
        }

        var seconds: Double
        var sum: Double
        var tasks: [Link]
    }
}
