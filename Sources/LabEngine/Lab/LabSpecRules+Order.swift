import LabSupport

extension LabSpecRules {
    /// Ids are unique, and each task is in the step of its id.
    func checkTaskIDs() {
        var numbers: Set<Int> = []
        for (index, step) in spec.steps.enumerated() where step.number != 0 {
            if !numbers.insert(step.number).inserted {
                report(LabWording.duplicateStep(step.number), at: LabPath()["steps"][index]["number"])
            }
            for (place, task) in step.tasks.enumerated() where task.id != .unreadable && task.id.step != step.number {
                report(LabWording.wrongStep(task.id, step: step.number), at: LabPath()["steps"][index]["tasks"][place]["id"])
            }
        }
        var ids: Set<TaskID> = []
        for (task, path) in tasks where task.id != .unreadable && !ids.insert(task.id).inserted {
            report(LabWording.duplicateTask(task.id), at: path["id"])
        }
    }

    /// Needs name other tasks, and they aren't circular.
    func checkNeeds() {
        for (task, path) in tasks {
            for (index, need) in task.needs.enumerated() { checkTask(need, at: path["needs"][index]) }
        }
        for cycle in graph.cycles {
            guard let first = cycle.first, let found = tasks.first(where: { $0.task.id == first }) else { continue }
            report(LabWording.cycle(cycle), at: found.path["needs"])
        }
    }

    /// The task in a check's `until` comes after the check's task.
    func checkUntil() {
        for (task, path) in tasks {
            for (index, check) in task.checks.enumerated() {
                guard let until = check.until, checkTask(until, at: path["checks"][index]["until"]) else { continue }
                let order = tasks.map(\.task.id)
                guard let own = order.firstIndex(of: task.id), let end = order.firstIndex(of: until), end <= own else { continue }
                report(LabWording.untilNotLater(until, task: task.id), at: path["checks"][index]["until"])
            }
        }
    }

    @discardableResult
    private func checkTask(_ id: TaskID, at path: LabPath) -> Bool {
        if id == .unreadable { return false }
        if graph.tasks.contains(id) { return true }
        report(LabWording.unknownTask(id), at: path, suggestion: graph.nearest(to: id)?.description)
        return false
    }

    /// If a task uses something that another task makes, it needs that task, and names it.
    ///
    /// An indirect need isn't enough: a run doesn't look behind a task whose result exists. If 3.5 names only 3.4, and 3.4's files exist, 3.3
    /// isn't looked at, although 3.5 runs in the image that 3.3 builds.
    func checkMakers() {
        let makers = makers
        for (task, path) in tasks {
            let before = Set(graph.closure(of: [task.id]))
            let named = Set(graph.needs(of: task.id) + [task.id])
            for use in task.uses(at: path) {
                guard let subject = comparable(use.subject) else { continue }
                if let tasks = makers[subject] {
                    if before.isDisjoint(with: tasks) {
                        report(LabWording.needsMaker(task.id, use.subject, tasks), at: use.path)
                    } else if named.isDisjoint(with: tasks), !onlyEnds(task.action) {
                        report(LabWording.namesNoMaker(task.id, use.subject, tasks), at: use.path, severity: .warning)
                    }
                } else {
                    reportUnmade(use)
                }
            }
        }
    }

    /// Reports what no task makes.
    func checkMade(_ use: LabUse) {
        guard let subject = comparable(use.subject), makers[subject] == nil else { return }
        reportUnmade(use)
    }

    /// An action that ends something has nothing to do if it doesn't exist, and must not make it first.
    private func onlyEnds(_ action: LabAction) -> Bool {
        if case .stop = action { true } else { false }
    }

    private var makers: [LabUse.Subject: [TaskID]] {
        var makers: [LabUse.Subject: [TaskID]] = [:]
        for (task, _) in tasks {
            for subject in task.action.makes(in: spec).compactMap(comparable) { makers[subject, default: []].append(task.id) }
        }
        return makers
    }

    /// An image may already be on the machine, and a server may load models when it starts. Only containers must come from the lab.
    private func reportUnmade(_ use: LabUse) {
        guard reporter.takes(.error) else { return }
        let made = tasks.flatMap { $0.task.action.makes(in: spec) }
        switch use.subject {
        case .container(let name):
            let names = made.compactMap { if case .container(let name) = $0 { name } else { nil } }
            report(LabWording.unmadeContainer(name), at: use.path, suggestion: NearestWord.to(name, among: names))
        case .image(let reference):
            let references = made.compactMap { if case .image(let reference) = $0 { reference } else { nil } }
            let nearest = NearestWord.to(Self.inFull(reference), among: references.map(Self.inFull))
            report(LabWording.unmadeImage(reference), at: use.path, suggestion: nearest, severity: .warning)
        default: break
        }
    }

    /// The subject with its names filled in and its image reference in full. Nil if it doesn't matter who makes it.
    private func comparable(_ subject: LabUse.Subject) -> LabUse.Subject? {
        switch subject {
        case .image(let reference): filled(reference).map { .image(Self.inFull($0)) }
        case .container(let name): filled(name).map { .container($0) }
        case .model(let server, let name): filled(name).map { .model(server: server, name: $0) }
        case .server, .namedImage: subject
        case .newContainer, .variable, .labFile, .labFolder, .workspacePath, .match, .checksum, .port, .inside: nil
        }
    }

    /// The full form of a reference for the engine: `alpine:latest` for `alpine`, without the hub's own name.
    static func inFull(_ reference: String) -> String {
        var name = reference
        for prefix in ["docker.io/library/", "docker.io/"] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
        let last = name.split(separator: "/").last ?? ""
        return last.contains(":") || last.contains("@") ? name : name + ":latest"
    }
}
