import ContainerEngine
package import LabEngine
package import LabFile
package import LabRunner
package import LabSupport

/// Sentences with values.
package enum Phrase {
    /// `0:07`, `12:40`, `1:02:03`.
    package static func clock(_ seconds: Double) -> String {
        let total = Int(shown: max(0, seconds).rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if total >= 3600 { return "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))" }
        return "\(total / 60):\(two(total % 60))"
    }

    /// The overall progress. Skipped and read tasks are counted separately.
    package static func overall(_ tally: LabTally) -> Text {
        let skipped = tally.skipped > 0 ? Text(en: ", \(tally.skipped) skipped", zh: "，跳过 \(tally.skipped)") : Text(verbatim: "")
        let read = tally.read > 0 ? Text(en: ", \(tally.read) read", zh: "，已读 \(tally.read)") : Text(verbatim: "")
        let away =
            tally.unavailable > 0
            ? Text(en: ", \(tally.unavailable) not here", zh: "，本机不适用 \(tally.unavailable)") : Text(verbatim: "")
        let done = overallDone(tally)
        return Text(en: done.en + skipped.en + away.en + read.en, zh: done.zh + skipped.zh + away.zh + read.zh)
    }

    /// The same where there is little room: without what was skipped and read.
    package static func overallDone(_ tally: LabTally) -> Text {
        Text(en: "\(tally.done) of \(tally.all) done", zh: "已完成 \(tally.done)/\(tally.all)")
    }

    package static func left(minutes: Int) -> Text {
        minutes < 1
            ? Text(en: "under a minute left", zh: "预计还需不到 1 分钟") : Text(en: "about \(minutes) min left", zh: "预计还需约 \(minutes) 分钟")
    }

    /// How long a running task has taken, beside the usual time: `0:07/~1:40`. If it takes longer, the usual time is no longer a goal.
    package static func time(_ elapsed: Double, usually expected: Int) -> Text {
        let (now, usual) = (clock(elapsed), clock(Double(expected)))
        if elapsed <= Double(expected) { return Text(verbatim: "\(now)/~\(usual)") }
        return Text(en: "\(now) (usually \(usual))", zh: "\(now)（通常 \(usual)）")
    }

    package static func run(_ number: Int) -> Text { Text(en: "run \(number)", zh: "运行 \(number)") }

    package static func ended(_ run: Int, _ outcome: RunFinished.Outcome, _ seconds: Double) -> Text {
        let time = clock(seconds)
        return switch outcome {
        case .succeeded: Text(en: "Run \(run) done in \(time).", zh: "运行 \(run) 已完成，用时 \(time)。")
        case .failed:
            Text(en: "Run \(run) failed after \(time).", zh: "运行 \(run) 失败，用时 \(time)。")
        case .blocked: Text(en: "A problem with this machine blocked run \(run) (\(time)).", zh: "运行 \(run) 被本机环境阻止（\(time)）。")
        case .cancelled: Text(en: "Run \(run) cancelled after \(time).", zh: "运行 \(run) 已取消，用时 \(time)。")
        }
    }

    package static func notBegun(_ run: Int) -> Text {
        Text(en: "Run \(run) couldn't start: a problem with this machine blocks its first sub-step.", zh: "运行 \(run) 未能开始：本机的问题阻塞了它的第一个小节。")
    }

    package static func blocked(by task: TaskID) -> Text {
        Text(en: "Blocked: it needs \(task), which isn't done.", zh: "受阻：它依赖 \(task)，而 \(task) 尚未完成。")
    }

    package static func unknownKey(_ key: Key) -> Text {
        Text(en: "`\(key.name)` does nothing here. ? shows the keys.", zh: "`\(key.name)` 在这里没有作用。按 ? 查看按键。")
    }

    /// A run found nothing to do. The command was not run, so the student hasn't seen what it prints.
    package static func satisfied(_ command: String?) -> Text {
        let state = Text(en: "Nothing to do: the result of this sub-step is already here.", zh: "已满足，无需重做。")
        guard let command else { return state.followed(by: Text(en: "`r` runs it anyway.", zh: "按 `r` 可重新运行。")) }
        return state.followed(
            by: Text(
                en: "`r` runs it anyway, and you see here what this prints: `\(command)`", zh: "按 `r` 可重新运行，在这里查看它的输出：`\(command)`"))
    }

    /// What Enter does here.
    package static func enter(_ action: Text) -> Text {
        Text(en: "Press Enter to \(action.en).", zh: "按 Enter：\(action.zh)。")
    }

    package static func skipped(bytes: Int, path: String) -> Text {
        Text(en: "\(ByteSize.shown(Double(bytes))) of earlier output: see \(path)", zh: "此前的 \(ByteSize.shown(Double(bytes))) 见 \(path)")
    }

    package static func dropped(lines: Int, path: String) -> Text {
        Text(en: "\(lines) earlier lines: see \(path)", zh: "此前的 \(lines) 行见 \(path)")
    }

    package static func matches(_ text: String) -> Text { Text(en: "Searching for “\(text)”", zh: "搜索“\(text)”") }

    package static func auto(_ step: Int, labWords: [String]) -> Text {
        let command = ShellWord.line(["ailab", "step", String(step), "--auto"] + labWords)
        return Text(en: "Or without this screen: `\(command)`", zh: "或不使用界面：`\(command)`")
    }

    package static func resetQuestion(_ task: TaskID) -> Text { Text(en: "Reset \(task)?", zh: "重置 \(task)？") }

    /// Every header shows this while a recording plays.
    package static func demo(_ speed: Double) -> Text {
        let times = speed == speed.rounded() && speed <= 1000 ? "\(Int(shown: speed))" : "\(speed)"
        return Text(en: "DEMO ×\(times)", zh: "演示 ×\(times)")
    }

    /// An object that a reset removes.
    package static func removable(_ object: WorkspaceObject) -> Text {
        let name = SafeLines.clean(text: object.name)
        let size = object.bytes.flatMap { $0 > 0 ? "  \(ByteSize.shown(Double($0)))" : nil } ?? ""
        let stops = object.isRunning ? Text(en: "  (running, will be stopped)", zh: "（正在运行，将被停止）") : Text(verbatim: "")
        let kind =
            switch object.kind {
            case .container: Text(en: "container", zh: "容器")
            case .service: Text(en: "service", zh: "服务")
            case .network: Text(en: "network", zh: "网络")
            case .swarm: Text(en: "swarm", zh: "swarm")
            case .image: Text(en: "image", zh: "镜像")
            case .file: Text(en: "file", zh: "文件")
            case .cache: Text(en: "cache", zh: "缓存")
            case .buildCache: Text(en: "build cache", zh: "构建缓存")
            case .run: Text(en: "record of run", zh: "运行记录")
            }
        return Text(en: "\(kind.en)  \(name)\(size)\(stops.en)", zh: "\(kind.zh)  \(name)\(size)\(stops.zh)")
    }

    /// The text in brackets, to put after a title.
    package static func bracketed(_ text: Text) -> Text { Text(en: " (\(text.en))", zh: "（\(text.zh)）") }

    package static func filtered(_ text: String, _ count: Int) -> Text {
        Text(en: "Showing \(count) lines with “\(text)”", zh: "只显示包含“\(text)”的行：\(count)")
    }

    package static func goesTo(_ task: TaskID) -> Text { Text(en: "Enter goes to \(task).", zh: "按 Enter 转到 \(task)。") }

    package static func theme(_ theme: Theme) -> Text { Text(en: "Colors: \(theme.name.en)", zh: "配色：\(theme.name.zh)") }

    package static func notStep(_ number: Int) -> Text { Text(en: "There is no step \(number).", zh: "没有步骤 \(number)。") }

    package static func counts(_ labels: [String]) -> Text {
        Text(en: "Counts as correct: \(labels.joined(separator: ", "))", zh: "算作正确：\(labels.joined(separator: "、"))")
    }

    package static func rightOf(_ right: some CustomStringConvertible, _ all: some CustomStringConvertible) -> Text {
        Text(en: "\(right) of \(all) correct", zh: "\(right)/\(all) 正确")
    }

    package static func stepHeading(_ progress: Progress) -> Text {
        let total = progress.total.map { "/\(Int(shown: $0))" } ?? ""
        switch progress.unit {
        case .bytes:
            let all = progress.total.map { " / \(ByteSize.shown($0))" } ?? ""
            return progress.label.map { "\($0)  \(ByteSize.shown(progress.done))\(all)" }
        case .steps:
            return Text(
                en: "step \(Int(shown: progress.done))\(total)  \(progress.label.en)",
                zh: "第 \(Int(shown: progress.done))\(total) 步  \(progress.label.zh)")
        case .layers, .epochs, .seconds, .items: return progress.label.map { "\($0) \(Int(shown: progress.current))\(total)" }
        }
    }
}
