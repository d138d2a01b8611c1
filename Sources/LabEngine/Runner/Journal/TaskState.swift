package import LabFile
package import LabSupport

/// The state of a sub-step. There are no other states, and every view shows one of these.
package enum TaskState: Sendable, Hashable {
    /// It hasn't been done, or the earlier result doesn't count.
    case open
    /// A run didn't start it, because it needs a task that isn't done.
    case blocked(by: TaskID)
    /// The student has to do something first.
    case waiting
    case running
    case done
    /// It was done, but no longer is.
    case noLonger(Reason)
    case failed
    case cancelled
    /// Its runner was killed while it was running.
    case interrupted
    /// The student skipped it.
    case skipped
    /// It's only for reading, and the student has read it.
    case read
    /// A run tried it, and this machine can't do it. It's never done here, and nothing is left to do.
    case unavailable

    /// Why a task that was done no longer is.
    package enum Reason: String, Sendable, Hashable, Codable {
        /// Its inputs have changed since.
        case changed
        /// Its result no longer exists.
        case gone
    }

    /// True only for a task that counts as done.
    package var isDone: Bool { self == .done }

    /// The student skipped or read it, or this machine can't do it. So nothing is left to do.
    package var isPassedOver: Bool { self == .skipped || self == .read || self == .unavailable }

    /// Nothing is left to do for it.
    package var isSettled: Bool { isDone || isPassedOver }

    /// Tasks that need it can't start.
    package var blocksOthers: Bool {
        switch self {
        case .failed, .waiting, .cancelled, .interrupted, .blocked: true
        case .open, .running, .done, .noLonger, .skipped, .read, .unavailable: false
        }
    }
}

extension TaskState {
    /// The stable word for programs.
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
        case .unavailable: "unavailable"
        }
    }

    /// One or two words for people.
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
        case .unavailable: Text(en: "not on this machine", zh: "本机不适用")
        }
    }

    /// The same in a report, for another reader.
    package var told: Text {
        self == .waiting ? Text(en: "student's turn", zh: "等待学生") : text
    }

    /// A symbol of one column, to put before it.
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
        case .unavailable: "–"
        }
    }
}

extension TaskFinished.Outcome {
    /// The task is done: a run did it, or found that it was already done.
    package var isDone: Bool { self == .succeeded || self == .satisfied }
}
