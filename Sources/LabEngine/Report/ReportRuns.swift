import LabFile
import LabRunner
import LabSupport

/// The runs in order, and their measurements.
struct ReportRuns {
    let report: LabReport
    let words: ReportWords

    var blocks: [ReportDocument.Block] { runs + besides + peaks }

    private func column(_ en: String, _ zh: String, isNumber: Bool = false, isHeader: Bool = false) -> ReportDocument.Column {
        ReportDocument.Column(title: words.pick(en, zh), isNumber: isNumber, isHeader: isHeader)
    }

    private var runs: [ReportDocument.Block] {
        let title = words.pick("Runs", "运行记录")
        let columns = [
            column("Run", "运行", isNumber: true, isHeader: true), column("What was asked for", "命令"), column("Begun", "开始"),
            column("Took", "用时", isNumber: true), column("End", "结果"), column("ailab", "ailab"),
        ]
        let rows = report.runs.map { run -> [[ReportDocument.Span]] in
            let code = run.exitCode.map { words.pick(" (exit code \($0))", "（退出码 \($0)）") } ?? ""
            let cure: [ReportDocument.Span] =
                run.options.cure.map { [.words(words.pick(" after the cure of ", "，此前处理了 ")), .code($0.cause)] } ?? []
            return [
                [.words(String(run.number))], [.code(run.command)] + cure,
                [.time(run.began.map { words.moment($0) } ?? "")], [.words(words.duration(run.seconds))],
                [.words(words.outcome(run.outcome) + code)], [.words(run.version)],
            ]
        }
        return [.heading(2, [.words(title)], anchor: "runs"), .table(columns, rows, caption: title)]
            + (notices.isEmpty ? [] : [.list(notices)])
    }

    private var notices: [[ReportDocument.Span]] {
        report.runs.flatMap { run in
            run.notices.map { ReportDocument.marked(words.pick("Run \(run.number): ", "运行 \(run.number)：") + $0.text[words.language]) }
        }
    }

    private var besides: [ReportDocument.Block] {
        guard !report.deeds.isEmpty else { return [] }
        let title = words.pick("Outside of runs", "运行之外")
        let columns = [column("When", "时间"), column("No.", "编号"), column("What happened", "内容", isHeader: true)]
        let rows = report.deeds.map { deed -> [[ReportDocument.Span]] in
            [[.time(words.moment(deed.time))], [.words(deed.task?.description ?? "")], words.deed(deed.kind)]
        }
        return [.heading(2, [.words(title)], anchor: "besides"), .table(columns, rows, caption: title)]
    }

    private var peaks: [ReportDocument.Block] {
        let measured = report.runs.compactMap { run in run.peaks.map { (run.number, $0) } }
        guard !measured.isEmpty else { return [] }
        let title = words.pick("Measured peaks", "测得的峰值")
        let hasGPU = measured.contains { $0.1.gpuBusy != nil || $0.1.gpuMemory != nil }
        var columns = [
            column("Run", "运行", isNumber: true, isHeader: true), column("Processors", "处理器", isNumber: true),
            column("Memory", "内存", isNumber: true),
        ]
        if hasGPU {
            columns += [
                column("GPU busy", "GPU 占用", isNumber: true), column("GPU memory", "GPU 内存", isNumber: true),
                column("GPU power", "GPU 功率", isNumber: true),
            ]
        }
        columns.append(column("Samples", "采样数", isNumber: true))
        let rows = measured.map { run, peaks -> [[ReportDocument.Span]] in
            var cells = [String(run), peaks.cpu.map { words.cores($0) } ?? "–", peaks.memory.map { words.bytes($0) } ?? "–"]
            if hasGPU {
                cells += [
                    peaks.gpuBusy.map { "\(words.number($0, 0))%" } ?? "–", peaks.gpuMemory.map { words.bytes($0) } ?? "–",
                    peaks.gpuPower.map { "\(words.number($0, 0)) W" } ?? "–",
                ]
            }
            return (cells + [String(peaks.samples)]).map { [.words($0)] }
        }
        let note = words.pick(
            "The most of each in the samples that were looked at, evenly chosen over the run; the whole machine, others' work included.",
            "取自运行期间均匀选取的采样中的最大值；是整台机器的数值，包括其他程序。")
        return [.heading(2, [.words(title)], anchor: "peaks"), .table(columns, rows, caption: title), .text([.words(note)])]
    }
}
