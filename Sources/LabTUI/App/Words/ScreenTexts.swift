package import LabSupport

/// Fixed texts on the screens.
extension Text {
    package static let optional = Text(en: "homework", zh: "作业")
    package static let readingLab = Text(en: "Reading the lab…", zh: "正在读取实验……")
    package static let readingHistory = Text(en: "Reading earlier runs…", zh: "正在读取以往的记录……")
    package static let doctorLooks = Text(en: "Checking this machine…", zh: "正在检查本机……")
    package static let engineUnknown = Text(en: "engine ?", zh: "引擎 ?")
    package static let engineUnreachable = Text(en: "no engine", zh: "无引擎")
    package static let engineRetry = Text(
        en: "ailab tries again every few seconds, and this message goes away when an engine answers. `ailab doctor` tells you more.",
        zh: "ailab 每隔几秒会重试，引擎恢复后这条消息会自动消失。运行 `ailab doctor` 查看详情。")
    package static let noCommand = Text(en: "No command: ailab does this itself.", zh: "没有对应的命令：由 ailab 自己完成。")
    package static let onlyReading = Text(en: "No command: this one is for reading.", zh: "没有对应的命令：阅读即可。")
    package static let readingFile = Text(en: "Reading your file…", zh: "正在读取你的文件……")
    package static let nothingRun = Text(en: "Not run yet.", zh: "尚未运行。")
    package static let nothingPrinted = Text(en: "It's running, and has printed nothing yet.", zh: "正在运行，还没有输出。")
    package static let outputHere = Text(en: "The output appears here as it's printed.", zh: "输出会实时显示在这里。")
    package static let noOutput = Text(en: "No output.", zh: "无输出。")
    package static let noChecks = Text(en: "This sub-step has no checks.", zh: "这个小节没有检查项。")
    package static let notLooked = Text(
        en: "Not checked yet. Press v to check this machine now; a run checks it at the end.", zh: "尚未检查。按 v 立即检查本机；每次运行结束时也会检查。")
    package static let found = Text(en: "found", zh: "实际")
    package static let nearest = Text(en: "closest", zh: "最接近")
    package static let advice = Text(en: "to do", zh: "建议")
    package static let engineReturned = Text(
        en: "An engine answers now. Run this sub-step again. It failed because of this:", zh: "现在引擎有响应了，请重新运行这个小节。当时失败的原因：")
    package static let diagnosisEmpty = Text(en: "Nothing has failed here.", zh: "这里没有失败。")
    package static let cureKey = Text(en: "`f` applies this cure and tries again.", zh: "按 `f` 执行并重试。")
    /// Between a heading and what it's about.
    package static let colon = Text(en: ": ", zh: "：")
    package static let noCure = Text(en: "ailab can't fix this one for you.", zh: "这个问题 ailab 无法代为处理。")
    package static let cureTitle = Text(en: "Apply this cure?", zh: "执行这个解决办法？")
    package static let cureChanges = Text(en: "changes:", zh: "改动：")
    package static let cureUndo = Text(en: "undo:", zh: "撤销：")
    package static let diagnosisWill = Text(en: "`d` checks the whole machine.", zh: "按 `d` 检查整台机器。")
    package static let reporting = Text(en: "Writing the report…", zh: "正在生成报告……")
    package static let fileMissing = Text(
        en: "Press `e`: it copies the template and opens your editor.", zh: "按 `e`：会复制模板并打开编辑器。")
    package static let hints = Text(en: "Hints", zh: "提示")
    package static let noHints = Text(en: "There are no hints here.", zh: "这个小节没有提示。")
    package static let reference = Text(en: "Reference solution", zh: "参考答案")
    package static let erratum = Text(en: "The course's text today", zh: "课程原文与现状")
    package static let printed = Text(en: "printed", zh: "原文")
    package static let why = Text(en: "why not", zh: "现状")
    package static let instead = Text(en: "instead", zh: "改为")
    package static let loss = Text(en: "loss", zh: "损失")
    package static let lossLogarithmic = Text(en: "loss (log scale)", zh: "损失（对数刻度）")
    package static let epoch = Text(en: "epoch", zh: "轮次")
    package static let accuracy = Text(en: "accuracy", zh: "准确率")
    package static let prediction = Text(en: "Predictions", zh: "预测")
    package static let wasRight = Text(en: "correct", zh: "正确")
    package static let wasWrong = Text(en: "wrong", zh: "错误")
    package static let noGPU = Text(en: "no GPU", zh: "无 GPU")
    package static let free = Text(en: "free", zh: "可用")
    package static let noCommandMatches = Text(en: "No command matches. Backspace deletes.", zh: "没有匹配的命令。按 Backspace 删除。")
    package static let shellExplains = Text(
        en:
            "Inside, you're root in a small Linux system. `exit` or Ctrl-D ends the shell and brings you back here. Ctrl-P Ctrl-Q leaves it running.",
        zh: "进入后，你是一个小型 Linux 系统的 root 用户。输入 `exit` 或按 Ctrl-D 结束 shell 并回到这里；Ctrl-P Ctrl-Q 只离开、不结束。")
    package static let shellSilent = Text(
        en: "You used the shell yourself. What you type there isn't recorded.", zh: "你亲自使用了这个 shell；在其中输入的内容不会被记录。")
    package static let tooSmall = Text(
        en: "This window is too small: ailab needs 40×8, and 80×24 is comfortable.", zh: "窗口太小：至少需要 40×8，建议 80×24。")
}
