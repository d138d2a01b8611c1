import LabSupport

/// Collects what Slurm says of a cluster.
struct SlurmCluster {
    private var nodes: [SchedulerNode] = []
    private var places: [String: Int] = [:]
    private var partitions: [SchedulerPartition] = []
    /// Where each partition is in the list. These names are whole: the ones that are shown are cut.
    private var partitionPlaces: [String: Int] = [:]
    /// How many jobs run and wait in each partition, by whole names.
    private var jobs: [String: (running: Int, waiting: Int)] = [:]
    private var waiting: [(job: SchedulerJob, priority: Int)] = []
    private var running: [SchedulerJob] = []

    init() {}

    /// Adds a node as a member of one partition. A node is listed once for each. False if the record can't be understood.
    mutating func add(node record: [String]) -> Bool {
        let name = record[1]
        let partition = record[2].hasSuffix("*") ? String(record[2].dropLast()) : record[2]
        let processors = record[4].split(separator: "/").map { SlurmValue.count(String($0)) }
        guard !name.isEmpty, !partition.isEmpty, processors.count == 4, let used = processors[0], let all = processors[3] else {
            return false
        }
        let gpus = SlurmValue.gpus(record[5])
        let place = partitionPlaces[partition] ?? partitions.count
        if place == partitions.count {
            partitions.append(SchedulerPartition(name: newName(partition), said: SlurmValue.shown(record[7], 12)))
            partitions[place].tier = SlurmValue.count(record[8])
            partitionPlaces[partition] = place
        }
        if let known = places[name] {
            nodes[known].partitions.append(partitions[place].name)
        } else {
            var node = SchedulerNode(
                name: SlurmValue.shown(name), state: SlurmWords.state(record[3]), said: SlurmValue.shown(record[3], 24), processors: all,
                processorsUsed: used, partitions: [partitions[place].name])
            node.gpus = gpus
            node.gpusUsed = gpus.map { min($0, SlurmValue.gpus(record[6]) ?? 0) }
            node.note = SlurmValue.some(record[0]).map { SlurmValue.shown($0, 120) }
            places[name] = nodes.count
            nodes.append(node)
        }
        guard let node = places[name].map({ nodes[$0] }) else { return false }
        partitions[place].nodes += 1
        partitions[place].idle += node.state == .idle ? 1 : 0
        if let gpus = node.gpus {
            partitions[place].gpus = (partitions[place].gpus ?? 0) + gpus
            partitions[place].gpusUsed = (partitions[place].gpusUsed ?? 0) + (node.gpusUsed ?? 0)
        }
        return true
    }

    /// A partition's name as it's shown. No other partition has the same, even if both begin with the same long text.
    private func newName(_ partition: String) -> String {
        let shown = SlurmValue.shown(partition)
        guard partitions.contains(where: { $0.name == shown }) else { return shown }
        return "\(SlurmValue.shown(partition, 56))…\(partitions.count + 1)"
    }

    /// Adds a job. False if the record can't be understood.
    mutating func add(job record: [String]) -> Bool {
        guard !record[1].isEmpty, !record[4].isEmpty, let nodes = SlurmValue.count(record[5]) else { return false }
        var job = SchedulerJob(
            id: SlurmValue.shown(record[1], 32), name: SlurmValue.shown(record[0]), user: SlurmValue.shown(record[2], 32),
            partition: SlurmValue.shown(record[3]), said: SlurmValue.shown(record[4], 24), nodes: nodes)
        job.count = SlurmValue.jobs(record[1])
        job.limit = SlurmValue.seconds(record[8])
        job.gpus = gpus(record, nodes: nodes)
        guard SlurmWords.isWaiting(record[4]) else {
            job.seconds = SlurmValue.seconds(record[7])
            job.place = SlurmValue.some(record[17]).map { SlurmValue.shown($0) }
            running.append(job)
            jobs[record[3], default: (0, 0)].running += job.count
            return true
        }
        job.seconds = SlurmValue.count(record[9]).map(Double.init)
        job.starts = Int(record[10]).map(Double.init)
        job.reason = SlurmValue.some(record[12]).map { SlurmValue.shown($0, 80) }
        for name in record[3].split(separator: ",") { jobs[String(name), default: (0, 0)].waiting += job.count }
        waiting.append((job, min(max(0, Int(record[11]) ?? 0), .max - 1)))
        return true
    }

