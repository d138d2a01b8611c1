package import LabSupport

/// What is known about a failure besides its output.
package struct DiagnosisContext: Sendable, Equatable {
    /// The program's exit code. Nil if it isn't known.
    package var exitCode: Int?
    /// True if the engine reports that the container ran out of memory.
    package var outOfMemory: Bool
    /// The code of ailab's own error.
    package var code: LabError.Code?
    /// Where the failure happened, in the words of the rules' `where`. Empty if it isn't known.
    package var places: Set<String>
    /// The facts that the cures' commands depend on.
    package var facts: RemedyFacts
    /// True for the output of a lab step. Then this machine's facts are true of the failure, and a cure may run the step again.
    package var isLab: Bool
    /// True for output of this machine, outside of a lab: this machine's facts are true of the failure.
    package var isHere = false

    package init(
        exitCode: Int? = nil, outOfMemory: Bool = false, code: LabError.Code? = nil, places: Set<String> = [],
        facts: RemedyFacts = .unknown, isLab: Bool? = nil
    ) {
        self.exitCode = exitCode
        self.outOfMemory = outOfMemory
        self.code = code
        self.places = places
        self.facts = facts
        self.isLab = isLab ?? (facts.values["STEP"] != nil)
    }
}

/// Names the cause of a failure from the output of programs.
package enum Diagnosis {
    /// The findings, best first. Empty if nothing is wrong. `unknown` if something failed that no rule explains.
    package static func diagnose(
        output: String, context: DiagnosisContext = DiagnosisContext(), symptoms: Symptoms = SymptomLoader.builtIn
    ) -> [Finding] {
        var diagnoser = Diagnoser(ScannedText(output, translations: symptoms.translations), symptoms, context)
        var findings = diagnoser.findings()
        if context.outOfMemory { diagnoser.put("oom-killed", before: &findings) }
        // A code is certain, a text isn't. So the code's cause comes first, and what the text adds comes after it.
        if let code = context.code?.rawValue, let cause = symptoms.causes.first(where: { $0.codes.contains(code) }) {
            diagnoser.put(cause.id, before: &findings)
        }
        // If a container with a memory limit gets SIGKILL and nobody stopped it, the kernel killed it.
        if findings.isEmpty, context.exitCode == 137, context.facts.values["MEMORY_LIMIT"] != nil {
            diagnoser.put("oom-killed", before: &findings)
        }
        guard findings.isEmpty else { return findings }
        return diagnoser.unknown(exitCode: context.exitCode).map { [$0] } ?? []
    }

    /// What an output reveals about its machine and situation.
    package static func facts(of output: String, symptoms: Symptoms = SymptomLoader.builtIn) -> TextFacts {
        var matcher = PatternMatcher(ScannedText(output, translations: symptoms.translations))
        return TextFacts.read(&matcher, rules: symptoms.facts)
    }
}

/// Applies the rules to one output.
struct Diagnoser {
    /// A clause that matches, and its line.
    private struct Hit {
        var strength: Symptom.Strength
        var line: Int
    }

    let symptoms: Symptoms
    let context: DiagnosisContext
    var matcher: PatternMatcher
    /// What the output reveals. Nil until a cure needs it.
    var knownFacts: TextFacts?
    /// Lines that benign signs explain.
    private(set) var masked: [Bool]
    /// The index of the last line that reports success, or -1.
    private(set) var lastSuccess = -1

    var scanned: ScannedText { matcher.text }

    init(_ text: ScannedText, _ symptoms: Symptoms, _ context: DiagnosisContext) {
        self.symptoms = symptoms
        self.context = context
        matcher = PatternMatcher(text)
        masked = text.lines.map { Self.isTableRow($0.text) }
        for sign in symptoms.benign { mask(sign) }
        for pattern in symptoms.success {
            for match in matcher.matches(pattern) where !masked[match.first] { lastSuccess = max(lastSuccess, match.last) }
        }
    }

    /// The findings of the rules, best first.
    mutating func findings() -> [Finding] {
        var hits: [(symptom: Symptom, hit: Hit)] = []
        for symptom in symptoms.causes {
            guard let hit = best(of: symptom) else { continue }
            // A weak sign of a cause that can't occur here means something else.
            if isElsewhere(symptom), hit.strength > .sure { continue }
            hits.append((symptom, hit))
        }
        // Clauses of strength `last` count only if nothing better was found.
        if hits.contains(where: { $0.hit.strength < .last }) { hits.removeAll { $0.hit.strength == .last } }
        var findings: [Finding] = []
        for found in ranked(hits) {
            findings.append(finding(found.symptom, at: found.hit.line, strength: found.hit.strength, isConsequence: found.late))
        }
        return findings
    }

    /// The finding for a cause.
    private mutating func finding(_ symptom: Symptom, at line: Int?, strength: Symptom.Strength, isConsequence: Bool) -> Finding {
        Finding(
            cause: symptom.id, title: symptom.title, why: symptom.why, evidence: line.map { evidence($0) }, detail: [],
            remedies: remedies(of: symptom, at: line), strength: strength, isConsequence: isConsequence)
    }

    /// Puts a cause that's known from a fact before all others.
    mutating func put(_ id: String, before findings: inout [Finding]) {
        if let index = findings.firstIndex(where: { $0.cause == id }) {
            var known = findings.remove(at: index)
            known.isConsequence = false
            findings.insert(known, at: 0)
        } else if let cause = symptoms[id] {
            findings.insert(finding(cause, at: nil, strength: .sure, isConsequence: false), at: 0)
        }
    }

