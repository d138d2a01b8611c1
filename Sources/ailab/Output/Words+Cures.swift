import Diagnosis
import LabSupport

extension Words {
    /// A plan to agree to: what it does, every command, and everything that it removes.
    func curePlan(_ plan: RemedyPlan) -> [String] {
        var lines = [Style.bold("→ \(plan.remedy.text[language])")]
        lines += plan.commands.map { "    $ \($0)" }
        if let retry = plan.retry { lines.append("    $ \(retry.command)") }
        for removal in plan.removals {
            let size = removal.bytes.map { "  \(ByteSize.shown(Double($0)))" } ?? ""
            lines.append("    − \(SafeLines.clean(text: removal.name))\(size)")
        }
        if let changes = plan.remedy.changes { lines.append("  " + pick("changes: ", "改动：") + changes[language]) }
        if let undo = plan.remedy.undo { lines.append("  " + pick("undo: ", "撤销：") + undo[language]) }
        return lines
    }

    var mayCure: String { pick("Run this? [y/N] ", "执行吗？[y/N] ") }

    func cureUnasked(_ plan: RemedyPlan) -> String {
        plan.mustAsk
            ? pick(
                "ailab doesn't run this cure without asking: it removes things, replaces the engine's configuration, changes what others use, or uses words that a program printed. Type it yourself.",
                "未经确认不会执行此项：它会删除内容、替换引擎的配置、影响其他使用者，或使用了程序输出的词。请自行输入。")
            : pick("Not run: there is no terminal to ask on. Add --yes to run it.", "未执行：没有可供确认的终端。加 --yes 即可执行。")
    }

    /// Why ailab doesn't apply a remedy itself.
    func obstacle(_ plan: RemedyPlan) -> String {
        switch plan.obstacle {
        case nil: ""
        case .looksOnly: pick("it only inspects, or the decision is yours", "只是查看，或需要你自己决定")
        case .place(.file): pick("it goes into a file of yours", "需要写进你自己的文件")
        case .place: pick("type it where the command failed", "需要在出错的地方输入")
        case .otherMachine: pick("it is for another kind of machine", "适用于其他类型的机器")
        case .open(let names): pick("fill in first: ", "请先填写：") + Text.words(names)[language]
        case .person: pick("a person has to do it", "需要人工操作")
        case .reboot: pick("it restarts the machine", "会重启机器")
        case .root: pick("it needs root: type it yourself", "需要 root：请自行输入")
        case .unnamedRemoval: pick("it removes things without naming them: type it yourself", "会删除未列明的内容：请自行输入")
        case .overwritesConfiguration: pick("it replaces the daemon's configuration: edit it yourself", "会覆盖守护进程的配置：请自行编辑")
        }
    }

    func cure(_ event: RemedyRunner.Event) -> String {
        let text = event.text[language]
        return switch event {
        case .waiting: "… " + text
        case .output: "| " + text
        case .restored: "! " + text
        case .backedUp, .command, .verifying: text
        }
    }

    func cureEnded(_ outcome: RemedyRunner.Outcome) -> String {
        switch outcome {
        case .cured: pick("✔ cured", "✔ 已解决")
        case .notCured: pick("✘ applied, but it still fails", "✘ 已执行，但仍然失败")
        case .afterLogin:
            pick("✔ applied; log out and in again, then repeat the step", "✔ 已执行；下次登录后生效：请注销并重新登录，然后重做该步骤")
        case .failed: pick("✘ the cure failed", "✘ 解决办法本身失败了")
        }
    }

    func name(of outcome: RemedyRunner.Outcome) -> String {
        switch outcome {
        case .cured: "cured"
        case .notCured: "notCured"
        case .afterLogin: "afterLogin"
        case .failed: "failed"
        }
    }

    func json(_ event: RemedyRunner.Event) -> String {
        let json =
            switch event {
            case .waiting(let holder): CureJSON(type: "cureWaiting", lock: holder.path, pid: Int(holder.pid), program: holder.program)
            case .backedUp(let path, let copy): CureJSON(type: "cureBackedUp", copy: copy, path: path)
            case .command(let command): CureJSON(type: "cureCommand", command: command)
            case .output(let line): CureJSON(type: "cureOutput", text: line)
            case .restored(let path): CureJSON(type: "cureRestored", path: path)
            case .verifying: CureJSON(type: "cureVerifying")
            }
        return JSONText.line(json)
    }
}

/// What a cure does. Only the members of its type exist.
private struct CureJSON: Encodable {
    var type: String
    var command: String?
    var copy: String?
    var lock: String?
    var path: String?
    var pid: Int?
    var program: String?
    var text: String?
}