    /// A job asks for GPUs in all, on each node or for each task. Only a cluster that accounts for GPUs lists those that a job has got.
    private func gpus(_ record: [String], nodes: Int) -> Int? {
        if let all = SlurmValue.gpus(record[16]) ?? SlurmValue.gpus(record[13]) { return all }
        if let each = SlurmValue.gpus(record[14]) { return each * max(1, nodes) }
        return SlurmValue.gpus(record[15]).map { $0 * max(1, SlurmValue.count(record[6]) ?? 1) }
    }

    /// Everything, with lists of limited length.
    func sample(_ empty: SchedulerSample, user: String?) -> SchedulerSample {
        var sample = empty
        sample.totals = totals
        sample.partitions = withJobs
        sample.reasons = reasons
        // Sorting keeps the order of equals: that of Slurm, which is the order of the queue.
        let isOwn = { (job: SchedulerJob) in user != nil && job.user == user }
        let queue = waiting.enumerated().sorted { first, second in
            let keys = { (entry: (offset: Int, element: (job: SchedulerJob, priority: Int))) in
                (isOwn(entry.element.job) ? 0 : 1, -entry.element.priority, entry.offset)
            }
            return keys(first) < keys(second)
        }
        sample.waiting = queue.prefix(SchedulerSample.limit).map(\.element.job)
        let active = running.enumerated().sorted { first, second in
            let keys = { (entry: (offset: Int, element: SchedulerJob)) in
                (isOwn(entry.element) ? 0 : 1, entry.element.seconds ?? 0, entry.offset)
            }
            return keys(first) < keys(second)
        }
        sample.running = active.prefix(SchedulerSample.limit).map(\.element)
        // Slurm lists the partitions of a node in changing order.
        let order = Dictionary(sample.partitions.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        sample.nodes = nodes.map { node in
            var node = node
            node.partitions.sort { order[$0, default: .max] < order[$1, default: .max] }
            return node
        }
        sample.nodes = sample.nodes(SchedulerSample.limit)
        return sample
    }

    private var totals: SchedulerTotals {
        var totals = SchedulerTotals()
        totals.nodes = nodes.count
        for node in nodes {
            totals.states[node.state.rawValue, default: 0] += 1
            totals.processors += node.processors
            totals.processorsUsed += node.processorsUsed
            guard let gpus = node.gpus else { continue }
            totals.gpus = (totals.gpus ?? 0) + gpus
            totals.gpusUsed = (totals.gpusUsed ?? 0) + (node.gpusUsed ?? 0)
        }
        totals.running = running.reduce(0) { $0 + $1.count }
        totals.waiting = waiting.reduce(0) { $0 + $1.job.count }
        return totals
    }

    private var withJobs: [SchedulerPartition] {
        var partitions = partitions
        for (name, place) in partitionPlaces {
            guard let jobs = jobs[name] else { continue }
            partitions[place].running = jobs.running
            partitions[place].waiting = jobs.waiting
        }
        // Those with the highest tier first.
        partitions.sort { ($1.tier ?? 0, $0.name) < ($0.tier ?? 0, $1.name) }
        return Array(partitions.prefix(SchedulerSample.limit))
    }

    private var reasons: [SchedulerReason] {
        var counts: [String: Int] = [:]
        for (job, _) in waiting { if let reason = job.reason { counts[SlurmWords.code(reason), default: 0] += job.count } }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(SchedulerSample.limit / 4).map {
            SchedulerReason(code: $0.key, text: SlurmWords.meaning($0.key), jobs: $0.value)
        }
    }
}
