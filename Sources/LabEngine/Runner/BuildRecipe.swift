package import LabFile
package import LabSupport

/// The Dockerfile that a build uses, and whose it is.
package struct BuildRecipe: Sendable, Equatable {
    /// Its name within the context; not `Dockerfile`, so that a file of that name in the folder stays what it is.
    package static let name = ".ailab.Dockerfile"

    package var dockerfile: [UInt8]
    package var isReference: Bool
    /// Where the student finds it.
    package var shownPath: String

    /// The student's own copy where there is one that differs from its template; the reference solution else, and when unattended.
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
