import Diagnosis
import FoundationEssentials

/// One labelled output of the corpus.
struct CorpusCase: Decodable {
    var id: String
    var cause: String
    var output: String
    /// Where the output comes from, as the rules' `where` names places.
    var place: String?

    private enum CodingKeys: String, CodingKey {
        case id
        case cause
        case output
        case place = "where"
    }

    /// The cases of a JSON Lines file.
    static func read(_ text: String) throws -> [CorpusCase] {
        try text.split(separator: "\n").map { try JSONDecoder().decode(CorpusCase.self, from: Data($0.utf8)) }
    }
}

/// What an output reveals about where it was printed: system, engine and phase. A dash stands for what is open.
struct CorpusEnvironment: Hashable, Comparable {
    var system: String
    var engine: String
    var phase: String

    init(_ facts: TextFacts) {
        func value(_ fact: TextFact) -> String { facts.values[fact].map { $0.sorted().joined(separator: "+") } ?? "-" }
        (system, engine, phase) = (value(.os), value(.engine), value(.phase))
    }

    static func < (a: Self, b: Self) -> Bool { (a.system, a.engine, a.phase) < (b.system, b.engine, b.phase) }
}

/// How well the rules name the causes of labelled outputs.
struct CorpusScore {
    /// A case whose first finding differs from its label.
    struct Miss {
        var id: String
        var wanted: String
        var found: String
        var evidence: String
    }

    /// For each label: the number of cases, and how many of them are right.
    private(set) var causes: [String: (cases: Int, right: Int)] = [:]
    private(set) var misses: [Miss] = []
    /// For each label the causes that were named first, and how often. `none` means that nothing was found.
    private(set) var confusion: [String: [String: Int]] = [:]

    /// For each environment that an output reveals: the number of cases, and what was named instead of the right cause.
    private(set) var environments: [CorpusEnvironment: (cases: Int, wrong: [String: Int])] = [:]

    /// Pairs of causes that one text cannot always tell apart: either counts as right.
    private static let partners: [Set<String>] = [
        ["crlf-line-endings", "exec-interpreter-missing"], ["command-not-found-in-image", "exec-interpreter-missing"],
        ["command-not-found-in-image", "crlf-line-endings"], ["gpu-not-visible", "torch-cpu-only"],
        ["gpu-not-visible", "command-not-found-in-image"], ["gpu-cgroup-denied", "rootless-podman"],
        ["ts-worker-died", "ts-worker-missing-module"], ["ts-worker-died", "ts-handler-init-error"],
        ["ts-worker-died", "state-dict-mismatch"], ["ts-worker-died", "oom-killed"], ["dns-failure", "docker-host-wrong"],
        ["network-timeout", "dns-failure"], ["network-timeout", "proxy-misconfigured"], ["dns-failure", "proxy-misconfigured"],
    ]

    /// With `usesPlaces` the diagnosis learns where each output comes from, as with `--where`.
    init(_ cases: [CorpusCase], symptoms: Symptoms, usesPlaces: Bool = false) {
        for item in cases {
            let places = usesPlaces ? Set([item.place].compactMap(\.self)) : []
            let context = DiagnosisContext(places: places)
            let first = Diagnosis.diagnose(output: item.output, context: context, symptoms: symptoms).first
            confusion[item.cause, default: [:]][first?.cause ?? "none", default: 0] += 1
            let right = Self.isRight(wanted: item.cause, found: first?.cause ?? "none")
            causes[item.cause, default: (0, 0)].cases += 1
            causes[item.cause, default: (0, 0)].right += right ? 1 : 0
            let environment = CorpusEnvironment(Diagnosis.facts(of: item.output, symptoms: symptoms))
            environments[environment, default: (0, [:])].cases += 1
            if !right {
                environments[environment]?.wrong["\(item.cause) → \(first?.cause ?? "none")", default: 0] += 1
                misses.append(Miss(id: item.id, wanted: item.cause, found: first?.cause ?? "none", evidence: first?.evidence?.text ?? ""))
            }
        }
    }

    /// Cases of causes with a name, and how many of them are right.
    var named: (cases: Int, right: Int) {
        causes.filter { $0.key != "none" && $0.key != Finding.unknown }.values.reduce((0, 0)) { ($0.0 + $1.cases, $0.1 + $1.right) }
    }

    private static func isRight(wanted: String, found: String) -> Bool {
        wanted == found || partners.contains([wanted, found]) || wanted == "python-script-error" && found == Finding.unknown
    }
}