    /// Whether the cause can't occur where this failure happened.
    private func isElsewhere(_ symptom: Symptom) -> Bool {
        !context.places.isEmpty && context.places.isDisjoint(with: symptom.places)
    }

    /// Sorts causes before their consequences, then by strength, then by line, then by the order in the rule files.
    private func ranked(_ hits: [(symptom: Symptom, hit: Hit)]) -> [(symptom: Symptom, hit: Hit, late: Bool)] {
        let strengths = Dictionary(hits.map { ($0.symptom.id, $0.hit.strength) }) { first, _ in first }
        let judged = hits.map { found in
            // A weak sign can't make a sure finding its consequence.
            let late = found.symptom.after.contains { strengths[$0].map { $0 <= found.hit.strength } ?? false }
            return (symptom: found.symptom, hit: found.hit, late: late)
        }
        let sorted = judged.enumerated().sorted { a, b in
            let (first, second) = (a.element, b.element)
            func rank(_ found: (symptom: Symptom, hit: Hit, late: Bool)) -> Int {
                (found.late ? 2 : 0) + (isElsewhere(found.symptom) ? 1 : 0)
            }
            return (rank(first), first.hit.strength, first.hit.line, a.offset)
                < (rank(second), second.hit.strength, second.hit.line, b.offset)
        }
        return sorted.map(\.element)
    }

    /// A line as evidence.
    func evidence(_ index: Int) -> Finding.Evidence {
        let line = scanned.lines[index]
        let text = line.text.drop { $0 == " " }
        return Finding.Evidence(line: line.number, text: text.count > 600 ? text.prefix(600) + "…" : String(text))
    }

    /// The matches that no benign sign explains.
    mutating func open(_ patterns: [SymptomPattern]) -> [PatternMatcher.Match] {
        var places: [PatternMatcher.Match] = []
        for pattern in patterns { places += matcher.matches(pattern).filter { !masked[$0.first] } }
        return places.count > 1 ? places.sorted { $0.first < $1.first } : places
    }

    /// Lines that are never decisive.
    mutating func quietLines() -> Set<Int> { Set(symptoms.noise.flatMap { matcher.matches($0) }.map(\.first)) }

    private mutating func best(of symptom: Symptom) -> Hit? {
        var best: Hit?
        for clause in symptom.clauses {
            let open = clause.strength > .sure || symptom.recovers ? lastSuccess : -1
            guard let line = place(of: clause, after: open) else { continue }
            let hit = Hit(strength: clause.strength, line: line)
            if let known = best, (known.strength, known.line) <= (hit.strength, hit.line) { continue }
            best = hit
        }
        return best
    }

    /// The evidence line of a clause after a given line. Nil if the clause doesn't match.
    private mutating func place(of clause: Symptom.Clause, after line: Int) -> Int? {
        for match in open(clause.any) where match.first > line && holds(clause, at: match) {
            return clause.evidence == .exception ? exception(from: match.first) ?? match.first : match.first
        }
        return nil
    }

    private mutating func holds(_ clause: Symptom.Clause, at match: PatternMatcher.Match) -> Bool {
        for alternatives in clause.with where !isNear(alternatives, match, within: clause.within) { return false }
        if !clause.unless.isEmpty, isNear(clause.unless, match, within: 0) { return false }
        return clause.absent.allSatisfy { matcher.matches($0).isEmpty }
    }

    private mutating func isNear(_ patterns: [SymptomPattern], _ match: PatternMatcher.Match, within: Int) -> Bool {
        patterns.contains { pattern in
            matcher.matches(pattern).contains { $0.last >= match.first - within && $0.first <= match.last + within }
        }
    }

    private mutating func mask(_ sign: BenignSign) {
        if !sign.success.isEmpty, !sign.success.contains(where: { !matcher.matches($0).isEmpty }) { return }
        for clause in sign.clauses {
            let matches = sign.command ? commands(clause.any) : open(clause.any)
            for match in matches where holds(clause, at: match) {
                let end = end(of: sign, at: match)
                for index in match.first...max(end, match.last) { masked[index] = true }
            }
        }
    }

    /// The matches in lines that a person typed.
    private mutating func commands(_ patterns: [SymptomPattern]) -> [PatternMatcher.Match] {
        patterns.flatMap { matcher.matches($0) }.filter { scanned.lines[$0.first].prefix.isCommand }
    }

    /// A row of a table, which lists things that may be called like failures.
    private static func isTableRow(_ text: String) -> Bool { text.hasPrefix("| ") && text.hasSuffix(" |") }

    /// The last line that belongs to a sign.
    private func end(of sign: BenignSign, at match: PatternMatcher.Match) -> Int {
        if sign.record { return endOfRecord(match.last) }
        guard sign.command else { return min(match.last + sign.lines, masked.count - 1) }
        let prompt = scanned.lines[match.first].prefix.prompt
        let next = scanned.lines[(match.last + 1)...].firstIndex { $0.prefix.isCommand && $0.prefix.prompt == prompt }
        return (next ?? scanned.lines.count) - 1
    }

    /// The last line of the log record that a line belongs to.
    private func endOfRecord(_ index: Int) -> Int {
        let next = scanned.lines[(index + 1)...].firstIndex { $0.prefix.beginsRecord }
        return (next ?? scanned.lines.count) - 1
    }
}
