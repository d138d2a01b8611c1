package import LabSupport

extension Word {
    /// The wording in all languages.
    package var text: Text { Self.texts[self] ?? Text(en: "?", zh: "？") }

    private static let texts = Dictionary(uniqueKeysWithValues: keyTexts + helpTexts + stateTexts + screenTexts + demoTexts)

    private static func text(_ word: Word, _ en: String, _ zh: String) -> (Word, Text) { (word, Text(en: en, zh: zh)) }

    private static let keyTexts: [(Word, Text)] = [
        text(.keyGo, "go on", "继续"), text(.keyRun, "run", "运行"), text(.keyCancel, "cancel", "取消"), text(.keyHint, "hint", "提示"),
        text(.keyEdit, "edit", "编辑"), text(.keyHelp, "help", "帮助"), text(.keyQuit, "quit", "退出"), text(.keyVerify, "verify", "检查"),
        text(.keyNext, "next", "下一步"), text(.keyPrevious, "previous", "上一步"), text(.keyPane, "pane", "切换窗格"),
        text(.keySearch, "search", "搜索"), text(.keyFindNext, "next find", "下一处"), text(.keyFindPrevious, "previous find", "上一处"),
        text(.keyFollow, "follow", "跟随"), text(.keyPalette, "commands", "命令"), text(.keyCopy, "copy", "复制"),
        text(.keyList, "list", "列表"), text(.keyAuto, "auto", "自动"), text(.keyZoom, "zoom", "放大"), text(.keyTab, "tab", "标签页"),
        text(.keyLanguage, "中文", "English"), text(.keyMove, "move", "移动"), text(.keyOutput, "output", "输出"),
        text(.keyDoctor, "doctor", "诊断"), text(.keyUnfold, "more", "展开"), text(.keyAgain, "again", "重新检查"),
        text(.doctorTitle, "This machine", "本机检查"), text(.doctorLooks, "Looking at the machine…", "正在检查本机……"),
        text(.keyTelemetry, "telemetry", "监控"), text(.keyReport, "report", "报告"),
        text(.keySkip, "skip", "跳过"), text(.keyReset, "reset", "重置"), text(.keyWrap, "wrap", "换行"), text(.keyTime, "time", "时间"),
        text(.keySave, "save", "保存"), text(.keyTheme, "theme", "配色"), text(.keyMouse, "mouse", "鼠标"), text(.keyRedraw, "redraw", "重绘"),
        text(.keyStop, "suspend", "挂起"), text(.keyBack, "back", "返回"), text(.keyClose, "close", "关闭"), text(.keyScroll, "scroll", "滚动"),
        text(.keyChoose, "choose", "选择"), text(.keyYes, "yes", "确定"), text(.keyNo, "no", "取消"), text(.keyEnter, "go in", "进入"),
        text(.keyLater, "later", "稍后"), text(.keyFix, "fix", "修复"),
    ]

