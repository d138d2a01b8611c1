import Diagnosis
import Doctor
import LabFile
import LabSupport
import LabTUI
import Testing

@Suite("The doctor's box") struct DoctorBoxTests {
    private static let sizes = [(120, 40), (80, 24), (48, 12)]

    private static func result(_ id: String, _ standing: ProbeResult.Standing, _ measured: Text, finding: DoctorFinding? = nil)
        -> ProbeResult?
    {
        Doctor.probes.first { $0.id == id }.map { ProbeResult($0, standing, measured, finding: finding) }
    }

    private static let port = DoctorFinding(
        cause: "port-in-use", title: Text(en: "The port is taken", zh: "端口已被占用"),
        why: Text(en: "Another process listens on this port already.", zh: "另一个进程已在监听该端口。"),
        evidence: [Text(en: "8080 is held by python3 (pid 4242)", zh: "8080 被 python3（pid 4242）占用")],
        remedies: [
            Remedy(
                Text(en: "Let the lab use another port.", zh: "让实验改用另一个端口。"), commands: ["ailab step 4 --set inference_port=18080"])
        ],
        blocks: [TaskID(step: 4, number: 3), TaskID(step: 4, number: 4)], after: [])

    /// A machine with one problem, in the order in which its checks ended.
    private static var results: [ProbeResult] {
        let engine = Text(en: "docker 20.10.24 at unix:///var/run/docker.sock", zh: "docker 20.10.24，位于 unix:///var/run/docker.sock")
        var all = [
            result("host.locale", .good, Text(verbatim: "C.UTF-8")), result("engine.socket", .good, engine),
            result("gpu.device", .note, Text(en: "No NVIDIA graphics processor. The CPU is used.", zh: "没有 NVIDIA 显卡，使用 CPU。")),
            result("ports.lab", .problem, Text(en: "8080 is held by python3", zh: "8080 被 python3 占用"), finding: port),
        ]
        for id in ["gpu.driver", "gpu.nodes", "gpu.library"] {
            guard let probe = Doctor.probes.first(where: { $0.id == id }) else { continue }
            all.append(ProbeResult(probe, .hidden, Text(en: "no GPU", zh: "没有显卡"), hiddenBy: "gpu.device"))
        }
        return all.compactMap { $0 }
    }

    private func golden(_ name: String, _ steps: (inout Session) -> Void) throws {
        for language in Language.allCases {
            for (columns, rows) in Self.sizes {
                var session = try Session.started(columns, rows, language)
                session.press("d")
                steps(&session)
                expectGolden(session.frame, "doctor-\(name)-\(columns)x\(rows)-\(language.rawValue)")
            }
        }
    }

    @Test func whileItLooks() throws {
        try golden("first") { session in
            for result in Self.results.prefix(2) { session.take(.examined(result)) }
        }
    }

    @Test func whatItFound() throws {
        try golden("found") { session in
            for result in Self.results { session.take(.examined(result)) }
            session.take(.examinationEnded)
            session.press("<enter>")
        }
    }

    @Test func theSelectionStaysWhereItIsWhileOthersArrive() throws {
        var session = try Session.started(80, 24)
        session.press("d")
        #expect(session.effects.contains(.doctor(Size(columns: 80, rows: 24))))
        session.take(.examined(try #require(Self.results.first)))
        session.press("<down>")
        for result in Self.results { session.take(.examined(result)) }
        session.press("<enter>")
        #expect(session.screen.contains("Locale"))
        #expect(!session.screen.contains("The port is taken"))
    }

    @Test func aCommandIsCopiedAndTheLookIsRepeated() throws {
        var session = try Session.started(80, 24)
        session.press("d")
        for result in Self.results { session.take(.examined(result)) }
        session.take(.examinationEnded)
        session.forgetEffects()
        session.press("<home>yr")
        #expect(session.effects == [.terminal(.copy("ailab step 4 --set inference_port=18080")), .doctor(Size(columns: 80, rows: 24))])
        session.press("<esc>d")
        #expect(session.effects.count == 2, "what is being looked at is not begun again")
    }

    @Test func aFailureIsExplainedFirst() throws {
        var session = try Session.started(80, 24, runs: ["refused"])
        session.press("4nnd")
        #expect(!session.effects.contains { if case .doctor = $0 { true } else { false } })
        session.press("d")
        #expect(session.effects.contains { if case .doctor = $0 { true } else { false } })
    }
}
