import LabEngine
package import LabFile
import LabRunner

extension LabTask {
    /// The file that the student writes in this task.
    package var studentFile: LabFileAction? { if case .file(let action) = action { action } else { nil } }

    /// The build of this task that uses a file of the student's.
    var studentBuild: LabBuildAction? {
        if case .build(let build) = action, build.student != nil { build } else { nil }
    }

    /// There is nothing to run: the student only reads.
    var isOnlyRead: Bool { action.isReading }

    /// Running it again replaces something that the student made, or that took the machine minutes: an image, a container that is lived in,
    /// or files. Other results are the same each time.
    var holdsWork: Bool {
        switch action {
        case .build, .shell, .serve, .group: true
        case .run, .exec, .copy, .fetch, .archive, .limits, .tune, .rollout, .experiment, .cluster:
            checks.contains { if case .file = $0.subject { true } else { false } }
        case .read, .facts, .image, .file, .containers, .compare, .register, .predict, .stop, .gpus: false
        }
    }
}

extension LabSpec {
    /// The task in which the student writes a file.
    func author(of file: LabFileAction) -> LabTask? { tasks.first { $0.studentFile?.path == file.path } }
}

extension LabState {
    /// The student's file that a task writes, builds, or runs the image of, as it is now. Nil until it has been looked at.
    func examined(_ task: LabTask) -> ExaminedFile? { spec?.studentFile(usedBy: task).flatMap { studentFiles[$0.path] } }
}
