import LabSupport

/// Thrown by an action that cannot go on without the student.
struct WaitsForStudent: Error {
    var reason: LabError
    init(_ reason: LabError) { self.reason = reason }
}
