package import LabSupport

/// A cluster as its scheduler sees it: nodes, partitions and the queue.
///
/// A large cluster isn't listed completely. `totals`, `partitions` and `reasons` count everything, and the lists have the most important of it.
package struct SchedulerSample: Sendable, Equatable, Codable {
    /// The longest list of nodes, and of jobs that wait or run.
    package static let limit = 64

    /// The code of a scheduler that was asked for the first time and hasn't answered.
    package static let waitingCode = "scheduler.waiting"

    /// The scheduler's name in the lab file, or the path of the program that was asked.
    package var name: String
    package var title: Text
    /// The container in which the scheduler is asked. Nil if this machine is a client of the cluster.
    package var container: String?
    package var totals = SchedulerTotals()
    package var nodes: [SchedulerNode] = []
    package var partitions: [SchedulerPartition] = []
    /// Jobs that wait: first those of this user, then those of the highest priority.
    package var waiting: [SchedulerJob] = []
    /// Jobs that have nodes: first those of this user, then the newest.
    package var running: [SchedulerJob] = []
    /// Why jobs wait, the most frequent reason first.
    package var reasons: [SchedulerReason] = []
    /// Why values are missing.
    package var absence: Absence?

    package init(name: String, title: Text, container: String? = nil) {
        self.name = name
        self.title = title
        self.container = container
    }

    /// The nodes to show if there's room for `count`: all in their order, or else those with problems first, then those with jobs.
    package func nodes(_ count: Int) -> [SchedulerNode] {
        guard nodes.count > count else { return nodes }
        let ranked = nodes.enumerated().sorted { ($0.element.state.rank, $0.offset) < ($1.element.state.rank, $1.offset) }
        return ranked.prefix(count).map(\.element)
    }
}

/// What a whole cluster has, and how much of it jobs use.
package struct SchedulerTotals: Sendable, Equatable, Codable {
    package var nodes = 0
    /// The number of nodes in each state. A state without nodes isn't listed.
    package var states: [String: Int] = [:]
    /// Nil if no node has a GPU.
    package var gpus: Int?
    package var gpusUsed: Int?
    package var processors = 0
    package var processorsUsed = 0
    /// Each job of an array counts.
    package var running = 0
    package var waiting = 0

    package init() {}

    package func nodes(in state: SchedulerNode.State) -> Int { states[state.rawValue] ?? 0 }
}

/// A machine of a cluster.
package struct SchedulerNode: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// No job.
        case idle
        /// Jobs on a part of it.
        case mixed
        /// Jobs on all of it.
        case allocated
        /// An administrator took it away, and its jobs may still end.
        case draining
        case drained
        /// It failed or doesn't answer.
        case down
        /// Another state, which only the scheduler has a word for.
        case other

        /// The most important state has the lowest number.
        var rank: Int {
            switch self {
            case .down: 0
            case .drained, .draining: 1
            case .other: 2
            case .allocated, .mixed: 3
            case .idle: 4
            }
        }
    }

    package var name: String
    package var state: State
    /// The scheduler's own word for the state.
    package var said: String
    /// Nil if it has none.
    package var gpus: Int?
    package var gpusUsed: Int?
    package var processors: Int
    package var processorsUsed: Int
    package var partitions: [String]
    /// Why it was drained or is down.
    package var note: String?

    package init(name: String, state: State, said: String, processors: Int, processorsUsed: Int, partitions: [String]) {
        self.name = name
        self.state = state
        self.said = said
        self.processors = processors
        self.processorsUsed = processorsUsed
        self.partitions = partitions
    }
}

/// A group of nodes with a queue of its own.
package struct SchedulerPartition: Sendable, Equatable, Codable {
    package var name: String
    /// The scheduler's word for whether jobs start: `up`, `down`, `drain`, `inact`.
    package var said: String
    /// The jobs of a higher tier come first.
    package var tier: Int?
    package var nodes = 0
    /// Nodes without a job that can take one.
    package var idle = 0
    package var gpus: Int?
    package var gpusUsed: Int?
    package var running = 0
    package var waiting = 0

    package init(name: String, said: String) {
        self.name = name
        self.said = said
    }
}

/// A job, or the part of a job array that waits.
package struct SchedulerJob: Sendable, Equatable, Codable {
    package var id: String
    package var name: String
    package var user: String
    /// Several for a job that takes the first partition with room.
    package var partition: String
    /// The scheduler's own word for the state, such as `RUNNING`.
    package var said: String
    /// How many jobs this is: more than one for an array.
    package var count = 1
    package var nodes: Int
    /// The GPUs that it has or asks for. Nil for none.
    package var gpus: Int?
    /// How many seconds it has run, or has waited.
    package var seconds: Double?
    /// The seconds that it may run. Nil for no limit.
    package var limit: Double?
    /// The names of its nodes, in the scheduler's short form.
    package var place: String?
    /// Why it waits: the scheduler's own word.
    package var reason: String?
    /// When the scheduler expects to start it, in seconds since 1970.
    package var starts: Double?

    package init(id: String, name: String, user: String, partition: String, said: String, nodes: Int) {
        self.id = id
        self.name = name
        self.user = user
        self.partition = partition
        self.said = said
        self.nodes = nodes
    }
}

/// Why jobs wait.
package struct SchedulerReason: Sendable, Equatable, Codable {
    /// The scheduler's own word.
    package var code: String
    /// What it means. Nil if ailab doesn't know the word.
    package var text: Text?
    /// How many jobs wait because of it.
    package var jobs: Int

    package init(code: String, text: Text?, jobs: Int) {
        self.code = code
        self.text = text
        self.jobs = jobs
    }
}
