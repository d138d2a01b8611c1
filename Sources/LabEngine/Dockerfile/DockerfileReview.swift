/// Rules of one kind.
protocol DockerfileRuleFamily: Sendable {
    static var rules: [DockerfileRule] { get }
    static func findings(in scene: DockerfileScene) -> [DockerfileFinding]
}

/// What the check of a Dockerfile says. It is a value of the file and its setting: the same in the walkthrough, in a run and in
/// `ailab lab check`.
package struct DockerfileReview: Sendable, Equatable {
    /// A want of the lab, and whether the file fulfils it.
    package struct Tick: Sendable, Equatable {
        package var want: DockerfileWant
        /// An instruction without a mistake fulfils it.
        package var isMet: Bool
        /// Only an instruction with a mistake would fulfil it.
        package var isMarred: Bool
    }

    /// By place.
    package private(set) var findings: [DockerfileFinding]
    /// In the order of the lab file.
    package private(set) var ticks: [Tick]
    package let file: Dockerfile

    /// All rules that there are, by family.
    package static var rules: [DockerfileRule] { families.flatMap { $0.rules } }

    private static let families: [any (DockerfileRuleFamily & SendableMetatype).Type] = [
        SyntaxRules.self, InstructionRules.self, StageRules.self, CopyRules.self, BuilderRules.self, PackageRules.self, RunRules.self,
        LabRules.self,
    ]

    /// Instructions beyond which only the form is checked: no image can have so many.
    private static let instructionLimit = 1000
    /// The same in bytes. A single instruction may have a hundred thousand lines.
    private static let byteLimit = 64 << 10
    /// Findings of one rule that are kept.
    private static let findingLimit = 20

    package init(_ bytes: [UInt8], _ setting: DockerfileSetting) {
        file = Dockerfile(bytes)
        let scene = DockerfileScene(file, setting)
        let isSmall = file.instructions.count <= Self.instructionLimit && bytes.count <= Self.byteLimit
        let applied = isSmall ? Self.families : [SyntaxRules.self, InstructionRules.self]
        var counts: [String: Int] = [:]
        let all = applied.flatMap { $0.findings(in: scene) }
        ticks = isSmall ? Self.ticks(scene, all) : []
        let named = Set(all.filter { $0.code == LabRules.erratum.code }.map(\.place.line))
        let kept = all.filter { finding in
            // An erratum names the line's fault in the words of the course. What only follows from it would say it twice.
            let isCovered = finding.severity < .error || finding.code == CopyRules.sourceMissing.code
            if named.contains(finding.place.line), finding.code != LabRules.erratum.code, isCovered { return false }
            counts[finding.code, default: 0] += 1
            return counts[finding.code, default: 0] <= Self.findingLimit
        }
        findings = kept.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
    }

    private static func ticks(_ scene: DockerfileScene, _ findings: [DockerfileFinding]) -> [Tick] {
        let elsewhere = [LabRules.wantMissing.code, StageRules.fromMissing.code]
        let wrong = Set(findings.filter { $0.severity == .error && !elsewhere.contains($0.code) }.map(\.place.line))
        return zip(LabRules.ticks(scene, besides: []), LabRules.ticks(scene, besides: wrong)).map { written, met in
            Tick(want: met.want, isMet: met.isMet, isMarred: written.isMet && !met.isMet)
        }
    }

    /// Nothing with an error can be built, or is what the lab wants.
    package var errors: [DockerfileFinding] { findings.filter { $0.severity == .error } }
    package var warnings: [DockerfileFinding] { findings.filter { $0.severity == .warning } }
    package var hints: [DockerfileFinding] { findings.filter { $0.severity == .hint } }

    /// Warnings that explain why a builder fails at this instruction: what it names can't be had. `output`: what was printed. apt and pip
    /// name a package that they don't find in an error of their own.
    package func causes(of failed: DockerfileInstruction, output: String) -> [DockerfileFinding] {
        let images: Set = [StageRules.imageMisspelt.code, StageRules.imageNotTaken.code]
        let errors = output.split(separator: "\n").filter { $0.hasPrefix("E: ") || $0.hasPrefix("ERROR: ") }
        return findings.filter { finding in
            guard failed.lines.contains(finding.place.line) else { return false }
            if images.contains(finding.code) { return failed.name == "FROM" }
            guard finding.code == PackageRules.misspeltPackage.code, let name = finding.subject else { return false }
            return errors.contains { $0.contains(name) }
        }
    }

    /// The instruction that a builder announced as `Step index/…`: by its number, and by its words where a builder counts otherwise.
    package func instruction(step index: Int, _ words: String) -> DockerfileInstruction? {
        let own = file.instructions.filter { !$0.isTrigger }
        func isSame(_ instruction: DockerfileInstruction) -> Bool {
            let keyword = words.prefix { $0 != " " }.uppercased()
            return instruction.name == keyword
        }
        if own.indices.contains(index - 1), isSame(own[index - 1]) { return own[index - 1] }
        let wanted = Self.condensed(words)
        return own.first { Self.condensed($0.text.scalars.text) == wanted }
    }

    private static func condensed(_ text: String) -> String { text.filter { !$0.isWhitespace && $0 != "\\" }.lowercased() }
}
