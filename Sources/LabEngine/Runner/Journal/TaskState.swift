package import LabFile
package import LabSupport

/// How a sub-step stands. These are all the states there are; every view shows one of them.
package enum TaskState: Sendable, Hashable {
    /// Nothing was done for it yet, or what was done does not count.
    case open
    /// A run did not begin it, because one that it needs is not done.
    case blocked(by: TaskID)
    /// The student has to do something first.
    case waiting
    case running
    case done
    /// It was done, and is no longer so.
    case noLonger(Reason)
    case failed
    case cancelled
    /// Its runner was killed while it was at work.
    case interrupted
    /// The student went past it.
    case skipped
    /// It only has to be read, and was.
    case read

    /// Why something that was done no longer is.
    package enum Reason: String, Sendable, Hashable, Codable {
        /// What it was made from has changed since.
        case changed
        /// What it left is gone.
        case gone
    }

    /// It counts as done. Nothing else does.
    package var isDone: Bool { self == .done }

    /// It asks for nothing more, and was not done: the student went past it, or read it.
    package var isPassedOver: Bool { self == .skipped || self == .read }

    /// Nothing is left to do for it.
    package var isSettled: Bool { isDone || isPassedOver }

    /// It keeps those that need it from beginning.
    package var blocksOthers: Bool {
        switch self {
        case .failed, .waiting, .cancelled, .interrupted, .blocked: true
        case .open, .running, .done, .noLonger, .skipped, .read: false
        }
    }
}

extension TaskState {
    /// The stable word that programs read.
    package var code: String {
        switch self {
        case .open: "open"
        case .blocked: "blocked"
        case .waiting: "waiting"
        case .running: "running"
        case .done: "done"
        case .noLonger(.changed): "outdated"
        case .noLonger(.gone): "lost"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .interrupted: "interrupted"
        case .skipped: "skipped"
        case .read: "read"
        }
    }

    /// What a person reads: one word or two.
    package var text: Text {
        switch self {
        case .open: Text(en: "open", zh: "未开始")
        case .blocked: Text(en: "blocked", zh: "受阻")
        case .waiting: Text(en: "your turn", zh: "等待你")
        case .running: Text(en: "running", zh: "运行中")
        case .done: Text(en: "done", zh: "完成")
        case .noLonger(.changed): Text(en: "outdated", zh: "已过期")
        case .noLonger(.gone): Text(en: "gone", zh: "已丢失")
        case .failed: Text(en: "failed", zh: "失败")
        case .cancelled: Text(en: "cancelled", zh: "已取消")
        case .interrupted: Text(en: "interrupted", zh: "中断")
        case .skipped: Text(en: "skipped", zh: "已跳过")
        case .read: Text(en: "read", zh: "已读")
        }
    }

    /// The same in a report, which somebody else reads.
    package var told: Text {
        self == .waiting ? Text(en: "student's turn", zh: "等待学生") : text
    }

    /// A mark of one column before it.
    package var symbol: String {
        switch self {
        case .open: "·"
        case .blocked, .cancelled: "■"
        case .waiting: "…"
        case .running: "▶"
        case .done, .read: "✔"
        case .noLonger, .failed: "✘"
        case .interrupted: "!"
        case .skipped: "»"
        }
    }
}

extension TaskFinished.Outcome {
    /// The task is as it should be: made so, or found so.
    package var isDone: Bool { self == .succeeded || self == .satisfied }
}
