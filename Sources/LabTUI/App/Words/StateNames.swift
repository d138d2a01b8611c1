package import LabSupport

/// How a sub-step stands, in a word or two.
extension Text {
    package static let stateOpen = Text(en: "open", zh: "未开始")
    package static let stateRunning = Text(en: "running", zh: "运行中")
    package static let stateDone = Text(en: "done", zh: "完成")
    package static let stateFailed = Text(en: "failed", zh: "失败")
    package static let stateWaiting = Text(en: "your turn", zh: "等待你")
    package static let stateBlocked = Text(en: "blocked", zh: "受阻")
    package static let stateCancelled = Text(en: "cancelled", zh: "已取消")
    package static let stateInterrupted = Text(en: "interrupted", zh: "中断")
    package static let stateSkipped = Text(en: "skipped", zh: "已跳过")
}
