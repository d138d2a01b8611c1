package import LabSupport

/// Messages in the last line.
extension Text {
    package static let savedNothing = Text(en: "No output to save.", zh: "没有可保存的输出。")
    package static let filterOff = Text(en: "Showing all lines.", zh: "显示全部行。")
    package static let skipped = Text(en: "Skipped. Press s again to undo.", zh: "已跳过；再按 s 可撤销。")
    package static let nothingToSkip = Text(en: "This sub-step is done or running, so there is nothing to skip.", zh: "这个小节已完成或正在运行，无需跳过。")
    package static let unskipped = Text(en: "No longer skipped.", zh: "已取消跳过。")
    package static let copied = Text(en: "Copied, if your terminal allows it (OSC 52).", zh: "已复制（需要终端支持 OSC 52）。")
    package static let copiedNothing = Text(en: "Nothing to copy.", zh: "没有可复制的内容。")
    package static let notFound = Text(en: "Not found.", zh: "没有找到。")
    package static let followOn = Text(en: "Following the end.", zh: "跟随末尾。")
    package static let followOff = Text(en: "No longer following.", zh: "已停止跟随。")
    package static let wrapOn = Text(en: "Wrapping long lines.", zh: "长行自动换行。")
    package static let wrapOff = Text(en: "Not wrapping: ← and → move sideways.", zh: "长行不换行（用 ← → 移动）。")
    package static let timeOn = Text(en: "Showing times.", zh: "显示时间。")
    package static let timeOff = Text(en: "Hiding times.", zh: "不显示时间。")
    package static let mouseOn = Text(en: "Mouse on. Hold Shift to select text.", zh: "鼠标已启用：按住 Shift 可选择文本。")
    package static let mouseOff = Text(en: "Mouse off: your terminal has it.", zh: "鼠标交给终端。")
    package static let launching = Text(en: "Starting…", zh: "正在启动……")
    package static let alreadyRunning = Text(en: "A run is already active. Ctrl-C cancels it.", zh: "有一次运行正在进行，按 Ctrl-C 可取消。")
    package static let cancelling = Text(en: "Cancelling… Press Ctrl-C again to kill it.", zh: "正在取消……再按一次 Ctrl-C 立即终止。")
    package static let killing = Text(en: "Killed.", zh: "已立即终止。")
    package static let looking = Text(en: "Checking this machine…", zh: "正在检查本机……")
    package static let looksDone = Text(en: "Checked: done.", zh: "检查结果：已完成。")
    package static let looksOpen = Text(en: "Checked: not done. The Checks tab shows why.", zh: "检查结果：未完成，原因见“检查”标签页。")
    package static let quitRunning = Text(en: "The run goes on. Start `ailab` again to see it.", zh: "运行会继续，再次输入 `ailab` 即可查看。")
    package static let resetNothing = Text(en: "Nothing to reset.", zh: "没有可重置的内容。")
    package static let resetRecord = Text(
        en: "Nothing is removed. The sub-step is marked as not done.", zh: "不会删除任何内容，只是把这个小节记为未完成。")
    package static let runLost = Text(
        en: "The run was interrupted. Finished sub-steps are kept.", zh: "运行意外中断；已完成的小节不受影响。")
    package static let noEditorFile = Text(en: "This sub-step has no file to edit.", zh: "这个小节没有可编辑的文件。")
    package static let needTask = Text(en: "Choose a sub-step first.", zh: "请先选择一个小节。")
}
