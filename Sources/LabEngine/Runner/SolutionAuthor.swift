/// Who wrote the file that a task was done with.
package enum SolutionAuthor: Sendable {
    /// The lab: its reference solution was used.
    case lab
    /// The student.
    case student
}
