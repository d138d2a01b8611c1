import LabSupport

/// The texts of tasks in files of their own: `prose/<language>/<id>.md` in the lab's folder.
struct LabProse {
    /// The contents of such a file.
    struct File: Sendable {
        var path: String
        var text: String

        /// The first place of `needle`.
        func position(of needle: String) -> LabPosition {
            let start = text.firstRange(of: needle)?.lowerBound ?? text.startIndex
            let place = text.place(ofCharacter: text.distance(from: text.startIndex, to: start))
            return LabPosition(file: path, line: place.line, column: place.column)
        }
    }

    let source: LabSource
    let reporter: LabReporter
    private(set) var files: [File] = []

    init(source: LabSource, reporter: LabReporter) {
        self.source = source
        self.reporter = reporter
    }

    /// Fills in the text of each task that has no `text` key.
    mutating func fill(_ spec: inout LabSpec) {
        for step in spec.steps.indices {
            for index in spec.steps[step].tasks.indices {
                let path = LabPath()["steps"][step]["tasks"][index]
                let task = spec.steps[step].tasks[index]
                guard !source.has(path["text"]), task.id != .unreadable else { continue }
                spec.steps[step].tasks[index].text = Text(
                    en: read(task.id, .en, in: spec.directory, at: path), zh: read(task.id, .zh, in: spec.directory, at: path))
            }
        }
    }

    /// The file with a task's text.
    static func file(_ task: TaskID, _ language: Language, in directory: String) -> PathBelow {
        PathBelow("prose/\(language.rawValue)/\(task).md", in: directory)
    }

    private mutating func read(_ task: TaskID, _ language: Language, in directory: String, at path: LabPath) -> String {
        let place = Self.file(task, language, in: directory)
        let file = place.shown
        guard let bytes = try? place.read(), let text = String(validating: bytes, as: UTF8.self) else {
            reporter.report(LabWording.missingProse(file, task: task), at: source.position(path["id"]))
            return ""
        }
        if text.allSatisfy(\.isWhitespace) {
            reporter.report(LabWording.emptyProse(file), at: LabPosition(file: file, line: 1, column: 1))
        }
        files.append(File(path: file, text: text))
        return text
    }
}
