/// What is known about a failure besides its output.
package struct DiagnosisContext: Sendable, Equatable {
    /// How the program ended; nil where nobody looked.
    package var exitCode: Int?
    /// True where the engine says that the container ran out of memory.
    package var outOfMemory: Bool

    package init(exitCode: Int? = nil, outOfMemory: Bool = false) {
        self.exitCode = exitCode
        self.outOfMemory = outOfMemory
    }
}

/// Names the cause of a failure from what programs printed.
package enum Diagnosis {
    /// The findings, best first; none where nothing is wrong, and `unknown` where something is that no rule knows.
    package static func diagnose(
        output: String, context: DiagnosisContext = DiagnosisContext(), symptoms: Symptoms = SymptomLoader.builtIn
    ) -> [Finding] {
        var diagnoser = Diagnoser(ScannedText(output), symptoms)
        var findings = diagnoser.findings()
        if context.outOfMemory, !findings.contains(where: { $0.cause == "oom-killed" }), let cause = symptoms["oom-killed"] {
            findings.insert(Finding(cause, evidence: nil, strength: .sure, isConsequence: false), at: 0)
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
    private(set) var matcher: PatternMatcher
    /// Lines that benign signs explain.
    private(set) var masked: [Bool]
    /// Index of the last line that says that all went well; -1: none.
    private(set) var lastSuccess = -1

    var scanned: ScannedText { matcher.text }

    init(_ text: ScannedText, _ symptoms: Symptoms) {
        self.symptoms = symptoms
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
            if let hit = best(of: symptom) { hits.append((symptom, hit)) }
        }
        // What is left over counts only where nothing better was found.
        if hits.contains(where: { $0.hit.strength < .last }) { hits.removeAll { $0.hit.strength == .last } }
        let strengths = Dictionary(hits.map { ($0.symptom.id, $0.hit.strength) }) { first, _ in first }
        // A mere sign does not make something certain a consequence.
        let ranked = hits.map { found in
            let late = found.symptom.after.contains { strengths[$0].map { $0 <= found.hit.strength } ?? false }
            return (symptom: found.symptom, hit: found.hit, late: late)
        }
        let sorted = ranked.sorted { ($0.late ? 1 : 0, $0.hit.strength, $0.hit.line) < ($1.late ? 1 : 0, $1.hit.strength, $1.hit.line) }
        return sorted.map { Finding($0.symptom, evidence: evidence($0.hit.line), strength: $0.hit.strength, isConsequence: $0.late) }
    }

    /// A line as evidence.
    func evidence(_ index: Int) -> Finding.Evidence {
        let line = scanned.lines[index]
        let text = line.text.utf8.drop { $0 == 0x20 }
        return Finding.Evidence(
            line: line.number, text: text.count > 600 ? String(decoding: text.prefix(600), as: UTF8.self) + "…" : String(Substring(text)))
    }

    /// The places of a pattern that no benign sign explains.
    mutating func open(_ patterns: [SymptomPattern]) -> [PatternMatcher.Match] {
        patterns.flatMap { matcher.matches($0) }.filter { !masked[$0.first] }.sorted { $0.first < $1.first }
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

extension Finding {
    init(_ symptom: Symptom, evidence: Evidence?, strength: Symptom.Strength, isConsequence: Bool) {
        self.init(
            cause: symptom.id, title: symptom.title, why: symptom.why, evidence: evidence, detail: [], remedies: symptom.remedies,
            strength: strength, isConsequence: isConsequence)
    }
}
