import LabFile
import LabRunner
import LabSupport

/// The texts of a report in one language, with times on the reader's clock.
struct ReportWords: Sendable {
    let language: Language
    /// How many seconds the reader's clock is ahead of UTC.
    let utcOffset: Int

    func pick(_ en: String, _ zh: String) -> String { language == .zh ? zh : en }

    // MARK: Numbers

    func number(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "–" }
        let factor = (0..<decimals).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = Int(shown: (value.magnitude * factor).rounded())
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return decimals == 0 ? sign + digits : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// A number without decimals if it's whole.
    func count(_ value: Double) -> String { value == value.rounded() ? number(value, 0) : number(value, 2) }

    func percent(_ share: Double) -> String { number(share * 100, 2) + "%" }

    /// Percent of one core as a number of cores.
    func cores(_ percent: Double) -> String { pick("\(number(percent / 100, 2)) cores", "\(number(percent / 100, 2)) 核") }

    func bytes(_ value: Double) -> String { ByteSize.shown(value) }

    // MARK: Times

    func duration(_ seconds: Double) -> String {
        guard seconds >= 0.95 else { return pick("under 1 s", "不到 1 秒") }
        let total = Int(shown: seconds.rounded())
        let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
        if hours > 0 { return pick("\(hours) h \(minutes) min", "\(hours) 小时 \(minutes) 分") }
        if minutes > 0 { return pick("\(minutes) min \(rest) s", "\(minutes) 分 \(rest) 秒") }
        return pick("\(rest) s", "\(rest) 秒")
    }

    /// `2026-11-22 23:30:35` on the reader's clock.
    func moment(_ time: Double) -> String {
        let seconds = Int(shown: time.rounded(.down)) + utcOffset
        let day = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let rest = seconds - day * 86400
        return "\(Self.date(day)) \(Self.two(rest / 3600)):\(Self.two(rest / 60 % 60)):\(Self.two(rest % 60))"
    }

    /// `UTC+08:00`.
    var zone: String {
        let minutes = abs(utcOffset) / 60
        return utcOffset == 0 ? "UTC" : "UTC\(utcOffset < 0 ? "-" : "+")\(Self.two(minutes / 60)):\(Self.two(minutes % 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The date of a day since 1970, in the Gregorian calendar: http://howardhinnant.github.io/date_algorithms.html#civil_from_days
    private static func date(_ day: Int) -> String {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let year = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let number = month < 10 ? month + 3 : month - 9
        return "\(year + era * 400 + (number <= 2 ? 1 : 0))-\(two(number))-\(two(ofYear - (153 * month + 2) / 5 + 1))"
    }

    // MARK: States

    func state(_ task: LabReport.SubStep) -> String {
        let text = task.state.told[language]
        let homework = task.isHomework && task.state == .open ? pick("homework, ", "作业，") : ""
        return "\(task.state.symbol) \(homework)\(text)"
    }

    func deed(_ kind: LabReport.Deed.Kind) -> [ReportDocument.Span] {
        switch kind {
        case .skipped: return [.words(pick("skipped", "跳过"))]
        case .unskipped: return [.words(pick("no longer skipped", "取消跳过"))]
        case .reset(let removed):
            let names = removed.flatMap { [.words(" "), .code($0)] as [ReportDocument.Span] }
            return [.words(removed.isEmpty ? pick("reset", "重置") : pick("reset; removed:", "重置，删除了："))] + names
        case .looked(let verdict): return [.words(pick("a look at the machine: ", "检查本机：") + found(verdict))]
        case .settings(let words):
            return [.words(pick("settings changed: ", "修改了设置："))]
                + (words.isEmpty ? [.words(pick("the lab's own", "实验默认值"))] : [.code(words.joined(separator: " "))])
        case .edited(let path): return [.words(pick("the student's file was written: ", "学生编写了文件：")), .code(path)]
        }
    }

    private func found(_ verdict: Looked.Verdict) -> String {
        switch verdict {
        case .done: pick("done", "已完成")
        case .byHand: pick("done by hand", "已手动完成")
        case .changed: pick("what it is made from has changed", "所用的文件或设置有变化")
        case .gone: pick("what it made is gone", "成果已不存在")
        case .open: pick("not done", "未完成")
        }
    }

    func outcome(_ outcome: LabReport.Attempt.Outcome) -> String {
        switch outcome {
        case .succeeded: pick("done", "完成")
        case .failed: pick("failed", "失败")
        case .cancelled: pick("cancelled", "已取消")
        case .waiting: pick("waited for the student", "等待学生")
        case .unavailable: pick("not possible on this machine", "本机无法进行")
        case .interrupted: pick("interrupted", "中断")
        case .running: pick("running", "进行中")
        }
    }

    func outcome(_ outcome: LabReport.Run.Outcome) -> String {
        switch outcome {
        case .succeeded: pick("done", "完成")
        case .failed: pick("failed", "失败")
        case .blocked: pick("blocked by the machine", "被本机环境阻止")
        case .cancelled: pick("cancelled", "已取消")
        case .interrupted: pick("interrupted", "中断")
        case .running: pick("running", "进行中")
        }
    }

    func standing(_ standing: CheckResult.Standing) -> String {
        switch standing {
        case .passed: pick("✔ passed", "✔ 通过")
        case .failed: pick("✘ failed", "✘ 未通过")
        case .past: pick("· passed at that time", "· 当时成立")
        }
    }

    func kind(_ kind: Created.Kind) -> String {
        switch kind {
        case .image: pick("image", "镜像")
        case .container: pick("container", "容器")
        case .network: pick("network", "网络")
        case .file: pick("file", "文件")
        }
    }

    func engine(_ engine: EngineConnected) -> String {
        let own = engine.isPrivate ? pick(", ailab's own", "，ailab 私有引擎") : ""
        return "\(engine.kind) \(engine.version) (API \(engine.apiVersion)\(own))"
    }

    func device(_ device: DeviceChosen) -> String {
        device.device.uppercased() + pick(" – \(device.reason.en)", "：\(device.reason.zh)")
    }

    func runs(_ numbers: [Int]) -> String {
        let list = numbers.map(String.init).joined(separator: pick(", ", "、"))
        return numbers.count == 1 ? pick("run \(list)", "运行 \(list)") : pick("runs \(list)", "运行 \(list)")
    }

    /// `2.1–2.6, 3.1`: three or more neighbors in the lab's order become a range.
    func tasks(_ ids: [TaskID], of order: [TaskID]) -> String {
        if ids.count > 2, Set(order).isSubset(of: ids) { return pick("all sub-steps", "全部小节") }
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        var groups: [[TaskID]] = []
        for id in ids.sorted() {
            if let last = groups.last?.last, let place = places[id], places[last] == place - 1 {
                groups[groups.count - 1].append(id)
            } else {
                groups.append([id])
            }
        }
        return groups.map { group in
            group.count > 2 ? "\(group[0])–\(group[group.count - 1])" : group.map(\.description).joined(separator: pick(", ", "、"))
        }.joined(separator: pick(", ", "、"))
    }
}
