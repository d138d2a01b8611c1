/// Compares reports with each other: the same evidence in two of them, and other files of the lab than most have.
struct GradeComparison {
    private(set) var reports: [GradedReport]

    init(_ reports: [GradedReport]) {
        self.reports = Self.withoutCopies(reports)
        findTwins()
        findOtherLabs()
    }

    /// The same report as a page and as JSON, side by side with the same name, counts once.
    private static func withoutCopies(_ reports: [GradedReport]) -> [GradedReport] {
        var seen: Set<String> = []
        return reports.filter { report in
            let stem = report.path.lastIndex(of: ".").map { String(report.path[..<$0]) } ?? report.path
            return seen.insert("\(report.digest) \(stem)").inserted
        }
    }

    private mutating func findTwins() {
        var owners: [String: [Int]] = [:]
        for (index, report) in reports.enumerated() {
            for piece in report.evidence { owners[piece, default: []].append(index) }
        }
        var others: [Set<Int>] = Array(repeating: [], count: reports.count)
        for group in owners.values where group.count > 1 {
            // A class that submits one report together must not take a square of its number.
            for index in group { others[index].formUnion(group.prefix(Self.named + 1)) }
        }
        for (index, all) in others.enumerated() {
            let others = all.subtracting([index]).sorted()
            let strange = others.filter { reports[$0].author != reports[index].author }
            let mine = others.filter { reports[$0].author == reports[index].author }
            if !strange.isEmpty {
                let names = strange.prefix(Self.named).map { "\(reports[$0].author) (\(reports[$0].path))" }.joined(separator: ", ")
                reports[index].findings.append(
                    GradeFinding(.evidenceTwice, en: "the same runs or containers as \(names)", zh: "与 \(names) 有相同的运行或容器"))
            } else if !mine.isEmpty {
                let names = mine.prefix(Self.named).map { reports[$0].path }.joined(separator: ", ")
                reports[index].findings.append(
                    GradeFinding(.submittedTwice, en: "the same work is in \(names)", zh: "\(names) 中有同一份作业"))
            }
        }
    }

    /// How many others a finding names.
    private static let named = 3

    private mutating func findOtherLabs() {
        for (_, group) in Dictionary(grouping: reports.indices, by: { reports[$0].lab }) where group.count > 2 {
            let sizes = Dictionary(grouping: group) { reports[$0].labDigest }.mapValues(\.count)
            guard let most = sizes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value * 2 > group.count else { continue }
            for index in group where reports[index].labDigest != most.key {
                reports[index].findings.append(
                    GradeFinding(.labDiffers, en: "other lab files than most reports", zh: "实验文件与多数报告不同"))
            }
        }
    }
}
