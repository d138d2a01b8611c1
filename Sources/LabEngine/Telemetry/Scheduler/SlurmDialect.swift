import LabSupport

/// Slurm, asked with `squeue` and `sinfo`.
///
/// Both can print JSON, if they were built with a plugin for it. But its form differs from version to version, and a job takes kilobytes.
/// So they print only the fields below, which every version since 20.11 has.
struct SlurmDialect: SchedulerDialect {
    var programs: [String] { ["squeue", "sinfo"] }

    /// Times as seconds since 1970, and arrays of jobs without `…`.
    var environment: [String: String] { ["SLURM_TIME_FORMAT": "%s", "SLURM_BITSTR_LEN": "0", "LC_ALL": "C.UTF-8"] }

    var inherited: [String] { ["PATH", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH", "SLURM_CONF", "SLURM_CLUSTERS"] }

    var title: Text { Text(en: "Slurm", zh: "Slurm") }

    /// Of a job. The name comes first, because it may hold any character: a carriage return makes a reader of lines drop what stands before it.
    private static let jobFields = [
        "Name", "JobArrayID", "UserName", "Partition", "State", "NumNodes", "NumTasks", "TimeUsed", "TimeLimit", "PendingTime", "StartTime",
        "PriorityLong", "Reason", "tres-per-job", "tres-per-node", "tres-per-task", "tres-alloc", "NodeList",
    ]

    /// Of a node in one of its partitions.
    private static let nodeFields = [
        "Reason", "NodeList", "PartitionName", "StateLong", "CPUsState", "Gres", "GresUsed", "Available", "PriorityTier",
    ]

    func read(
        into sample: SchedulerSample, user: String?, ask: ([[String]]) async throws -> [[UInt8]]
    ) async throws -> SchedulerSample {
        let mark = SchedulerAnswer.newMark()
        let queue = ["squeue", "--noheader", "--Format", SlurmRecords.format(Self.jobFields, mark)]
        let list = ["sinfo", "--noheader", "--Node", "--Format", SlurmRecords.format(Self.nodeFields, mark)]
        let answers = try await ask([queue, list])
        guard answers.count == 2 else { throw Self.unreadable("squeue") }
        return try Self.sample(sample, jobs: answers[0], nodes: answers[1], mark: mark, user: user)
    }

    /// What the answers say. `mark` stands behind each field.
    static func sample(
        _ empty: SchedulerSample, jobs: [UInt8], nodes: [UInt8], mark: String, user: String? = nil
    ) throws(SchedulerAnswer.Failure) -> SchedulerSample {
        guard let jobRecords = SlurmRecords.all(jobs, mark: mark, fields: jobFields.count) else { throw unreadable("squeue") }
        guard let nodeRecords = SlurmRecords.all(nodes, mark: mark, fields: nodeFields.count) else { throw unreadable("sinfo") }
        var cluster = SlurmCluster()
        for record in nodeRecords { guard cluster.add(node: record) else { throw unreadable("sinfo") } }
        for record in jobRecords { guard cluster.add(job: record) else { throw unreadable("squeue") } }
        return cluster.sample(empty, user: user)
    }

    private static func unreadable(_ program: String) -> SchedulerAnswer.Failure {
        SchedulerAnswer.unreadable([program], Text(en: "it has another form than expected", zh: "格式与预期不符"))
    }
}
