import LabSupport

/// The rules that come from the lab file: the parts that the lab needs, and the errors that the course prints.
enum LabRules: DockerfileRuleFamily {
    static let rules = [todoLeft, wantMissing, erratum]

    static let todoLeft = DockerfileRule(
        "todo-left", .error, Text(en: "A TODO is left.", zh: "还有 TODO 没有完成。"),
        why: Text(en: "The template's placeholder is still in an instruction.", zh: "指令中仍是模板的占位内容。"),
        instead: Text(en: "Replace the placeholder. The comment above it says with what.", zh: "请替换占位内容；上方的注释说明了该写什么。"))
    static let wantMissing = DockerfileRule(
        "want-missing", .error, Text(en: "Something that the lab needs is missing.", zh: "缺少实验所需的内容。"),
        why: Text(en: "A later sub-step needs it.", zh: "后面的小节需要它。"),
        instead: Text(en: "The template says what to write.", zh: "模板中说明了该写什么。"))
    static let erratum = DockerfileRule(
        "course-erratum", .error, Text(en: "The course prints this, but it no longer works.", zh: "课程原文如此，但现在已不能使用。"),
        why: Text(en: "The lab file says why.", zh: "实验文件中说明了原因。"),
        instead: Text(en: "The lab file says what to write.", zh: "实验文件中说明了该写什么。"))

    static func findings(in scene: DockerfileScene) -> [DockerfileFinding] {
        let left = placeholders(scene)
        return errata(scene) + left.map(\.finding) + missing(scene, left)
    }

    // MARK: Wants

    /// The wants with whether the file fulfils them.
    /// `wrong`: lines with a mistake. What is written there doesn't count.
    static func ticks(_ scene: DockerfileScene, besides wrong: Set<Int>) -> [(want: DockerfileWant, isMet: Bool)] {
        ticks(scene, placeholders(scene), besides: wrong)
    }

    private static func ticks(
        _ scene: DockerfileScene, _ left: [Placeholder], besides wrong: Set<Int> = []
    ) -> [(want: DockerfileWant, isMet: Bool)] {
        scene.setting.wants.map { want in
            let isOpen = want.todo.map { todo in left.contains { $0.todo == todo } } ?? false
            return (want, !isOpen && fulfils(want, scene, besides: wrong))
        }
    }

    private static func fulfils(_ want: DockerfileWant, _ scene: DockerfileScene, besides wrong: Set<Int>) -> Bool {
        guard want.files.allSatisfy({ CopyRules.brings($0, scene, besides: wrong) }) else { return false }
        if want.patterns.isEmpty, want.instructions.isEmpty { return !want.files.isEmpty }
        let candidates = scene.entries.filter { entry in
            let instruction = entry.instruction
            return (want.instructions.isEmpty || want.instructions.contains(instruction.name)) && !instruction.isTrigger
                && !instruction.lines.contains(where: wrong.contains)
        }
        guard !want.patterns.isEmpty else { return !candidates.isEmpty }
        let texts = candidates.flatMap { entry in
            let instruction = entry.instruction
            return [instruction.arguments, DockerfileVariables.expand(instruction.arguments, entry.variables).text]
                + instruction.heredocs.map(\.content.scalars.text)
        }
        return want.patterns.allSatisfy { pattern in
            ForeignPattern.apply(pattern, to: texts) { regex, texts in texts.contains { $0.contains(regex) } } ?? false
        }
    }

    private static func missing(_ scene: DockerfileScene, _ left: [Placeholder]) -> [DockerfileFinding] {
        let last = DockerfilePlace(line: max(1, scene.file.instructions.last?.lines.upperBound ?? 1), column: 1)
        return ticks(scene, left).compactMap { want, isMet in
            guard !isMet, !left.contains(where: { $0.todo != nil && $0.todo == want.todo }) else { return nil }
            let comment = want.todo.flatMap { todo in scene.file.comments.first { $0.text.contains("TODO \(todo)") }?.place }
            let number = want.todo.map { Text(en: "TODO \($0): ", zh: "TODO \($0)：") } ?? Text(verbatim: "")
            return scene.finding(
                wantMissing, comment ?? last,
                number.joined(Text(en: "missing: \(want.text.en)", zh: Text.chinese("缺少", want.text.zh))),
                instead: want.advice, severity: want.isOptional ? .warning : .error)
        }
    }

    // MARK: Placeholders

    /// An instruction that still says TODO, with the number of the template's TODO.
    private typealias Placeholder = (todo: Int?, finding: DockerfileFinding)

    /// The placeholders that are left. A comment may keep its TODO.
    private static func placeholders(_ scene: DockerfileScene) -> [Placeholder] {
        scene.entries.compactMap { entry in
            let instruction = entry.instruction
            guard instruction.name != "LABEL", !instruction.isTrigger,
                let match = instruction.arguments.firstMatch(of: /TODO(?: ?([0-9]+))?|todo-([0-9]+)/)
            else { return nil }
            let todo = (match.1 ?? match.2).flatMap { Int($0) }
            let want = scene.setting.wants.first { $0.todo != nil && $0.todo == todo }
            let number = todo.map { " \($0)" } ?? ""
            let finding = scene.finding(
                todoLeft, instruction.place(of: match.range.lowerBound),
                Text(
                    en: "TODO\(number) is left" + (want.map { ": \($0.text.en)" } ?? "."),
                    zh: "TODO\(number) 还没有完成" + (want.map { "：\($0.text.zh)" } ?? "。")),
                instead: want?.advice, severity: scene.setting.wants.isEmpty ? .warning : .error)
            return (todo, finding)
        }
    }

    // MARK: Errata

    private static func errata(_ scene: DockerfileScene) -> [DockerfileFinding] {
        scene.setting.errata.flatMap { erratum in
            let entries = scene.entries.filter { erratum.instructions.isEmpty || erratum.instructions.contains($0.instruction.name) }
            let matches =
                ForeignPattern.apply(erratum.pattern, to: entries.map(\.instruction.arguments)) { regex, texts in
                    texts.map { $0.firstMatch(of: regex)?.range }
                } ?? []
            return zip(entries, matches).compactMap { entry, match -> DockerfileFinding? in
                guard let match else { return nil }
                let instruction = entry.instruction
                // The build sets the argument, so this default isn't used in it.
                let name = instruction.arguments.assignment.name
                let isUnused = instruction.name == "ARG" && scene.setting.arguments[name] != nil
                return scene.finding(
                    Self.erratum, instruction.place(of: match.lowerBound),
                    Text(en: "The course prints this: \(erratum.printed)", zh: "课程原文：\(erratum.printed)"), why: erratum.why,
                    instead: erratum.instead, severity: erratum.isFatal && !isUnused ? .error : .warning)
            }
        }
    }
}

extension DockerfileInstruction {
    /// The place of a character of `arguments`.
    fileprivate func place(of index: String.Index) -> DockerfilePlace {
        let arguments = arguments
        return text.place(at: start + arguments.unicodeScalars.distance(from: arguments.startIndex, to: index))
    }
}
