import ContainerEngine
import LabFile
import LabRunner
import LabSupport
import LabTUI

extension Words {
    func progressLine(_ tally: LabTally, _ run: Int) -> String {
        self.tally(tally) + (run > 0 ? pick(" The last run was \(run).", "最近一次运行是 \(run)。") : "")
    }

    /// The share of the work, and the time that the machine still needs.
    func forecast(_ forecast: LabForecast) -> String {
        let left = Phrase.left(minutes: forecast.minutesLeft)[language]
        let percent = "\(Int(shown: forecast.share * 100))%"
        return pick("\(percent) of the work, \(left), without what you write.", "工作量 \(percent)，\(left)（不含你编写的时间）。")
    }

    func noEngine(_ failure: LabError) -> String {
        pick("No engine: ", "没有可用的引擎：") + failure.message.followed(by: failure.hint)[language]
    }

    func next(_ command: String, _ task: LabTask?) -> String {
        let title = task.map { aside("\($0.id) \($0.title[language])", "   ") } ?? ""
        return pick("Next: ", "下一步：") + Style.bold(command) + title
    }

    /// `labWords` mean the lab in a command.
    func more(_ labWords: [String]) -> String {
        let (list, verify, report) = (
            ShellWord.line(["ailab", "list"] + labWords), ShellWord.line(["ailab", "verify"] + labWords),
            ShellWord.line(["ailab", "report"] + labWords)
        )
        return pick(
            "`\(list)` shows all steps, `\(verify)` checks this machine, `\(report)` writes a report of your work, and `ailab --help` shows the rest.",
            "`\(list)` 列出所有步骤，`\(verify)` 检查本机，`\(report)` 生成实验报告，`ailab --help` 查看其余命令。")
    }
}
