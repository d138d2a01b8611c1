package import LabSupport

/// What is known about a failure besides its output.
package struct DiagnosisContext: Sendable, Equatable {
    /// How the program ended; nil where nobody looked.
    package var exitCode: Int?
    /// True where the engine says that the container ran out of memory.
    package var outOfMemory: Bool
    /// The code of the failure as ailab itself saw it.
    package var code: LabError.Code?
    /// Where it happened, in the words of `where`; empty: nobody knows.
    package var places: Set<String>
    /// What the commands of the cures depend on.
    package var facts: RemedyFacts

    package init(
        exitCode: Int? = nil, outOfMemory: Bool = false, code: LabError.Code? = nil, places: Set<String> = [],
        facts: RemedyFacts = .unknown
    ) {
        self.exitCode = exitCode
        self.outOfMemory = outOfMemory
        self.code = code
        self.places = places
        self.facts = facts
    }
}

/// Names the cause of a failure from what programs printed.
package enum Diagnosis {
    /// The findings, best first; none where nothing is wrong, and `unknown` where something is that no rule knows.
    package static func diagnose(
        output: String, context: DiagnosisContext = DiagnosisContext(), symptoms: Symptoms = SymptomLoader.builtIn
    ) -> [Finding] {
        var diagnoser = Diagnoser(ScannedText(output), symptoms, context)
        var findings = diagnoser.findings()
        if context.outOfMemory { diagnoser.put("oom-killed", before: &findings) }
        // A code says what happened where a text may have been anything; what the text says more exactly stays behind it.
        if let code = context.code?.rawValue, let cause = symptoms.causes.first(where: { $0.codes.contains(code) }) {
            diagnoser.put(cause.id, before: &findings)
        }
        // Nobody but the kernel ends a container with SIGKILL that has a limit and was let alone.
        if findings.isEmpty, context.exitCode == 137, context.facts.values["MEMORY_LIMIT"] != nil {
            diagnoser.put("oom-killed", before: &findings)
        }
        guard findings.isEmpty else { return findings }
        return diagnoser.unknown(exitCode: context.exitCode).map { [$0] } ?? []
    }
}

/// Applies the rules to one output.
struct Diagnoser {
    /// A clause that holds, and where.
    private struct Hit {
        var strength: Symptom.Strength
        var line: Int
    }

    let symptoms: Symptoms
    let context: DiagnosisContext
    private(set) var matcher: PatternMatcher
    /// Lines that benign signs explain.
    private(set) var masked: [Bool]
    /// Index of the last line that says that all went well; -1: none.
    private(set) var lastSuccess = -1

    var scanned: ScannedText { matcher.text }

    init(_ text: ScannedText, _ symptoms: Symptoms, _ context: DiagnosisContext) {
        self.symptoms = symptoms
        self.context = context
        matcher = PatternMatcher(text)
        masked = [Bool](repeating: false, count: text.lines.count)
        for sign in symptoms.benign { mask(sign) }
        for pattern in symptoms.success {
            for match in matcher.matches(pattern) where !masked[match.first] { lastSuccess = max(lastSuccess, match.last) }
        }
    }

    /// What the rules find, best first.
    mutating func findings() -> [Finding] {
        var hits: [(symptom: Symptom, hit: Hit)] = []
        for symptom in symptoms.causes {
            guard let hit = best(of: symptom) else { continue }
            // A mere sign of what does not occur here is a sign of something else.
            if isElsewhere(symptom), hit.strength > .sure { continue }
            hits.append((symptom, hit))
        }
        // What is left over counts only where nothing better was found.
        if hits.contains(where: { $0.hit.strength < .last }) { hits.removeAll { $0.hit.strength == .last } }
        return ranked(hits).map { found in
            finding(found.symptom, at: found.hit.line, strength: found.hit.strength, isConsequence: found.late)
        }
    }

    /// The finding of a cause, with what the output says about its cures.
    private func finding(_ symptom: Symptom, at line: Int?, strength: Symptom.Strength, isConsequence: Bool) -> Finding {
        let quoted = RemedyWords(symptom.fills).values(in: scanned.lines.map(\.text), first: line)
        return Finding(
            cause: symptom.id, title: symptom.title, why: symptom.why, evidence: line.map { evidence($0) }, detail: [],
            remedies: symptom.remedies(context.facts, quoted: quoted), strength: strength, isConsequence: isConsequence)
    }

    /// Puts a cause that is known from a fact before all others.
    func put(_ id: String, before findings: inout [Finding]) {
        if let index = findings.firstIndex(where: { $0.cause == id }) {
            var known = findings.remove(at: index)
            known.isConsequence = false
            findings.insert(known, at: 0)
        } else if let cause = symptoms[id] {
            findings.insert(finding(cause, at: nil, strength: .sure, isConsequence: false), at: 0)
        }
    }

    /// Whether a cause can occur where this happened.
    private func isElsewhere(_ symptom: Symptom) -> Bool {
        !context.places.isEmpty && context.places.isDisjoint(with: symptom.places)
    }

    /// Reasons before consequences, certainties before signs, and then as in the text; of two at one line the one that the files name first.
    private func ranked(_ hits: [(symptom: Symptom, hit: Hit)]) -> [(symptom: Symptom, hit: Hit, late: Bool)] {
        let strengths = Dictionary(hits.map { ($0.symptom.id, $0.hit.strength) }) { first, _ in first }
        let judged = hits.map { found in
            // A mere sign does not make something certain a consequence.
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

    /// The places of a pattern that no benign sign explains.
    mutating func open(_ patterns: [SymptomPattern]) -> [PatternMatcher.Match] {
        var places: [PatternMatcher.Match] = []
        for pattern in patterns { places += matcher.matches(pattern).filter { !masked[$0.first] } }
        return places.count > 1 ? places.sorted { $0.first < $1.first } : places
    }

    /// Lines that never are the decisive part.
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

    /// The evidence line of a clause, behind a line; nil where it does not hold.
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
            for match in open(clause.any) where holds(clause, at: match) {
                let end = sign.record ? endOfRecord(match.last) : min(match.last + sign.lines, masked.count - 1)
                for index in match.first...max(end, match.last) { masked[index] = true }
            }
        }
    }

    /// The last line of the log record that a line belongs to.
    private func endOfRecord(_ index: Int) -> Int {
        let next = scanned.lines[(index + 1)...].firstIndex { $0.prefix.beginsRecord }
        return (next ?? scanned.lines.count) - 1
    }
}