    private static let helpTexts: [(Word, Text)] = [
        text(.helpGo, "Do what comes next here: run, edit, enter the shell, go on", "执行当前最合适的操作：运行、编辑、进入 shell 或继续"),
        text(.helpRun, "Run the chosen sub-step; again, if it is done", "运行选中的小步骤；已完成则重新运行"),
        text(.helpCancel, "Cancel what runs (twice: end it at once); otherwise quit", "取消正在运行的任务（再按一次立即结束）；空闲时退出"),
        text(.helpHint, "Show the next hint, the reference solution last", "显示下一条提示，最后显示参考答案"),
        text(.helpEdit, "Open your own file in $EDITOR", "用 $EDITOR 打开你自己的文件"),
        text(.helpHelp, "All keys", "所有按键"), text(.helpQuit, "Close what is open; at the top, quit", "关闭当前窗口；在最上层则退出"),
        text(.helpVerify, "Look at the machine: is this sub-step done?", "查看本机：这个小步骤完成了吗？"),
        text(.helpNext, "Next sub-step", "下一个小步骤"), text(.helpPrevious, "Previous sub-step", "上一个小步骤"),
        text(.helpPane, "Next pane", "下一个窗格"), text(.helpPreviousPane, "Previous pane", "上一个窗格"),
        text(.helpSearch, "Search in the output", "在输出中搜索"), text(.helpFindNext, "Next find, while searching", "搜索时：下一处"),
        text(.helpFindPrevious, "Previous find, while searching", "搜索时：上一处"),
        text(.helpFollow, "Follow the end of the output and the run, or stay", "跟随输出末尾和当前任务，或停留"),
        text(.helpPalette, "Choose a command by its name", "按名称选择命令"), text(.helpCopyCommand, "Copy the command line", "复制命令行"),
        text(.helpCopyOutput, "Copy the end of the output", "复制输出的末尾部分"), text(.helpList, "List of all sub-steps", "所有小步骤的列表"),
        text(.helpAuto, "Run the whole step unattended, with the reference solutions", "自动运行整个步骤，使用参考答案"),
        text(.helpZoom, "Give the pane the whole screen, and back", "让窗格占满屏幕，或恢复"),
        text(.helpPreviousTab, "Previous tab", "上一个标签页"), text(.helpNextTab, "Next tab", "下一个标签页"),
        text(.helpLanguage, "English or Chinese", "切换中文和英文"), text(.helpUp, "Up", "向上"), text(.helpDown, "Down", "向下"),
        text(.helpLeft, "Left, in long lines", "向左（长行）"), text(.helpRight, "Right, in long lines", "向右（长行）"),
        text(.helpTop, "To the beginning", "到开头"), text(.helpBottom, "To the end", "到末尾"), text(.helpPageUp, "A page up", "上一页"),
        text(.helpPageDown, "A page down", "下一页"), text(.helpOutput, "Output tab", "“输出”标签页"),
        text(.helpDoctor, "Why it failed; again: the whole machine", "为什么失败；再按一次：检查整台机器"), text(.helpTelemetry, "Telemetry tab", "“监控”标签页"),
        text(
            .helpReport, "Write the report: report.html and report.md beside your files",
            "在你的文件旁生成实验报告 report.html 和 report.md"),
        text(.helpSkip, "Skip this sub-step; again: take that back", "跳过这个小步骤；再按一次则撤销"),
        text(.helpReset, "Undo this sub-step; asks before, with what goes away", "撤销这个小步骤；会先列出要删除的内容并询问"),
        text(.helpWrap, "Break long lines, or not", "长行自动换行，或不换行"), text(.helpTime, "Time before each line, or not", "每行前显示时间，或不显示"),
        text(.helpSave, "Save the output to a file", "把输出保存到文件"), text(.helpTheme, "Next colours", "切换配色"),
        text(.helpMouse, "Mouse here, or left to the terminal", "使用鼠标，或交给终端"), text(.helpRedraw, "Draw everything anew", "重新绘制整个屏幕"),
        text(.helpStop, "Back to the shell for a while (`fg` returns)", "暂时回到 shell（用 `fg` 返回）"),
        text(.helpBack, "Back, close; never quits", "返回、关闭；不会退出程序"), text(.helpStep, "Go to a step", "转到某个步骤"),
        text(.helpFix, "Carry the proposed cure out, then the sub-step again; asks before", "执行建议的处理方法，然后重做该小步骤；会先询问"),
    ]

    private static let stateTexts: [(Word, Text)] = [
        text(.stateOpen, "open", "未开始"), text(.stateRunning, "running", "运行中"), text(.stateDone, "done", "完成"),
        text(.stateFailed, "failed", "失败"), text(.stateWaiting, "your turn", "等待你"), text(.stateBlocked, "blocked", "受阻"),
        text(.stateCancelled, "cancelled", "已取消"), text(.stateInterrupted, "broken off", "中断"), text(.stateSkipped, "skipped", "已跳过"),
        text(.tabText, "Text", "说明"), text(.tabOutput, "Output", "输出"), text(.tabChecks, "Checks", "检查"),
        text(.tabDiagnosis, "Diagnosis", "诊断"), text(.tabTelemetry, "Telemetry", "监控"), text(.tabFiles, "Files", "文件"),
        text(.steps, "Steps", "步骤"), text(.explanation, "Explanation", "说明"), text(.help, "Keys", "按键"),
        text(.commands, "Commands", "命令"), text(.search, "Search", "搜索"), text(.shell, "A shell is ready", "shell 已就绪"),
        text(.reset, "Reset", "重置"), text(.quit, "Quit", "退出"), text(.optional, "homework", "作业"), text(.expected, "about", "约"),
    ]

