import LabEngine
import LabFile
import LabSupport
import TestSupport
import Testing

@Suite("Schedulers in a lab file") struct LabSchedulerTests {
    private static func load(_ scheduler: String) -> LabLoad {
        MiniLab.load([("servers:\n", "schedulers:\n  queue: \(scheduler)\nservers:\n")])
    }

    private static let right = "{title: {en: Queue, zh: 队列}, kind: slurm, container: '${user}-ts'}"

    @Test("its container is filled in like all names") func filled() throws {
        let spec = try #require(Self.load(Self.right).spec)
        #expect(LabSchedulerCheck.diagnostics(spec) == [])
        let values = try LabVariables.resolve(spec: spec, builtIns: ["user": "ann"])
        let scheduler = try #require(try spec.filled(by: Template(values)).schedulers.first)
        #expect(scheduler.name == "queue" && scheduler.container == "ann-ts" && scheduler.title.zh == "队列")
    }

    @Test("a container that no task starts is a mistake") func unmade() {
        let load = Self.load(Self.right.replacing("-ts", with: "-tz"))
        #expect(load.errors.map(\.message.en) == ["no task starts a container `${user}-tz`"])
        #expect(load.errors.first?.suggestion == "${user}-ts")
    }

    @Test("what is missing or unknown is a mistake, too") func keys() {
        #expect(Self.load("{title: {en: Queue}, kind: slurm, container: '${user}-ts'}").errors.count == 1)
        #expect(Self.load("{title: {en: Queue, zh: 队列}, kind: slurm}").errors.count == 1)
        #expect(Self.load(Self.right.replacing("kind", with: "kimd")).errors.first?.suggestion == "kind")
        #expect(Self.load(Self.right.replacing("${user}", with: "${usr}")).errors.first?.suggestion == "user")
    }

    @Test("a kind that nobody can ask is found by `lab check`, with its place") func kind() throws {
        let spec = try #require(Self.load(Self.right.replacing("slurm", with: "slrum")).spec)
        let found = LabSchedulerCheck.diagnostics(spec)
        #expect(found.map { "\($0.line):\($0.column) \($0.suggestion ?? "-")" } == ["17:45 slurm"])
        #expect(found.first?.severity == .error)
    }
}
