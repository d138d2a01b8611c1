import Diagnosis
import LabSupport

/// An action throws this if it can't continue without the student.
struct WaitsForStudent: ActionVerdict {
    var reason: LabError
    /// What there is to mend.
    var findings: [Finding]

    init(_ reason: LabError, findings: [Finding] = []) {
        self.reason = reason
        self.findings = findings
    }
}