    private static let screenTexts: [(Word, Text)] = screenTextsA + screenTextsB

    private static let screenTextsA: [(Word, Text)] = [
        text(.readingLab, "Reading the lab…", "正在读取实验……"), text(.readingHistory, "Reading what was done before…", "正在读取以往的记录……"),
        text(.engineUnknown, "engine ?", "引擎 ?"), text(.engineUnreachable, "no engine", "无引擎"),
        text(
            .engineRetry, "ailab looks again every few seconds; this goes away by itself. `ailab doctor` says more.",
            "ailab 每隔几秒会再次检测，恢复后这里会自动消失。`ailab doctor` 可查看详情。"),
        text(.noCommand, "no command: this one is for reading or done by ailab itself", "没有对应的命令：只需阅读，或由 ailab 自己完成"),
        text(.nothingRun, "Nothing has been run here yet.", "这里还没有运行过任何内容。"),
        text(.nothingRunHint, "Press Enter or r to run it. What it prints appears here, live.", "按 Enter 或 r 运行，输出会实时显示在这里。"),
        text(.satisfied, "Nothing had to be done: the machine already is as this sub-step leaves it.", "无需操作：本机已经是完成这个小步骤后的状态。"),
        text(.noOutput, "It printed nothing.", "它没有输出任何内容。"),
        text(.noChecks, "This sub-step has no checks.", "这个小步骤没有检查项。"),
        text(.notLooked, "Not looked at yet. `v` looks at the machine, a run does so at its end.", "尚未检查。按 v 立即查看本机，运行结束时也会检查。"),
        text(.wanted, "wanted", "期望"), text(.found, "found", "实际"), text(.nearest, "nearest", "最接近"), text(.advice, "to do", "建议"),
        text(.diagnosisEmpty, "Nothing has failed here.", "这里没有任何失败。"),
        text(.cureKey, "`f` does this and tries again.", "按 `f` 执行并重试。"),
        text(.noCure, "No cure is known here that ailab could carry out.", "没有 ailab 能执行的处理方法。"),
        text(.cureChanges, "changes:", "改动："), text(.cureUndo, "undo:", "撤销："),
        text(.diagnosisWill, "`d` looks at the whole machine.", "按 d 检查整台机器。"),
        text(.reporting, "Writing the report…", "正在生成报告……"),
        text(.noFiles, "This sub-step has no file of yours.", "这个小步骤没有需要你编写的文件。"), text(.yourFile, "Your file", "你的文件"),
        text(.fileMissing, "It is not there yet: `e` makes it from the template and opens your editor.", "文件尚未创建：按 e 会用模板创建并打开编辑器。"),
        text(.hints, "Hints", "提示"), text(.hintKey, "`h` shows the next hint.", "按 h 显示下一条提示。"),
        text(.noHints, "There are no hints for this one.", "这个小步骤没有提示。"),
        text(.reference, "Reference solution", "参考答案"), text(.referenceKey, "`h` shows the reference solution.", "按 h 显示参考答案。"),
        text(.erratum, "The course's text today", "课程原文与现状"), text(.printed, "printed", "原文"), text(.why, "today", "现状"),
        text(.instead, "instead", "改为"), text(.loss, "loss", "损失"), text(.accuracy, "accuracy", "准确率"),
        text(.prediction, "Predictions", "预测"), text(.wasRight, "right", "正确"), text(.wasWrong, "wrong", "错误"),
    ]

