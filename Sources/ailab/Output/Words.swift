import LabFile
import LabRunner
import LabSupport
import LabTUI

/// What the printers say, in one language.
struct Words {
    let language: Language

    func pick(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }

    /// Names, numbers and the like in one line.
    func listed(_ parts: [String]) -> String { parts.joined(separator: pick(", ", "，")) }

    /// In parentheses behind something else. Chinese parentheses need no space before them.
    func aside(_ text: String, _ gap: String = " ") -> String { pick("\(gap)(\(text))", "（\(text)）") }

    func runStarted(_ start: RunStarted, at path: String) -> String {
        pick(
            "Lab \(start.lab), run \(start.run): \(start.selection)  (\(path))",
            "实验 \(start.lab)，运行 \(start.run)：\(start.selection)（\(path)）")
    }

    /// Follows a cause that was shown in full before.
    var asAbove: String { pick("(as above)", "（同上）") }

    func engine(_ engine: EngineConnected) -> String {
        let own = engine.isPrivate ? pick(", ailab's own", "，ailab 私有引擎") : ""
        return pick("Engine: ", "引擎：") + "\(engine.kind) \(engine.version) (API \(engine.apiVersion)\(own)) \(engine.endpoint)"
    }

    func device(_ device: DeviceChosen) -> String {
        let name = device.device == "gpu" ? "GPU" : "CPU"
        return pick("Training on: \(name) (\(device.reason.en))", "训练设备：\(name)（\(device.reason.zh)）")
    }

    func expected(_ seconds: Int) -> String { pick("about \(clock(Double(seconds)))", "约 \(clock(Double(seconds)))") }

    func source(_ source: SourceChosen) -> String {
        let mark = source.standIn ? pick("stand-in", "替代镜像") : pick("source", "来源")
        let text = source.text[language]
        let what = source.what.isEmpty ? "" : "\(source.what) ← "
        return "\(mark)\(colon)\(what)\(source.source)" + (text.isEmpty ? "" : " — \(text)")
    }

    func sourceFailed(_ failed: SourceFailed) -> String {
        let cause = failed.error.cause.map { aside(String(SafeLines.clean(text: $0).prefix(160))) } ?? ""
        return pick("source failed, trying the next: ", "来源不可用，尝试下一个：")
            + "\(failed.source)\(colon)\(failed.error.message[language])\(cause)"
    }

    func check(_ check: CheckResult) -> String {
        let nearest = check.nearest.map { aside($0[language]) } ?? ""
        switch check.standing {
        case .passed: return pick("✔ check: ", "✔ 检查通过：") + "\(check.wanted[language]) — \(check.found[language])"
        case .past: return pick("· check: ", "· 检查：") + "\(check.wanted[language]) — \(check.found[language])"
        case .failed:
            return pick("✘ check failed: wanted ", "✘ 检查未通过：期望") + check.wanted[language] + pick("; found: ", "；实际：")
                + check.found[language] + nearest
        }
    }

    func prediction(_ prediction: Prediction) -> String {
        let top = prediction.top.prefix(3).map { "\(SafeLines.clean(text: $0.label)) \(ShownNumber.percent(share: $0.probability))" }
        let verdict = prediction.right ? pick("✔ correct", "✔ 正确") : pick("✘ wrong", "✘ 错误")
        return "\(prediction.picture) → \(top.joined(separator: ", "))  \(verdict)"
    }

    func reattached(_ container: Reattached) -> String {
        let run = container.run.map { aside("\(pick("run", "运行")) \($0)") } ?? ""
        return pick(
            "Taking over container \(container.container), which is still running\(run).", "接管仍在运行的容器 \(container.container)\(run)。")
    }

    func skipped(_ task: TaskID) -> String { pick("» \(task) skipped", "» \(task) 已跳过") }

    func unskipped(_ task: TaskID) -> String { pick("· \(task) is no longer skipped", "· \(task) 已取消跳过") }

    /// A look at the machine that found something else than the journals said.
    func looked(_ task: TaskID, _ verdict: Looked.Verdict) -> String {
        switch verdict {
        case .done: pick("✔ \(task) is done", "✔ \(task) 已完成")
        case .byHand: pick("✔ \(task) is done, by hand", "✔ \(task) 已手动完成")
        case .changed: pick("✘ \(task) was done, but its files or settings have changed since", "✘ \(task) 曾完成，但此后文件或设置有变化")
        case .gone: pick("✘ \(task) was done, but what it made is gone", "✘ \(task) 曾完成，但成果已不存在")
        case .open: pick("· \(task) is not done", "· \(task) 未完成")
        }
    }

    func taskEnded(_ task: TaskID, _ end: TaskFinished) -> String {
        let time = clock(end.seconds)
        switch end.outcome {
        case .succeeded: return pick("✔ \(task) done in \(time)", "✔ \(task) 完成，用时 \(time)")
        case .satisfied: return pick("✔ \(task) already done", "✔ \(task) 已满足，无需重做")
        case .failed: return pick("✘ \(task) failed after \(time)", "✘ \(task) 失败，用时 \(time)")
        case .cancelled: return pick("■ \(task) cancelled", "■ \(task) 已取消")
        case .blocked:
            let by = end.blockedBy.map(\.description) ?? "?"
            return pick("■ \(task) blocked: it needs \(by)", "■ \(task) 受阻：它依赖 \(by)")
        case .waiting: return pick("… \(task) your turn", "… \(task) 等待你完成")
        case .unavailable: return pick("– \(task) not on this machine", "– \(task) 本机不适用")
        }
    }

    func runEnded(_ end: RunFinished) -> String {
        let time = clock(end.seconds)
        switch end.outcome {
        case .succeeded: return pick("Done in \(time).", "全部完成，用时 \(time)。")
        case .failed: return pick("Not done after \(time). The reason is above.", "未完成，用时 \(time)。原因见上。")
        case .blocked: return pick("Blocked by a problem with this machine (\(time)).", "被本机环境阻止（用时 \(time)）。")
        case .cancelled: return pick("Cancelled after \(time).", "已取消，用时 \(time)。")
        }
    }

    func progress(_ progress: Progress) -> String {
        let label = progress.label[language]
        switch progress.unit {
        case .bytes:
            let total = progress.total.map { " / \(ByteSize.shown($0))" } ?? ""
            return "\(label) \(ByteSize.shown(progress.done))\(total)"
        default:
            let total = progress.total.map { "/\(Int(shown: $0))" } ?? ""
            return "\(label) \(Int(shown: progress.current))\(total)"
        }
    }

    func elapsed(_ seconds: Double, of expected: Int) -> String { "[\(Phrase.time(seconds, usually: expected)[language])]" }

    /// `0:07`, `12:40`, `1:02:03`.
    func clock(_ seconds: Double) -> String {
        let total = Int(shown: seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if total >= 3600 { return "\(total / 3600):\(two(total / 60 % 60)):\(two(total % 60))" }
        return "\(total / 60):\(two(total % 60))"
    }
}
