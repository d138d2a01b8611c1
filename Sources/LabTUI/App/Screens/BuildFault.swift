import Diagnosis
import DockerfileCheck
import LabEngine
import LabFile
import LabRunner
import LabSupport

/// Where the last build of the student's file failed.
struct BuildFault {
    let file: ExaminedFile
    /// The lines of the failing instruction. Nil if the builder didn't name it.
    let lines: ClosedRange<Int>?
    /// ailab refused the file, and built nothing.
    let isRefused: Bool
    /// The student saved the file after the build began.
    let isEdited: Bool
    /// The most likely cause, if it's known.
    let finding: Finding?

    /// Nil unless the task's last build used the student's file and failed.
    init?(_ task: LabTask, _ model: AppModel) {
        guard task.studentBuild != nil, model.lab.state(of: task.id) == .failed, let record = model.lab.progress.records[task.id],
            let file = model.lab.examined(task), file.state == .own || file.state == .reference, let failure = record.failure
        else { return nil }
        self.file = file
        isRefused = failure.code == .dockerfileErrors
        isEdited = (file.modified ?? 0) > record.began ?? .infinity
        finding = CureUpdate.findings(of: task.id, model).first
        let step = record.progress.last { $0.unit == .steps }
        lines =
            isRefused ? nil : step.flatMap { file.review?.instruction(step: Int(shown: $0.done), $0.label.en) }?.lines
    }

    /// The student mends it in the file. Otherwise it's the machine, or the network.
    var isOfFile: Bool {
        if isRefused { return true }
        guard let finding else { return lines != nil }
        if finding.isOfFile { return true }
        // An instruction failed, and nothing that ailab or a shell of this machine could do would cure it.
        return lines != nil
            && !finding.remedies.contains { $0.applies && ($0.isOwn || $0.retry != nil || $0.place == .shell && !$0.commands.isEmpty) }
    }

    /// Where to edit: the instruction that failed, or the first mistake of the file as it is now.
    var line: Int? { isRefused || isEdited ? file.firstError : lines?.lowerBound ?? file.firstError }
}
