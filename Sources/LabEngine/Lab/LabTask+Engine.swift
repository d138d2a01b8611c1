extension LabTask {
    /// False if the task can run and be checked without a container engine.
    package var needsEngine: Bool { action.concerns.contains(.engine) || checks.contains { $0.subject.needsEngine } }
}

extension LabSpec {
    /// False if these tasks, and those that they need, can run without a container engine.
    package func needsEngine(_ tasks: [TaskID]) -> Bool {
        LabGraph(self).closure(of: Set(tasks)).contains { task($0)?.needsEngine == true }
    }
}

extension LabCheckSubject {
    fileprivate var needsEngine: Bool {
        switch self {
        case .output, .file, .json: false
        // The server's token is in its container.
        case .http(let check): check.server != nil
        case .engine, .image, .container, .absent, .logs, .command, .inside, .model, .prediction: true
        }
    }
}
