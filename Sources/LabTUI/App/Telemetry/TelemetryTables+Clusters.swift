import LabSupport
import Telemetry

/// Clusters: the queue, why jobs wait, nodes and partitions.
extension TelemetryTables {
    /// How many waiting jobs, running jobs and nodes are listed, on a wide screen and on others. The most important come first.
    private static let (wideRows, narrowRows) = (12, 6)
    private static let nodeRows = 12
    private static let reasonRows = 4
    private static let partitionColumns = 56

    /// The tables of all clusters.
    func clusters(_ columns: Int) -> [[RichLine]] { sample.schedulers.flatMap { cluster($0, columns) } }

    private func cluster(_ cluster: SchedulerSample, _ columns: Int) -> [[RichLine]] {
        if let absence = cluster.absence {
            let text = Text(en: ": ", zh: "：").joined(absence.reason.followed(by: absence.hint))
            return [RichLine(say(cluster.title.joined(text)), look[.muted]).wrapped(to: columns)]
        }
        let head = RichLine([Span(say(cluster.title), look[.heading]), Span(say(Self.summary(cluster.totals)), look[.text])], hanging: 2)
        let rows = columns >= Self.wide ? Self.wideRows : Self.narrowRows
        let waiting = jobs(cluster.waiting.prefix(rows), cluster.totals.waiting, ClusterWords.waiting, ClusterWords.reason, columns)
        let running = jobs(cluster.running.prefix(rows), cluster.totals.running, ClusterWords.running, ClusterWords.place, columns)
        let top = head.wrapped(to: columns) + waiting + meanings(of: cluster, columns) + running
        guard columns >= Self.wide else { return [top, nodes(cluster, columns), partitions(cluster, columns)] }
        let left = nodes(cluster, columns - Self.partitionColumns - Self.gap)
        return [top, beside(left, partitions(cluster, Self.partitionColumns), at: columns - Self.partitionColumns)]
    }

    /// `: 8 nodes (5 idle, 2 mixed, 1 down), GPUs 4/32, jobs: 2 running, 1 waiting`
    private static func summary(_ totals: SchedulerTotals) -> Text {
        let states = SchedulerNode.State.allCases.map { ($0, totals.nodes(in: $0)) }.filter { $0.1 > 0 }
        let gpus = totals.gpus.map { ", GPUs \(totals.gpusUsed ?? 0)/\($0)" } ?? ", CPUs \(totals.processorsUsed)/\(totals.processors)"
        let zhGPUs = totals.gpus.map { "，GPU \(totals.gpusUsed ?? 0)/\($0)" } ?? "，CPU \(totals.processorsUsed)/\(totals.processors)"
        return Text(
            en: ": \(totals.nodes) nodes (\(states.map { "\($1) \(ClusterWords.state($0).en)" }.joined(separator: ", ")))\(gpus), jobs: "
                + "\(totals.running) running, \(totals.waiting) waiting",
            zh: "：\(totals.nodes) 个节点（\(states.map { "\(ClusterWords.state($0).zh) \($1)" }.joined(separator: "、"))）\(zhGPUs)，作业：运行 "
                + "\(totals.running)、等待 \(totals.waiting)")
    }

    private func jobs(_ jobs: some Collection<SchedulerJob>, _ total: Int, _ title: Text, _ last: Text, _ columns: Int) -> [RichLine] {
        guard !jobs.isEmpty else { return [] }
        let head = [
            Column(title: say(title), columns: 0), Column(title: say(ClusterWords.time), columns: 8),
            Column(title: say(last), columns: columns >= Self.wide ? 32 : 18, isRight: false), Column(title: "GPUS", columns: 4),
            Column(title: say(ClusterWords.nodeCount), columns: 5), Column(title: say(ClusterWords.job), columns: 8, isRight: false),
            Column(title: say(ClusterWords.partition), columns: 9, isRight: false),
            Column(title: say(ClusterWords.user), columns: 8, isRight: false),
        ]
        let rows = jobs.map { job -> (cells: [String], role: Role) in
            let cells = [
                job.name, job.seconds.map(Self.time) ?? "-", job.reason ?? job.place ?? "-", job.gpus.map(String.init) ?? "-",
                String(job.nodes), job.id, job.partition, job.user,
            ]
            return (cells, .text)
        }
        return table(head, rows, columns: columns, first: 10) + more(total - jobs.reduce(0) { $0 + $1.count })
    }

    /// `1:59`, `23:59:59`, and from a day on `3d 14h`.
    private static func time(_ seconds: Double) -> String {
        guard seconds >= 86_400 else { return Phrase.clock(seconds) }
        let hours = Int(shown: seconds / 3600)
        return "\(hours / 24)d \(hours % 24)h"
    }

    private func more(_ count: Int) -> [RichLine] {
        count > 0 ? [RichLine(say(Text(en: "and \(count) more", zh: "另有 \(count) 个")), look[.muted])] : []
    }

