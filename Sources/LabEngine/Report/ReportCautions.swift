import LabFile
import LabRunner
import LabSupport

/// Everything that a reader has to know before they trust a report: deviations from the lab, and gaps in the records.
struct ReportCautions {
    private let report: LabReport
    private let spec: LabSpec
    private let fold: ReportFold
    /// The journal of what happened outside of runs.
    private let notes: JournalAccount
    /// Runs with unreadable journals.
    private let unreadable: [Int]
    /// Missing runs, according to the numbers of later runs.
    private let gone: [Int]

    init(_ report: LabReport, _ spec: LabSpec, _ fold: ReportFold, _ notes: JournalAccount, unreadable: [Int], gone: [Int]) {
        self.report = report
        self.spec = spec
        self.fold = fold
        self.notes = notes
        self.unreadable = unreadable
        self.gone = gone
    }

    /// The most serious first.
    var all: [LabReport.Caution] {
        [
            living, reference, auto, byHand, quick, variables, studentValues, device, standIns, noLonger, skipped, unavailable, homework,
            past, unchecked,
            labChanged,
            strangers,
            interrupted, shells, warnings, journals, chain, clock, lostRuns, newer, versions,
        ].flatMap(\.self)
    }

    private typealias Caution = LabReport.Caution

    private var living: [Caution] {
        report.living.map { run in
            [
                Caution(
                    code: "run.living",
                    text: Text(en: "Run \(run) is active. This is the state until now.", zh: "运行 \(run) 仍在进行：以下是目前的情况。"), runs: [run])
            ]
        } ?? []
    }

    // MARK: Not the student's own work

    private var reference: [Caution] {
        caution(
            "reference", report.tasks.filter(\.usesReference),
            Text(en: "The lab's reference solution was used in place of the student's own file.", zh: "使用了实验自带的参考答案，而不是学生自己编写的文件。"))
    }

    private var auto: [Caution] {
        let tasks = counted.filter { report.run($0.attempt.run)?.options.auto == true }.map(\.task)
        return caution(
            "auto", tasks,
            Text(
                en: "Run unattended (`--auto`): nobody wrote the files or typed in the shells.",
                zh: "以自动模式（`--auto`）执行：没有人编写文件，也没有人在 shell 中输入。"))
    }

    private var byHand: [Caution] {
        caution(
            "byHand", report.tasks.filter(\.isByHand),
            Text(
                en: "Found done, without a record of how: done by hand, or in another workspace.", zh: "检查时已经完成，但没有过程记录：由学生手动完成，或在其他工作区完成。")
        )
    }

    private var shells: [Caution] {
        caution(
            "shell", counted.filter { $0.attempt.hadShell }.map(\.task),
            Text(en: "The student worked in the shell; what was typed there is not recorded.", zh: "学生亲自使用了 shell；其中输入的内容没有记录。"))
    }

    // MARK: Not as the lab means it

    private var quick: [Caution] {
        let tasks = counted.filter { report.run($0.attempt.run)?.options.quick == true }.map(\.task)
        let runs = Set(tasks.compactMap { $0.shown?.run }).compactMap { report.run($0) }
        let changes = spec.variables.compactMap { variable -> String? in
            // A value from `--set` takes precedence over the one for `--quick`.
            guard let quick = variable.quick, runs.contains(where: { $0.options.set[variable.name] == nil }) else { return nil }
            return "\(variable.name)=\(quick) (\(variable.value))"
        }
        return caution(
            "quick", tasks,
            Text(
                en: "Made with `--quick`: a shortened lab with lower demands. What differs (in brackets: the lab's own value):",
                zh: "使用了 `--quick`：缩短的实验，要求也更低。不同之处（括号内为实验原值）："), details: changes)
    }

    private var variables: [Caution] {
        let runs = Set(counted.map(\.attempt.run)).sorted()
        var changes: [String] = []
        for run in runs.compactMap({ report.run($0) }) {
            for (name, value) in run.options.set.sorted(by: { $0.key < $1.key }) {
                let own = spec.variables.first { $0.name == name }?.value
                let text = "\(name)=\(value)" + (own.map { " (\($0))" } ?? "")
                if own != value, !changes.contains(text) { changes.append(text) }
            }
        }
        guard !changes.isEmpty else { return [] }
        return [
            Caution(
                code: "variables",
                text: Text(
                    en: "Values of the lab were changed (`--set`; in brackets: the lab's own value):", zh: "修改了实验的变量（`--set`；括号内为实验原值）："),
                runs: runs.filter { report.run($0)?.options.set.isEmpty == false }, details: changes)
        ]
    }

