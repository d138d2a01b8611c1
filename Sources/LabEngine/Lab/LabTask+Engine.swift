extension LabTask {
    /// False where the task is done and looked at without a container engine.
    package var needsEngine: Bool { action.needsEngine || checks.contains { $0.subject.needsEngine } }
}

extension LabSpec {
    /// False where these tasks, and those that they need, are done without a container engine.
    package func needsEngine(_ tasks: [TaskID]) -> Bool {
        LabGraph(self).closure(of: Set(tasks)).contains { task($0)?.needsEngine == true }
    }
}

extension LabAction {
    fileprivate var needsEngine: Bool {
        switch self {
        case .read, .file, .fetch: false
        case .facts(let facts): facts.contains(.engine)
        default: true
        }
    }
}

extension LabCheckSubject {
    fileprivate var needsEngine: Bool {
        switch self {
        case .output, .file, .json: false
        // A server's token lies in its container.
        case .http(let check): check.server != nil
        default: true
        }
    }
}
