package import LabSupport

/// A kind of scheduler that ailab can ask. A lab file names it by its raw value.
package enum SchedulerKind: String, Sendable, CaseIterable {
    case slurm

    /// How it's asked, and how its answers are read.
    var dialect: any SchedulerDialect {
        switch self {
        case .slurm: SlurmDialect()
        }
    }
}

/// The programs and the language of one kind of scheduler. Only looks, never changes anything.
protocol SchedulerDialect: Sendable {
    /// The programs that it needs.
    var programs: [String] { get }
    /// The variables that its programs get.
    var environment: [String: String] { get }
    /// The names of variables of this machine that its programs need to find their cluster.
    var inherited: [String] { get }
    /// What to call a cluster that this machine is a client of.
    var title: Text { get }
    /// Asks for everything. `ask` runs programs with arguments, one after the other, and returns the standard output of each.
    func read(into sample: SchedulerSample, user: String?, ask: ([[String]]) async throws -> [[UInt8]]) async throws -> SchedulerSample
}

/// A scheduler in a container of a lab.
package struct SchedulerTarget: Sendable {
    package var name: String
    package var title: Text
    /// As the lab file says it. `SchedulerKind` has those that ailab knows.
    package var kind: String
    package var container: String

    package init(name: String, title: Text, kind: String, container: String) {
        self.name = name
        self.title = title
        self.kind = kind
        self.container = container
    }
}
