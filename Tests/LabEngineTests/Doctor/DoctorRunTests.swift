import Foundation
import Testing

@testable import Diagnosis
@testable import Doctor
@testable import LabFile
@testable import LabSupport

@Suite("The doctor: carrying checks out") struct DoctorRunTests {
    private let title = Text(verbatim: "t")

    private func probe(_ id: String, needs: [String] = [], timeout: Duration = .seconds(20), _ look: @escaping Probe.Examination) -> Probe {
        Probe(id, title, needs: needs, timeout: timeout, look: look)
    }

    private func good(_ id: String, needs: [String] = []) -> Probe {
        probe(id, needs: needs) { _ in .good(Text(verbatim: id)) }
    }

    private func results(_ probes: [Probe], only: [String] = [], skip: [String] = []) async -> [String: ProbeResult] {
        let report = await Doctor(DoctorLab.scene(), probes: probes).report(Doctor.Selection(only: only, skip: skip))
        return Dictionary(uniqueKeysWithValues: report.results.map { ($0.id, $0) })
    }

    @Test("an error and an endless look are results, and hide what needs them") func isolation() async throws {
        let results = await results([
            probe("a.throws") { _ in throw LabError(codeText: "x", Text(en: "It broke.", zh: "坏了。")) },
            probe("a.hangs", timeout: .milliseconds(50)) { _ in
                await withCheckedContinuation { (_: CheckedContinuation<Void, Never>) in }
                return .good(Text(verbatim: "never"))
            },
            good("a.good"), good("b.child", needs: ["a.good", "a.hangs"]), good("b.grandchild", needs: ["b.child"]),
            good("b.fine", needs: ["a.good"]),
        ])
        #expect(results["a.throws"]?.standing == .undecided && results["a.throws"]?.measured.en == "It broke.")
        #expect(results["a.hangs"]?.standing == .undecided)
        #expect(results["b.child"]?.standing == .hidden && results["b.child"]?.hiddenBy == "a.hangs")
        #expect(results["b.grandchild"]?.hiddenBy == "a.hangs")
        #expect(results["b.grandchild"]?.measured == results["a.hangs"]?.measured)
        #expect(results["b.fine"]?.standing == .good)
    }

    @Test("a finding hides what needs it, a note does not, and nothing to look at does") func standings() async {
        let results = await results([
            probe("a.found") { await $0.found("disk-full", Text(verbatim: "full")) }, probe("a.note") { _ in .note(Text(verbatim: "n")) },
            probe("a.moot") { _ in .moot(Text(verbatim: "m")) }, good("b.1", needs: ["a.found"]), good("b.2", needs: ["a.note"]),
            good("b.3", needs: ["a.moot"]),
        ])
        #expect(results["a.found"]?.standing == .advice)
        #expect(results["a.moot"]?.standing == .note)
        #expect(["b.1", "b.2", "b.3"].map { results[$0]?.standing } == [.hidden, .good, .hidden])
    }

    @Test("only and skip go by the beginning of an id; parents are carried out unseen") func selection() async {
        let probes = [good("a.one"), good("ab.two"), good("a.child", needs: ["a.one"])]
        #expect(await results(probes, only: ["a"]).keys.sorted() == ["a.child", "a.one"])
        #expect(await results(probes, only: ["a.child"]).values.map(\.standing) == [.good])
        let skipped = await results(probes, skip: ["a.one"])
        #expect(skipped.keys.sorted() == ["a.child", "ab.two"] && skipped["a.child"]?.hiddenBy == "a.one")
    }

    @Test("what blocks stands before what does not, a reason before its consequence") func order() async {
        let scene = DoctorLab.scene()
        let report = await Doctor(
            scene,
            probes: [
                probe("x.advice") { await $0.found("locale-not-utf8", Text(verbatim: "")) },
                probe("x.late") { await $0.found("docker-daemon-not-running", Text(verbatim: ""), concerns: [.engine]) },
                probe("x.root") { await $0.found("docker-host-wrong", Text(verbatim: ""), concerns: [.engine]) },
            ]
        ).report()
        #expect(report.findings.map(\.id) == ["x.root", "x.late", "x.advice"])
        #expect(report.blocks && report.problems.count == 2 && report.advice.count == 1)
        #expect(DoctorWording.summary(report, of: scene.spec).en == "2 problems block steps 1, 2, 3. 1 is advice.")
    }

    @Test("a finding blocks the tasks that depend on it, and those that need their results") func blocks() {
        let concerns = LabConcerns(DoctorLab.spec(port: "8080", name: "n"))
        #expect(concerns.tasks(on: [.engine]) == ["1.2", "2.1", "2.2", "2.3", "3.1"])
        #expect(concerns.tasks(on: [.port(8080)]) == ["2.2", "2.3"])
        #expect(concerns.tasks(on: [.port(9)]) == [])
        #expect(concerns.tasks(on: [.container("n")]) == ["2.1"])
        #expect(concerns.tasks(on: [.workspace]) == ["2.1"])
        #expect(concerns.tasks(on: [.gpu]) == ["2.3"])
        #expect(concerns.tasks(on: [.image("alpine")]) == ["1.2", "2.1", "2.2", "2.3"])
        #expect(concerns.tasks(on: [.build("doctor-test:none")]) == ["3.1"])
        #expect(DoctorWording.tasks(["1.2", "2.1", "2.2", "2.3"], of: DoctorLab.spec()) == "1.2, 2")
        #expect(DoctorWording.tasks(["2.1", "2.2"], of: DoctorLab.spec()) == "2.1–2.2")
    }

    @Test("every check has an id of its own, stands behind what it needs, and names causes that exist") func probes() {
        var seen: Set<String> = []
        for probe in Doctor.probes {
            #expect(probe.id.contains(".") && !seen.contains(probe.id) && probe.needs.allSatisfy(seen.contains), "\(probe.id)")
            seen.insert(probe.id)
            for cause in probe.causes { #expect(SymptomLoader.builtIn[cause] != nil, "\(probe.id): \(cause)") }
        }
    }

    @Test("a cause without patterns is named by a check") func causes() {
        let named = Set(Doctor.probes.flatMap(\.causes))
        let unnamed = SymptomLoader.builtIn.causes.filter { !$0.hasPatterns && !named.contains($0.id) }
        #expect(unnamed.map(\.id) == [])
    }

    @Test("the page of the checks is the program's") func documentation() throws {
        let file = URL(filePath: #filePath).appending(path: "../../../../docs/doctor.md").standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- checks -->\n")
        try #require(parts.count == 3, "docs/doctor.md needs its table between two marks")
        guard parts[1] != Doctor.documentation else { return }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try [parts[0], Doctor.documentation, parts[2]].joined(separator: "<!-- checks -->\n").write(
                to: file, atomically: true, encoding: .utf8)
        }
        Issue.record("the table of docs/doctor.md differs; UPDATE_GOLDEN=1 swift test writes it anew")
    }

    @Test("dates of servers") func dates() {
        #expect(HTTPDate.seconds("Sun, 22 Nov 2026 19:54:42 GMT") == 1_795_377_282)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 12:00:00 GMT") == 1_709_208_000)
        #expect(HTTPDate.seconds("yesterday") == nil)
    }
}
