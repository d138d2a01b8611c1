import LabSupport

/// An action throws this if it can't continue without the student.
struct WaitsForStudent: Error {
    var reason: LabError
    init(_ reason: LabError) { self.reason = reason }
}
