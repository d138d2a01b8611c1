import LabSupport

/// An action throws this if this machine can't do it, whatever the student does. It's no failure, and never counts as done.
struct NotOnThisMachine: Error {
    var reason: LabError
}
