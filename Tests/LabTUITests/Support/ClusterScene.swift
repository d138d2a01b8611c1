import LabSupport
import Telemetry

/// Two minutes of a cluster, the same every time: jobs come, wait and run.
enum ClusterScene {
    /// A machine with a lab's cluster of 4 nodes in containers, or one that is a client of a large cluster.
    static func samples(nodes: Int) -> [TelemetrySample] {
        SampleScene.samples(.processor).enumerated().map { second, sample in
            var sample = sample
            sample.training = nil
            sample.marks = []
            sample.schedulers = [nodes > 4 ? large(second, nodes) : small(second)]
            sample.insight = nil
            if nodes == 4 {
                sample.containers.list = ["controller", "node-1", "node-2", "node-3", "node-4"].enumerated().map { index, name in
                    var container = ContainerSample(id: name, name: "lab6-\(name)", image: "slurm_cluster")
                    container.cpu = index == 0 ? 4 : 1
                    container.memory = 9e6
                    container.processes = 20
                    return container
                }
            }
            return sample
        }
    }

    private static func job(_ id: Int, _ name: String, _ partition: String, _ seconds: Int) -> SchedulerJob {
        var job = SchedulerJob(id: String(id), name: name, user: "ann", partition: partition, said: "RUNNING", nodes: 1)
        job.seconds = Double(seconds)
        return job
    }

    private static func waiting(_ job: SchedulerJob, _ reason: String) -> SchedulerJob {
        var job = job
        job.said = "PENDING"
        job.reason = reason
        return job
    }

    private static let meanings = [
        "Resources": Text(en: "too few nodes, processors or GPUs are free", zh: "空闲的节点、处理器或 GPU 不够"),
        "Priority": Text(en: "jobs with a higher priority come first", zh: "优先级更高的作业在前面"),
        "Dependency": Text(en: "it starts after another job", zh: "要等另一个作业"),
    ]

    private static func reasons(_ counts: [(String, Int)]) -> [SchedulerReason] {
        counts.map { SchedulerReason(code: $0, text: meanings[$0], jobs: $1) }
    }

    private static func node(_ number: Int, _ state: SchedulerNode.State, gpus: Int, cpus: Int, _ partitions: [String]) -> SchedulerNode {
        var node = SchedulerNode(
            name: "node\(number)", state: state, said: state.rawValue, processors: 4, processorsUsed: cpus, partitions: partitions)
        node.gpus = 4
        node.gpusUsed = gpus
        return node
    }

    private static func small(_ second: Int) -> SchedulerSample {
        var cluster = SchedulerSample(
            name: "experiments", title: Text(en: "Experiment cluster", zh: "实验集群"), container: "lab6-controller")
        cluster.nodes = [
            node(1, .mixed, gpus: 4, cpus: 1, ["team-a", "spare"]), node(2, .mixed, gpus: 4, cpus: 1, ["team-a", "spare"]),
            node(3, .idle, gpus: 0, cpus: 0, ["team-b", "spare"]), node(4, .drained, gpus: 0, cpus: 0, ["team-b", "spare"]),
        ]
        cluster.nodes[3].note = "fan is broken"
        cluster.running = [job(3, "a-2", "team-a", second), job(2, "a-1", "team-a", second + 2)]
        for index in cluster.running.indices {
            cluster.running[index].gpus = 4
            cluster.running[index].place = "node\(2 - index)"
        }
        cluster.waiting = [
            waiting(job(4, "a-more", "team-a", second), "Resources"), waiting(job(6, "评测", "team-b", second), "Dependency"),
        ]
        cluster.waiting[0].gpus = 4
        cluster.reasons = reasons([("Resources", 1), ("Dependency", 1)])
        cluster.partitions = [("team-a", 0, 8, 2, 1), ("team-b", 1, 0, 0, 1), ("spare", 1, 8, 0, 0)].map {
            name, idle, used, running, waiting in
            var partition = SchedulerPartition(name: name, said: "up")
            partition.tier = name == "spare" ? 1 : 10
            (partition.nodes, partition.gpus) = name == "spare" ? (4, 16) : (2, 8)
            (partition.idle, partition.gpusUsed, partition.running, partition.waiting) = (idle, used, running, waiting)
            return partition
        }
        cluster.totals.nodes = 4
        cluster.totals.states = ["mixed": 2, "idle": 1, "drained": 1]
        (cluster.totals.gpus, cluster.totals.gpusUsed) = (16, second < 30 ? 4 : 8)
        (cluster.totals.processors, cluster.totals.processorsUsed) = (16, 2)
        (cluster.totals.running, cluster.totals.waiting) = (second < 30 ? 1 : 2, second < 60 ? 0 : 2)
        return cluster
    }

    private static func large(_ second: Int, _ count: Int) -> SchedulerSample {
        var cluster = SchedulerSample(name: "/usr/bin/squeue", title: Text(verbatim: "Slurm"))
        let nodes = (1...count).map { number -> SchedulerNode in
            let state: SchedulerNode.State = number == 77 ? .down : number % 33 == 0 ? .drained : number % 10 == 0 ? .idle : .mixed
            return node(number, state, gpus: state == .mixed ? 3 : 0, cpus: state == .mixed ? 4 : 0, ["gpu", "all"])
        }
        cluster.nodes = nodes
        cluster.nodes = cluster.nodes(SchedulerSample.limit)
        cluster.running = (1...SchedulerSample.limit).map { number in
            var job = job(number, "a very long name of a training \(number)", "gpu", number * 4000 + second)
            (job.gpus, job.place) = (3, "node[\(number)-\(number + 3)]")
            return job
        }
        cluster.waiting = (1...SchedulerSample.limit).map {
            waiting(job(900_000 + $0, "pretrain-\($0)", "gpu,all", 86_400 * $0), "Priority")
        }
        cluster.waiting[0].reason = "Resources"
        cluster.waiting[1].reason = "QOSGrpNodeCpuRunMinutesLimit"
        cluster.reasons = reasons([("Priority", 790), ("Resources", 9), ("QOSGrpNodeCpuRunMinutesLimit", 1)])
        var partition = SchedulerPartition(name: "gpu", said: "up")
        (partition.nodes, partition.idle, partition.gpus, partition.gpusUsed) = (count, 9, count * 4, 261)
        (partition.running, partition.waiting, partition.tier) = (200, 800, 1)
        cluster.partitions = [partition]
        cluster.totals.nodes = count
        cluster.totals.states = Dictionary(grouping: nodes, by: \.state.rawValue).mapValues(\.count)
        (cluster.totals.gpus, cluster.totals.gpusUsed) = (count * 4, 261)
        (cluster.totals.running, cluster.totals.waiting) = (200, 800)
        return cluster
    }
}
