import LabSupport

extension LabSpecRules {
    /// Questions can be answered, hints give away more and more, and proofs name tasks of the lab.
    func checkLearning() {
        for (task, path) in tasks {
            if let question = task.question { check(question, of: task, at: path["question"]) }
            for (index, pair) in zip(task.hints, task.hints.dropFirst()).enumerated() where pair.1.level < pair.0.level {
                report(LabWording.hintOrder(pair.1.level, after: pair.0.level), at: path["hints"][index + 1]["level"])
            }
        }
        for (index, step) in spec.steps.enumerated() {
            for (place, proof) in step.proofs.enumerated() {
                for (number, id) in proof.by.enumerated() where id != .unreadable && !graph.tasks.contains(id) {
                    let path = LabPath()["steps"][index]["proved"][place]["by"][number]
                    report(LabWording.unknownTask(id), at: path, suggestion: graph.nearest(to: id)?.description)
                }
            }
        }
        checkWordFiles()
    }

    private func check(_ question: LabQuestion, of task: LabTask, at path: LabPath) {
        if question.choices.count < 2 { report(LabWording.tooFewChoices(question.choices.count), at: path["choices"]) }
        for (index, choice) in question.choices.enumerated() {
            if let pattern = choice.pattern { _ = compiles(pattern, at: path["choices"][index]["matches"]) }
            let hasRange = choice.pattern != nil || choice.atLeast != nil || choice.below != nil
            if question.measured != nil, !hasRange { report(LabWording.choiceWithoutRange, at: path["choices"][index]) }
        }
        switch question.measured {
        case nil:
            if question.choices.count(where: \.isRight) != 1 { report(LabWording.oneRight, at: path["choices"]) }
        case .captured(let name)?:
            let names = task.checks.compactMap(\.subject.capture)
            if !names.contains(name) {
                report(
                    LabWording.notCaptured(name), at: path["measured"]["captured"], suggestion: NearestWord.to(name, among: names))
            }
        case .fact(_, let pattern)?:
            if !Self.hasGroup(pattern) {
                report(LabWording.factWithoutPattern, at: path["measured"])
            } else {
                _ = compiles(pattern, at: path["measured"]["pattern"])
            }
        case .metric?, .prediction?, .seconds?: break
        }
    }

    /// The files that explain words exist and have no mistakes. A start that only shows the lab doesn't read them.
    private func checkWordFiles() {
        let files = [("glossary", spec.glossary), ("commands", spec.commands)]
        for case (let key, let name?) in files {
            let file = PathBelow(name, in: spec.directory)
            guard (try? file.statusIfPresent()) != nil, isThorough else {
                if isThorough { report(LabWording.missingFile(file.shown, folder: false), at: LabPath()[key]) }
                continue
            }
            guard let bytes = try? file.read(), let text = String(validating: bytes, as: UTF8.self) else {
                report(LabWording.missingFile(file.shown, folder: false), at: LabPath()[key])
                continue
            }
            if key == "glossary" {
                _ = LabGlossary(text, file: file.shown, reporter: reporter)
            } else {
                _ = LabCommands(text, file: file.shown, reporter: reporter)
            }
        }
    }
}

extension LabCheckSubject {
    /// The name under which the check stores what it found.
    fileprivate var capture: String? {
        switch self {
        case .logs(_, let match), .output(let match), .json(_, _, let match): match.capture
        case .command(let check): check.match.capture
        case .engine, .image, .container, .absent, .file, .inside, .http, .model, .prediction: nil
        }
    }
}