    private var studentValues: [Caution] {
        let strange = report.strangeValues
        guard !strange.isEmpty else { return [] }
        return [
            Caution(
                code: "studentValues",
                text: Text(
                    en: "The lab gives every student values of their own. These aren't the ones of the name above:",
                    zh: "本实验为每个学生分配专属取值。以下取值不是上面这个姓名的专属取值："), details: strange)
        ]
    }

    private var device: [Caution] {
        let runs = Set(counted.map(\.attempt.run)).sorted().filter { report.run($0).map { $0.options.device != .auto } ?? false }
        let names = Set(runs.compactMap { report.run($0)?.options.device.rawValue }).sorted()
        guard !names.isEmpty else { return [] }
        return [
            Caution(
                code: "device",
                text: Text(en: "The device was chosen by hand (`--device`):", zh: "手动指定了设备（`--device`）："), runs: runs, details: names)
        ]
    }

    private var standIns: [Caution] {
        let stood = report.tasks.filter { !$0.standIns.isEmpty }
        return caution(
            "standIn", stood,
            Text(
                en: "Stand-ins were used because the originals weren't available:", zh: "原镜像无法取得，使用了替代镜像："),
            details: stood.flatMap(\.standIns).reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
    }

    // MARK: Not done, not looked at

    private var noLonger: [Caution] {
        caution(
            "outdated", report.tasks.filter { $0.state == .noLonger(.changed) },
            Text(
                en: "Done earlier, and made from files or settings that have changed since.", zh: "曾经完成，但此后所用的文件或设置有变化。"))
            + caution(
                "lost", report.tasks.filter { $0.state == .noLonger(.gone) },
                Text(en: "Done earlier, and what it made is gone.", zh: "曾经完成，但成果已不存在。"))
    }

    private var skipped: [Caution] {
        caution("skipped", report.tasks.filter { $0.state == .skipped }, Text(en: "Skipped by the student.", zh: "学生选择跳过。"))
    }

    private var unavailable: [Caution] {
        caution(
            "unavailable", report.tasks.filter { $0.state == .unavailable },
            Text(en: "Tried, but not possible on the student's machine.", zh: "尝试过，但在学生的机器上无法进行。"))
    }

    private var homework: [Caution] {
        caution(
            "homework", report.tasks.filter { $0.state == .open && $0.isHomework }, Text(en: "Homework that was not done.", zh: "未完成的作业。"))
    }

    private var past: [Caution] {
        caution(
            "check.past", report.tasks.filter { $0.state.isDone && $0.checks.contains { $0.standing == .past } },
            Text(
                en: "Not checked again: it passed when it was done, and a later sub-step ended it on purpose.",
                zh: "没有再次检查：完成时检查已通过，之后的小节有意结束了它。"))
    }

    private var unchecked: [Caution] {
        let tasks = report.tasks.filter { task in
            task.state.isDone && task.checks.isEmpty && spec.task(task.id)?.action.hasResult == true
        }
        return caution(
            "check.none", tasks,
            Text(
                en: "These have no checks. They count as done because they ran to the end.",
                zh: "这些小节没有对本机的检查：只因运行结束而算作完成。"))
    }

    private var interrupted: [Caution] {
        let runs = report.runs.filter { $0.outcome == .interrupted }.map(\.number)
        guard !runs.isEmpty else { return [] }
        return [
            Caution(
                code: "run.interrupted",
                text: Text(
                    en: "Interrupted runs: the runner was killed, or the machine went down.", zh: "意外中断的运行：进程被杀或机器关机。"),
                runs: runs)
        ]
    }

    /// Warnings of the runs themselves.
    private var warnings: [Caution] {
        counted.flatMap { task, attempt in
            attempt.notices.filter { $0.level == .warning }.map { notice in
                Caution(code: notice.code, text: notice.text, tasks: [task.id], runs: [attempt.run])
            }
        }
    }

    // MARK: Gaps in the records

    private var labChanged: [Caution] {
        let runs = Set(counted.map(\.attempt.run)).sorted().filter { number in
            report.run(number)?.labDigest.map { $0 != report.lab.digest } ?? false
        }
        guard !runs.isEmpty else { return [] }
        return [
            Caution(
                code: "lab.changed",
                text: Text(
                    en: "The lab's files have changed since these runs.", zh: "这些运行所用的实验文件与现在的不同。"), runs: runs)
        ]
    }

    private var strangers: [Caution] {
        let strange = fold.records.keys.filter { spec.task($0) == nil }.sorted()
        guard !strange.isEmpty else { return [] }
        return [
            Caution(
                code: "lab.otherTasks",
                text: Text(
                    en: "Sub-steps that are in the journals but no longer in the lab file. They are left out below.",
                    zh: "记录中有、而实验文件中已不存在的小节；下文不再列出。"), tasks: strange)
        ]
    }

    private var journals: [Caution] {
        let torn = report.runs.filter { $0.unreadable + $0.missing > 0 }
        let lines = torn.reduce(notes.unreadable + notes.missing) { $0 + $1.unreadable + $1.missing }
        var cautions: [Caution] = []
        if lines > 0 {
            cautions.append(
                Caution(
                    code: "journal.torn",
                    text: Text(
                        en: "\(lines) lines of the journals cannot be read or are missing: this report may be incomplete.",
                        zh: "运行记录中有 \(lines) 行无法读取或缺失：报告可能不完整。"), runs: torn.map(\.number)))
        }
        if !unreadable.isEmpty {
            cautions.append(
                Caution(
                    code: "journal.unreadable",
                    text: Text(
                        en: "The journals of these runs can't be read, so it's unknown what the runs did.", zh: "这些运行的记录无法读取，不知道做过什么。"),
                    runs: unreadable))
        }
        return cautions
    }

    private var chain: [Caution] {
        let runs = report.runs.filter { !$0.chain.isWhole || $0.followsEarlier == false }.map(\.number)
        guard !runs.isEmpty || !report.deedChain.isWhole else { return [] }
        return [
            Caution(
                code: "journal.chain",
                text: Text(
                    en: "The chain of hashes through the journals is broken: lines were changed, added or removed after ailab wrote them.",
                    zh: "运行记录的哈希链已断开：有些行在 ailab 写入之后被修改、添加或删除。"),
                runs: runs, details: report.deedChain.isWhole ? [] : ["events/\(report.lab.id).jsonl"])
        ]
    }

    /// How far a clock may be set back before it's worth a word, in seconds. Time servers correct it by less.
    static let toleratedSetBack = 2.0

    private var clock: [Caution] {
        let runs = report.runs.filter { $0.setBack > Self.toleratedSetBack }.map(\.number)
        guard !runs.isEmpty else { return [] }
        return [
            Caution(
                code: "journal.clock",
                text: Text(en: "The machine's clock was set back during these runs.", zh: "这些运行期间，本机时钟被往回调过。"), runs: runs)
        ]
    }

    private var lostRuns: [Caution] {
        guard !gone.isEmpty else { return [] }
        return [
            Caution(
                code: "run.gone",
                text: Text(
                    en: "The records of these runs are gone (`ailab clean` removes records), so it's unknown what they did.",
                    zh: "这些运行的记录已不存在（`ailab clean` 会删除记录），它们做过什么无从得知。"), runs: gone)
        ]
    }

    private var newer: [Caution] {
        let runs = report.runs.filter { $0.unknown > 0 }.map(\.number)
        guard !runs.isEmpty else { return [] }
        return [
            Caution(
                code: "journal.newer",
                text: Text(
                    en: "A later version of ailab wrote things into these journals that this one does not know.",
                    zh: "这些记录中有较新版本的 ailab 写入、当前版本不认识的内容。"), runs: runs)
        ]
    }

    private var versions: [Caution] {
        let others = Set(report.runs.map(\.version)).subtracting([report.version, ""]).sorted()
        guard !others.isEmpty else { return [] }
        return [
            Caution(
                code: "version",
                text: Text(en: "Runs were made with other versions of ailab:", zh: "有的运行使用了其他版本的 ailab："),
                runs: report.runs.filter { others.contains($0.version) }.map(\.number), details: others)
        ]
    }

    // MARK: Parts

    /// The sub-steps whose results count, with the attempt that made each result.
    private var counted: [(task: LabReport.SubStep, attempt: LabReport.Attempt)] {
        report.tasks.compactMap { task in task.counted.map { (task, task.attempts[$0]) } }
    }

    private func caution(_ code: String, _ tasks: [LabReport.SubStep], _ text: Text, details: [String] = []) -> [Caution] {
        tasks.isEmpty ? [] : [Caution(code: code, text: text, tasks: tasks.map(\.id), details: details)]
    }
}
