import LabSupport

/// A Dockerfile with all that rules ask about it, made once.
struct DockerfileScene {
    /// An instruction with what is known when it runs.
    struct Entry {
        var instruction: DockerfileInstruction
        /// The values of ARG and ENV before it; nil: declared, but nobody knows the value.
        var variables: [String: String?]
        /// The commands of a RUN; of a CMD or ENTRYPOINT in shell form.
        var script: ShellScript?
        /// The name of the image that its stage begins with, as far as it is known.
        var base: DockerfileBase?
    }

    let file: Dockerfile
    let setting: DockerfileSetting
    private(set) var entries: [Entry] = []
    /// ARG before the first FROM.
    private(set) var globals: [String: String?] = [:]
    /// For each of these, the names that its value comes from: itself, and those that its default refers to.
    private var origins: [String: Set<String>] = [:]

    init(_ file: Dockerfile, _ setting: DockerfileSetting) {
        self.file = file
        self.setting = setting
        var variables: [String: String?] = [:]
        var base: DockerfileBase?
        var bases: [String: DockerfileBase] = [:]
        for instruction in file.instructions {
            if instruction.name == "FROM" {
                base = DockerfileBase(instruction, globals: globals, isGiven: !taken(by: instruction).isEmpty, stages: bases)
                if let name = instruction.stageName { bases[name] = base }
                variables = [:]
            }
            let known = instruction.name == "FROM" ? globals : variables
            entries.append(Entry(instruction: instruction, variables: known, script: Self.script(instruction), base: base))
            guard !instruction.isTrigger else { continue }
            declare(instruction, &variables)
        }
    }

    private static func script(_ instruction: DockerfileInstruction) -> ShellScript? {
        guard ["RUN", "CMD", "ENTRYPOINT"].contains(instruction.name) else { return nil }
        if case .exec = instruction.form { return nil }
        if let heredoc = instruction.heredocs.first, instruction.words.first?.text.hasPrefix("<<") == true {
            return ShellScript(heredoc.content, 0..<heredoc.content.scalars.count)
        }
        return ShellScript(instruction.text, instruction.range)
    }

    private mutating func declare(_ instruction: DockerfileInstruction, _ variables: inout [String: String?]) {
        switch instruction.name {
        case "ARG":
            for word in instruction.quotedWords {
                let (name, value) = word.text.assignment
                let outer = instruction.stage < 0 ? nil : globals[name]
                let given = setting.arguments[name]
                let known = instruction.stage < 0 ? globals : variables
                let result: String? = given ?? value.flatMap { DockerfileVariables.expand($0, known).text } ?? outer ?? nil
                guard instruction.stage < 0 else {
                    variables[name] = .some(result)
                    continue
                }
                let referred = value.map { DockerfileVariables.names(in: $0) } ?? []
                let others = referred.flatMap { origins[$0, default: []] }
                globals[name] = .some(result)
                origins[name] = Set(others).union([name])
            }
        case "ENV":
            for (name, value) in instruction.environment {
                variables[name.text] = .some(DockerfileVariables.expand(value, variables).text)
            }
        default: break
        }
    }

    /// The build arguments from which a FROM takes its image. Only an ARG before it makes one known to it.
    func taken(by from: DockerfileInstruction) -> Set<String> {
        let names = from.words.first.map { DockerfileVariables.names(in: $0.text) } ?? []
        return Set(names.flatMap { origins[$0, default: []] }).intersection(setting.arguments.keys)
    }

    /// The last stage, and those that it begins with.
    var finalStages: Set<Int> {
        let bases = entries.map(\.instruction).filter { $0.name == "FROM" && !$0.isTrigger }
        var found: Set<Int> = []
        var next = bases.last
        while let from = next, found.insert(from.stage).inserted {
            let name = from.words.first?.text.lowercased()
            next = bases.last { $0.stage < from.stage && $0.stageName != nil && $0.stageName == name }
        }
        return found
    }

    /// Entries of RUN with their commands.
    var runs: [(entry: Entry, commands: [ShellCommand])] {
        entries.filter { $0.instruction.name == "RUN" }.map { ($0, $0.script?.commands ?? []) }
    }

    /// Entries of the same stage that come before it.
    func before(_ entry: Entry) -> [Entry] {
        let stage = entry.instruction.stage
        return entries.filter { $0.instruction.stage == stage && $0.instruction.lines.lowerBound < entry.instruction.lines.lowerBound }
    }

    /// A finding of a rule.
    func finding(
        _ rule: DockerfileRule, _ place: DockerfilePlace, _ message: Text? = nil, why: Text? = nil, instead: Text? = nil,
        severity: DockerfileRule.Severity? = nil
    ) -> DockerfileFinding {
        DockerfileFinding(
            code: rule.code, severity: severity ?? rule.severity, place: place, printed: String(file.line(place.line).prefix(400)),
            message: message ?? rule.title, why: why ?? rule.why, instead: instead ?? rule.instead)
    }
}

/// The image that a stage begins with.
struct DockerfileBase {
    /// As written after `FROM`, with ARG filled in; nil if a value is missing.
    var name: String?
    /// The build sets it: what stands in the file isn't used.
    var isGiven: Bool
    /// The image behind it is a stage of this file.
    var isStage: Bool

    init?(
        _ from: DockerfileInstruction, globals: [String: String?], isGiven: Bool, stages: [String: DockerfileBase]
    ) {
        guard let word = from.words.first?.text else { return nil }
        let expanded = DockerfileVariables.expand(word, globals)
        self.isGiven = isGiven
        name = expanded.isComplete ? expanded.text : nil
        isStage = false
        if let stage = stages[(name ?? word).lowercased()] {
            self = stage
            isStage = true
        }
    }

    /// The repository without registry, tag and digest: `ubuntu`.
    var repository: String? {
        guard let name else { return nil }
        let path = name.split(separator: "@").first.map(String.init) ?? name
        let last = Files.name(of: path)
        return last.split(separator: ":").first.map(String.init)
    }

    /// The tag; empty if there is none.
    var tag: String {
        let last = name?.split(separator: "/").last.map(String.init) ?? ""
        return last.split(separator: ":").dropFirst().first.map { String($0.prefix { $0 != "@" }) } ?? ""
    }

    /// An official image that has apt, but no package lists and hardly a program.
    var isPlainDebian: Bool {
        repository == "debian" || repository == "ubuntu"
    }

    /// Debian 12 or later, where pip refuses to touch the distribution's packages (PEP 668).
    var isManagedDebian: Bool {
        repository == "debian"
            && ["bookworm", "trixie", "forky", "sid", "12", "13", "testing", "unstable", "stable", "latest"].contains {
                tag == $0 || tag.hasPrefix("\($0)-") || tag.hasPrefix("\($0).")
            }
    }
}

extension DockerfileInstruction {
    /// `build` of `FROM x AS build`, in lower case.
    var stageName: String? {
        let words = words.map(\.text)
        return words.count == 3 && words[1].lowercased() == "as" ? words[2].lowercased() : nil
    }
}

extension String {
    /// Both sides of the first `=`.
    var assignment: (name: String, value: String?) {
        guard let sign = firstIndex(of: "=") else { return (self, nil) }
        return (String(self[..<sign]), String(self[index(after: sign)...]))
    }
}