    private static let demoTexts: [(Word, Text)] = [
        text(
            .demoOnly, "This is a demo: a recording is shown and nothing is done. `ailab` without --demo begins the lab.",
            "这是演示：只播放录像，不执行任何操作。去掉 --demo 运行 `ailab` 即可开始实验。"),
        text(
            .demoBegins, "A demo: a recorded run is shown; nothing is done on this machine. q leaves.",
            "这是演示：播放一次运行的录像，不会改动本机。按 q 退出。"),
        text(
            .demoOver, "The demo is over; look around as long as you like. `ailab` begins the lab itself.",
            "演示结束，可以随意翻看。运行 `ailab` 即可开始实验。"),
    ]

    private static let screenTextsB: [(Word, Text)] = [
        text(.keysTitle, "Your key file", "你的按键文件"), text(.filter, "Filter", "筛选"), text(.keyFilter, "filter", "筛选"),
        text(.helpFilter, "Show only the lines of the output that hold a text; an empty one shows all", "只显示包含某段文字的输出行；留空则显示全部"),
        text(.savedNothing, "There is no output to save.", "没有可保存的输出。"),
        text(.filterOff, "All lines.", "显示全部行。"),
        text(.skipped, "Skipped; `s` takes that back.", "已跳过；再按 s 可撤销。"),
        text(.unskipped, "No longer skipped.", "已取消跳过。"),
        text(
            .shellSilent, "You worked in the shell yourself; what is typed there is not recorded.", "你亲自使用了这个 shell；其中输入的内容不会被记录。"),
        text(.copied, "Copied, if your terminal allows it (OSC 52).", "已复制（需要终端支持 OSC 52）。"),
        text(.copiedNothing, "There is nothing to copy.", "没有可复制的内容。"),
        text(.notFound, "Not found.", "没有找到。"), text(.followOn, "Following the end.", "跟随末尾。"), text(.followOff, "Staying here.", "停留在此处。"),
        text(.wrapOn, "Long lines are broken.", "长行自动换行。"), text(.wrapOff, "Long lines go on to the right (← →).", "长行不换行（用 ← → 移动）。"),
        text(.timeOn, "With times.", "显示时间。"), text(.timeOff, "Without times.", "不显示时间。"),
        text(.mouseOn, "Mouse on: hold Shift to select text.", "鼠标已启用：按住 Shift 可选择文本。"),
        text(.mouseOff, "Mouse left to the terminal.", "鼠标交给终端。"),
        text(.launching, "Starting…", "正在启动……"), text(.alreadyRunning, "A run is at work. Ctrl-C cancels it.", "有任务正在运行，按 Ctrl-C 可取消。"),
        text(.cancelling, "Cancelling… Ctrl-C again ends it at once.", "正在取消……再按一次 Ctrl-C 立即结束。"),
        text(.killing, "Ended at once.", "已立即结束。"), text(.looking, "Looking at the machine…", "正在查看本机……"),
        text(.looksDone, "The machine says: done.", "本机检查结果：已完成。"),
        text(.looksOpen, "The machine says: not done. The Checks tab says why.", "本机检查结果：未完成，原因见“检查”标签页。"),
        text(.quitRunning, "The run goes on; `ailab` shows it again.", "任务会继续运行，再次输入 `ailab` 即可查看。"),
        text(.resetNothing, "There is nothing of it to remove.", "没有可删除的内容。"), text(.noGPU, "no GPU", "无 GPU"), text(.free, "free", "可用"),
        text(.unfinished, "left", "剩余"),
        text(.runLost, "The runner ended without a word. Nothing is lost: run it again.", "执行进程意外消失。没有丢失结果：重新运行即可。"),
        text(
            .shellExplains,
            "Inside you are root of a small Linux. `exit` or Ctrl-D ends it and brings you back here; Ctrl-P Ctrl-Q leaves it running.",
            "进入后你是一个小型 Linux 的 root。输入 `exit` 或按 Ctrl-D 结束并回到这里；Ctrl-P Ctrl-Q 只离开、不结束。"),
        text(.tooSmall, "This window is too small: at least 40×8 is needed, 80×24 is good.", "窗口太小：至少需要 40×8，建议 80×24。"),
        text(.noEditorFile, "This sub-step has no file to edit.", "这个小步骤没有可编辑的文件。"),
        text(.needTask, "Choose a sub-step first.", "请先选择一个小步骤。"),
    ]
}
