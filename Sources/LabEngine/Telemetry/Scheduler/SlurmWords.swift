import LabSupport

/// Slurm's words for states and reasons.
enum SlurmWords {
    /// `idle`, `mixed-`, `down*`: a word, and behind it a sign for what else holds.
    static func state(_ said: String) -> SchedulerNode.State {
        let word = said.prefix { $0.isLetter || $0 == "_" }.lowercased()
        // `*`: the node doesn't answer.
        if said.contains("*"), word != "drained", word != "draining" { return .down }
        switch word {
        case "idle", "planned": return .idle
        case "mixed", "mix", "completing", "comp": return .mixed
        case "allocated", "alloc": return .allocated
        case "draining", "drng": return .draining
        case "drained", "drain": return .drained
        case "down", "fail", "failing", "error", "inval", "unknown", "perfctrs": return .down
        default: return .other
        }
    }

    /// Whether a job has no nodes yet, or has lost them.
    static func isWaiting(_ state: String) -> Bool {
        ["PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD"].contains(state)
    }

    /// The word itself: `ReqNodeNotAvail` of `ReqNodeNotAvail, May be reserved for other job`.
    static func code(_ reason: String) -> String {
        let word = reason.prefix { $0 != "," && $0 != "(" && $0 != ":" }
        return word.isEmpty ? reason : String(word)
    }

    /// Why a job with this reason waits, in plain words. Nil for an unknown word.
    static func meaning(_ code: String) -> Text? {
        if let text = meanings[code] { return text }
        return families.first { code.hasPrefix($0.prefix) }?.text
    }

    private static let meanings: [String: Text] = [
        "Resources": Text(en: "too few nodes, processors or GPUs are free", zh: "空闲的节点、处理器或 GPU 不够"),
        "Priority": Text(en: "jobs with a higher priority come first", zh: "优先级更高的作业在前面"),
        "Dependency": Text(en: "it starts after another job", zh: "要等另一个作业"),
        "DependencyNeverSatisfied": Text(en: "the job that it depends on failed, so it never starts", zh: "所依赖的作业已失败，永远不会启动"),
        "BeginTime": Text(en: "it may only start at a later time", zh: "还没到允许启动的时间"),
        "JobHeldUser": Text(en: "its user holds it back; `scontrol release` lets it start", zh: "被用户自己挂起；用 `scontrol release` 放行"),
        "JobHeldAdmin": Text(en: "an administrator holds it back", zh: "被管理员挂起"),
        "JobHoldMaxRequeue": Text(en: "it was requeued too often and is held back", zh: "重新排队次数过多，已被挂起"),
        "ReqNodeNotAvail": Text(
            en: "a node that it asks for is down, drained or reserved", zh: "所要求的节点停机、被排空或已被预留"),
        "PartitionNodeLimit": Text(
            en: "it asks for more nodes than the partition has or allows", zh: "要求的节点数超过分区所有或允许的数量"),
        "PartitionTimeLimit": Text(en: "it asks for more time than the partition allows", zh: "要求的时间超过分区上限"),
        "PartitionDown": Text(en: "the partition starts no jobs", zh: "分区暂停启动作业"),
        "PartitionInactive": Text(en: "the partition is inactive", zh: "分区未启用"),
        "PartitionConfig": Text(en: "the partition doesn't allow such a job", zh: "分区不允许这样的作业"),
        "NodeDown": Text(en: "a node that it needs is down", zh: "所需的节点已停机"),
        "BadConstraints": Text(en: "no node has what it asks for", zh: "没有节点满足它的要求"),
        "Constraints": Text(en: "no node has what it asks for", zh: "没有节点满足它的要求"),
        "Licenses": Text(en: "no license is free", zh: "没有空闲的许可证"),
        "Reservation": Text(en: "its reservation hasn't begun", zh: "预留时段尚未开始"),
        "ReservationDeleted": Text(en: "its reservation was deleted", zh: "所用的预留已被删除"),
        "JobArrayTaskLimit": Text(en: "its array already runs as many jobs as it may", zh: "该作业数组同时运行的数量已达上限"),
        "Cleaning": Text(en: "it was requeued, and its last run is still being cleaned up", zh: "已重新排队，正在清理上一次运行"),
        "Prolog": Text(en: "its nodes are being prepared", zh: "正在准备节点"),
        "BurstBufferResources": Text(en: "too little burst buffer is free", zh: "突发缓冲空间不足"),
        "BurstBufferStageIn": Text(en: "its data is being copied", zh: "正在搬入数据"),
        "InvalidAccount": Text(en: "its account isn't valid", zh: "账户无效"),
        "InvalidQOS": Text(en: "its quality of service (QOS) isn't valid", zh: "服务质量（QOS）无效"),
        "AccountNotAllowed": Text(en: "its account may not use this partition", zh: "账户无权使用该分区"),
        "QOSNotAllowed": Text(en: "its quality of service (QOS) may not use this partition", zh: "该服务质量（QOS）不能使用此分区"),
        "SystemFailure": Text(en: "the scheduler or a file system failed", zh: "调度器或文件系统出错"),
        "JobLaunchFailure": Text(en: "it couldn't be started on a node", zh: "在节点上启动失败"),
        "NonZeroExitCode": Text(en: "it ended with an error", zh: "以错误退出"),
        "TimeLimit": Text(en: "it ran out of time", zh: "已超出时限"),
        "InactiveLimit": Text(en: "it was inactive for too long", zh: "空闲过久"),
        "launch failed requeued held": Text(en: "it couldn't be started, and is held back", zh: "启动失败，已被挂起"),
        "MaxMemPerLimit": Text(en: "it asks for more memory than allowed", zh: "要求的内存超过上限"),
        "FrontEndDown": Text(en: "no front end runs", zh: "没有可用的前端节点"),
        "Federation": Text(en: "another cluster of the federation decides", zh: "由联邦中的其他集群决定"),
        "DeadLine": Text(en: "it can't end before its deadline", zh: "无法在截止时间前完成"),
    ]

    private static let families: [(prefix: String, text: Text)] = [
        ("AssocGrp", Text(en: "its account or group has reached a limit", zh: "所属账户或小组已达上限")),
        ("AssocMax", Text(en: "its user has reached a limit of the account", zh: "该用户已达账户的上限")),
        ("Assoc", Text(en: "a limit of its account is reached", zh: "已达账户的上限")),
        ("QOSGrp", Text(en: "all jobs of its quality of service (QOS) have reached a limit", zh: "该服务质量（QOS）的全部作业已达上限")),
        ("QOSMax", Text(en: "it has reached a limit of its quality of service (QOS)", zh: "已达其服务质量（QOS）的上限")),
        ("QOSMin", Text(en: "it asks for less than its quality of service (QOS) requires", zh: "低于其服务质量（QOS）的最低要求")),
        ("QOS", Text(en: "a limit of its quality of service (QOS) is reached", zh: "已达其服务质量（QOS）的上限")),
        ("MaxCpu", Text(en: "it asks for more processors than allowed", zh: "要求的处理器超过上限")),
        ("Reserv", Text(en: "its reservation isn't usable", zh: "预留不可用")),
    ]
}
