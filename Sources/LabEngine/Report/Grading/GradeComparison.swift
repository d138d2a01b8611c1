import LabFile
import LabSupport

/// Compares reports with each other: the same evidence in two of them, and other files of the lab than most have.
struct GradeComparison {
    private(set) var reports: [GradedReport]

    init(_ reports: [GradedReport]) {
        self.reports = Self.withoutCopies(reports)
        findTwins()
        findOtherLabs()
        findOwnersOfValues()
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

    /// Says who else of the class has the values that aren't the author's. If they fit several people, they fit some of them by chance:
    /// then nobody is named.
    private mutating func findOwnersOfValues() {
        // One spelling of each person, by lab.
        var people: [String: [String: String]] = [:]
        for report in reports {
            people[report.lab, default: [:]][LabStudentValues.key(report.author)] = report.author
        }
        for index in reports.indices {
            guard let place = reports[index].findings.firstIndex(where: { $0.code == .valuesDiffer }) else { continue }
            let classmates = people[reports[index].lab]?.values.map(\.self) ?? []
            let owners = classmates.filter { reports[index].values.strange(for: $0).isEmpty }
            guard let owner = owners.first else { continue }
            let text = reports[index].findings[place].text
            reports[index].findings[place].text =
                owners.count == 1
                ? Text(en: "\(text.en); they fit \(owner)", zh: "\(text.zh)；与 \(owner) 相符")
                : Text(en: "\(text.en); they fit \(owners.count) others", zh: "\(text.zh)；与另外 \(owners.count) 人相符")
        }
    }

    private mutating func findOtherLabs() {
        /// What a report says of the lab's files. Without the variables, a report would have no values to compare.
        struct Files: Hashable, Comparable {
            var digest: String
            var variables: [String]

            static func < (a: Files, b: Files) -> Bool { (a.digest, a.variables.joined()) < (b.digest, b.variables.joined()) }
        }
        func files(_ index: Int) -> Files { Files(digest: reports[index].labDigest, variables: reports[index].values.described) }
        for (_, group) in Dictionary(grouping: reports.indices, by: { reports[$0].lab }) where group.count > 2 {
            let sizes = Dictionary(grouping: group) { files($0) }.mapValues(\.count)
            guard let most = sizes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value * 2 > group.count else { continue }
            for index in group where files(index) != most.key {
                reports[index].findings.append(
                    GradeFinding(.labDiffers, en: "other lab files than most reports", zh: "实验文件与多数报告不同"))
            }
        }
    }
}
