package import LabSupport

/// The demo's messages.
extension Text {
    package static let demoOnly = Text(
        en: "The demo plays a recording and changes nothing. Run `ailab` without --demo to start the lab.",
        zh: "演示只播放录像，不执行任何操作。去掉 --demo 运行 `ailab` 即可开始实验。")
    package static let demoBegins = Text(
        en: "Demo: you are watching a recording. Nothing on this machine changes. q: quit", zh: "演示：播放一次运行的录像，不会改动本机。q：退出"
    )
    package static let demoOver = Text(
        en: "The demo is over. Look around as long as you like, or run `ailab` to start the lab.", zh: "演示结束，可以随意翻看。运行 `ailab` 即可开始实验。")
}
