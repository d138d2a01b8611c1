import LabSupport

/// The texts of tasks that stand in files of their own: `prose/<language>/<id>.md` of the lab's folder.
struct LabProse {
    /// One such file as it was read.
    struct File: Sendable {
        var path: String
        var text: String

        /// The first place where `needle` is written.
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

    /// Gives every task without a `text` key the text of its files.
    mutating func fill(_ spec: inout LabSpec) {
        for step in spec.steps.indices {
            for index in spec.steps[step].tasks.indices {
                let path = LabPath()["steps"][step]["tasks"][index]
                let task = spec.steps[step].tasks[index]
                guard source.keys[path["text"]] == nil, task.id != .unreadable else { continue }
                spec.steps[step].tasks[index].text = Text(
                    en: read(task.id, .en, in: spec.directory, at: path), zh: read(task.id, .zh, in: spec.directory, at: path))
            }
        }
    }

    /// The file of a task's text.
    static func file(_ task: TaskID, _ language: Language, in directory: String) -> String {
        "\(directory)/prose/\(language.rawValue)/\(task).md"
    }

    private mutating func read(_ task: TaskID, _ language: Language, in directory: String, at path: LabPath) -> String {
        let file = Self.file(task, language, in: directory)
        guard let bytes = try? Files.read(file), let text = String(validating: bytes, as: UTF8.self) else {
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
