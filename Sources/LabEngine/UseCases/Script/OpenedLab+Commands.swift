import LabFile
import LabRunner
import LabSupport

extension OpenedLab {
    /// The runs of this workspace as a script. It's made from the journals; files are those of now. Throws `usage.report` if nothing has
    /// been done.
    package func commandScript(version: String) throws -> CommandScript {
        let portions = LabJournals(workspace, lab: spec.id).portions(of: workspace.runs)
        let history = ScriptHistory(portions)
        guard !history.counted.isEmpty else {
            throw LabError(
                .usageReport,
                Text(en: "There are no commands: no sub-step of \(spec.id) has been done here.", zh: "没有可导出的命令：这里还没有完成 \(spec.id) 的任何小节。"),
                hint: Text(en: "Begin with `ailab step 1`.", zh: "请先运行 `ailab step 1`。"))
        }
        return ScriptBuilder(self, history).script(version: version)
    }
}
