/// A file that a front end shows beside a task.
package enum LabExhibit: Sendable, Hashable {
    /// The student's own file, as a path in the workspace. A reset keeps it.
    case own(String)
    /// The lab's solution, as a path in the lab's folder.
    case reference(String)
    /// A picture, as a path in the lab's folder.
    case picture(String)
}