    /// What the scheduler's words for reasons mean.
    private func meanings(of cluster: SchedulerSample, _ columns: Int) -> [RichLine] {
        cluster.reasons.prefix(Self.reasonRows).flatMap { reason -> [RichLine] in
            let jobs = reason.jobs > 1 ? Text(en: " (\(reason.jobs))", zh: "（\(reason.jobs)）") : Text(verbatim: "")
            let meaning = reason.text.map { jobs.joined(Text(en: ": \($0.en)", zh: "：\($0.zh)")) } ?? jobs
            return RichLine([Span(reason.code, look[.strong]), Span(say(meaning), look[.muted])], hanging: 2).wrapped(to: columns)
        }
    }

    private func nodes(_ cluster: SchedulerSample, _ columns: Int) -> [RichLine] {
        let head = [
            Column(title: say(ClusterWords.node), columns: 0), Column(title: say(ClusterWords.state), columns: 10, isRight: false),
            Column(title: "GPUS", columns: 5), Column(title: "CPUS", columns: 7),
            Column(title: say(ClusterWords.partitions), columns: 18, isRight: false),
            Column(title: say(ClusterWords.note), columns: 24, isRight: false),
        ]
        let shown = cluster.nodes(Self.nodeRows)
        let rows = shown.map { node -> (cells: [String], role: Role) in
            let cells = [
                node.name, say(ClusterWords.state(node)), node.gpus.map { "\(node.gpusUsed ?? 0)/\($0)" } ?? "-",
                "\(node.processorsUsed)/\(node.processors)", node.partitions.joined(separator: ","), node.note ?? "",
            ]
            return (cells, Self.role(of: node.state))
        }
        return table(head, rows, columns: columns, first: 10) + more(cluster.totals.nodes - shown.count)
    }

    private static func role(of state: SchedulerNode.State) -> Role {
        switch state {
        case .down: .bad
        case .draining, .drained: .warning
        case .idle: .muted
        case .mixed, .allocated, .other: .text
        }
    }

    private func partitions(_ cluster: SchedulerSample, _ columns: Int) -> [RichLine] {
        let head = [
            Column(title: say(ClusterWords.partition), columns: 0), Column(title: say(ClusterWords.state), columns: 5, isRight: false),
            Column(title: say(ClusterWords.idleNodes), columns: 7), Column(title: "GPUS", columns: 7),
            Column(title: say(ClusterWords.runningCount), columns: 7), Column(title: say(ClusterWords.waitingCount), columns: 7),
            Column(title: say(ClusterWords.tier), columns: 5),
        ]
        let rows = cluster.partitions.prefix(Self.nodeRows).map { partition -> (cells: [String], role: Role) in
            let cells = [
                partition.name, partition.said, "\(partition.idle)/\(partition.nodes)",
                partition.gpus.map { "\(partition.gpusUsed ?? 0)/\($0)" } ?? "-", String(partition.running), String(partition.waiting),
                partition.tier.map(String.init) ?? "-",
            ]
            return (cells, partition.said == "up" ? .text : .warning)
        }
        return table(head, rows, columns: columns, first: 10, maximum: 20) + more(cluster.partitions.count - rows.count)
    }
}

/// The words for clusters.
enum ClusterWords {
    static let waiting = Text(en: "WAITING", zh: "等待的作业")
    static let running = Text(en: "RUNNING", zh: "运行的作业")
    static let reason = Text(en: "REASON", zh: "原因")
    static let place = Text(en: "ON", zh: "所在节点")
    static let time = Text(en: "TIME", zh: "时间")
    static let job = Text(en: "JOB", zh: "编号")
    static let user = Text(en: "USER", zh: "用户")
    static let node = Text(en: "NODE", zh: "节点")
    static let nodeCount = Text(en: "NODES", zh: "节点")
    static let idleNodes = Text(en: "IDLE", zh: "空闲")
    static let state = Text(en: "STATE", zh: "状态")
    static let partition = Text(en: "PARTITION", zh: "分区")
    static let partitions = Text(en: "PARTITIONS", zh: "分区")
    static let note = Text(en: "NOTE", zh: "说明")
    static let runningCount = Text(en: "RUNNING", zh: "运行")
    static let waitingCount = Text(en: "WAITING", zh: "等待")
    static let tier = Text(en: "TIER", zh: "层级")
    /// The names of a cluster's curves: GPUs, running jobs, waiting jobs.
    static let meters = [
        Text(en: "Cluster GPUs", zh: "集群 GPU"), Text(en: "Jobs running", zh: "运行的作业"), Text(en: "Jobs waiting", zh: "等待的作业"),
    ]
    /// The same behind the name of one of several clusters.
    static let shortMeters = [Text(verbatim: "GPU"), Text(en: "running", zh: "运行"), Text(en: "waiting", zh: "等待")]

    static func state(_ state: SchedulerNode.State) -> Text {
        switch state {
        case .idle: Text(en: "idle", zh: "空闲")
        case .mixed: Text(en: "mixed", zh: "部分占用")
        case .allocated: Text(en: "allocated", zh: "已占满")
        case .draining: Text(en: "draining", zh: "排空中")
        case .drained: Text(en: "drained", zh: "已排空")
        case .down: Text(en: "down", zh: "停机")
        case .other: Text(en: "other", zh: "其他")
        }
    }

    static func state(_ node: SchedulerNode) -> Text {
        node.state == .other ? Text(verbatim: node.said) : state(node.state)
    }
}
