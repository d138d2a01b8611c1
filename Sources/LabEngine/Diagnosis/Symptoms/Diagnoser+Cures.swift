/// The cures for a cause, chosen by what the output reveals.
extension Diagnoser {
    /// What the output reveals about its machine and situation.
    mutating func textFacts() -> TextFacts {
        if let knownFacts { return knownFacts }
        let facts = TextFacts.read(&matcher, rules: symptoms.facts)
        knownFacts = facts
        return facts
    }

    /// The cures, the best first. The output may give values for the placeholders in their commands.
    mutating func remedies(of symptom: Symptom, at line: Int?) -> [Remedy] {
        let text = textFacts()
        // ailab runs on Linux and in WSL. An image of another system may have a name like the lab's.
        let isElsewhere = (text.holds(.os, "windows") || text.holds(.os, "mac")) && !text.holds(.os, "wsl")
        let isLab = context.isLab || text.isLab && !isElsewhere
        var quoted = RemedyWords(fills(of: symptom)).values(in: scanned.lines.map(\.readable), first: line)
        var machine = context.facts
        // In a lab, only the run knows the step.
        if let step = machine.values["STEP"] ?? quoted["STEP"] { machine.values["STEP"] = step }
        quoted["STEP"] = nil
        let choice = RemedyChoice(
            machine: machine, text: text, tables: tableValues(quoted, text), rules: symptoms.facts,
            lacking: symptoms.lacking, typed: typedCommands, isLab: isLab, isHere: context.isHere)
        var search = matcher
        defer { matcher = search }
        return choice.remedies(of: symptom, quoted: quoted) { !search.matches($0).isEmpty }
    }

    /// The commands that a person typed, as far as prompts show them.
    private var typedCommands: Set<String> {
        Set(scanned.lines.filter(\.prefix.isCommand).map { RemedyChoice.plain($0.content) })
    }

    /// The cause's own ways to read values from the output, and the general ones that its cures or the tables need.
    private func fills(of symptom: Symptom) -> [String: [String]] {
        let texts = symptom.cures.flatMap { $0.allTexts }
        let general = symptoms.values.filter { word, _ in
            texts.contains { $0.contains(word) } || symptoms.names.contains { $0.source == word }
                || WheelTable.sources.contains(word) && texts.contains { $0.contains("TORCH") }
        }
        return symptom.fills.merging(general) { own, _ in own }
    }

    /// The values that tables give for what the output names.
    private func tableValues(_ quoted: [String: String], _ text: TextFacts) -> [String: String] {
        let wheels = WheelTable(rows: symptoms.wheels, drivers: symptoms.drivers)
        // PyTorch's wheels don't use the GPU of a Jetson.
        var values = text.holds(.arch, "jetson") ? [:] : wheels.values(quoted, isWindows: text.holds(.os, "windows"))
        for table in symptoms.names {
            if let name = quoted[table.source], let found = table.names[name] { values[table.word] = found }
        }
        return values
    }
}
