import LabSupport

/// What an action throws if it knows how it ends. Whatever the engine did meanwhile, the action isn't repeated, and nothing else explains it.
protocol ActionVerdict: Error {}

/// An action throws this if this machine can't do it, whatever the student does. It's no failure, and never counts as done.
struct NotOnThisMachine: ActionVerdict {
    var reason: LabError
}
