package import LabFile
package import LabSupport

/// The Dockerfile that a build uses, and who wrote it.
package struct BuildRecipe: Sendable, Equatable {
    /// Its name in the context. It isn't `Dockerfile`, so that a file with that name in the folder stays unchanged.
    package static let name = ".ailab.Dockerfile"

    package var dockerfile: [UInt8]
    package var isReference: Bool
    /// The path to show to the student.
    package var shownPath: String

    /// Uses the student's own copy if it differs from its template. Otherwise, and in unattended runs, it uses the reference solution.
    package init(_ action: LabBuildAction, _ run: RunContext) throws(LabError) {
        if !run.options.auto, let student = action.student, Files.exists(run.workPath(student)) {
            shownPath = run.workPath(student)
            dockerfile = try Files.read(shownPath)
            isReference = false
        } else {
            shownPath = run.labPath(action.dockerfile)
            dockerfile = try Files.read(shownPath)
            isReference = true
        }
    }
}
