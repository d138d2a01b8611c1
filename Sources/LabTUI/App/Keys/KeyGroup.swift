package import LabSupport

/// The commands by what they are for. The help shows them in this order.
package enum KeyGroup: Sendable, CaseIterable {
    case work
    case file
    case run
    case move
    case output
    case rest

    package var title: Text {
        switch self {
        case .work: Text(en: "Work on a sub-step", zh: "完成小节")
        case .file: Text(en: "Your file and help", zh: "你的文件与提示")
        case .run: Text(en: "While it runs, and after", zh: "运行与结果")
        case .move: Text(en: "Move", zh: "移动")
        case .output: Text(en: "Output", zh: "输出")
        case .rest: Text(en: "The program", zh: "程序")
        }
    }
}

extension Command {
    package var group: KeyGroup {
        switch self {
        case .primary, .run, .verify, .auto, .skip, .reset: .work
        case .edit, .hint, .copyCommand, .commandWords, .glossary: .file
        case .interrupt, .doctor, .cure, .allCures, .telemetry, .report, .account, .predict: .run
        case .nextTask, .previousTask, .step, .list, .nextPane, .previousPane, .previousTab, .nextTab, .move, .zoom, .back: .move
        case .output, .search, .findNext, .findPrevious, .filter, .follow, .wrap, .unfold, .time, .save, .copyOutput: .output
        case .help, .palette, .close, .settings, .language, .theme, .mouse, .redraw, .stop: .rest
        }
    }
}
