import LabEngine
import TestSupport
import Testing

@testable import ContainerEngine
@testable import Diagnosis
@testable import Doctor
@testable import LabFile
@testable import LabSupport

/// Chinese sentences have Chinese punctuation: a comma or colon of half the width, a parenthesis without air, each reads like a slip.
@Suite("Chinese punctuation")
struct ChineseTextTests {
    /// What is wrong with a text; nil where nothing is. What is quoted as code is left alone.
    static func slip(in text: String) -> String? {
        let plain = text.replacing(#/`[^`]*`/#, with: "`").replacing(#/\$\{[^}]*\}/#, with: "X")
        let han = "[\u{3400}-\u{9FFF}]"
        let patterns = ["\(han)[,;?!:(]", "[,;]\\s*\(han)", "[?!:)]\(han)", "\(han) \\(", "\\) \(han)", "\(han)\\.( |$)", "[，。；：？！] "]
        for pattern in patterns {
            if let match = (try? Regex(pattern)).flatMap({ plain.firstMatch(of: $0) }) {
                return "«\(plain[match.range])» in: \(text)"
            }
        }
        return nil
    }

    /// Without what is filled in, which is judged where it is written.
    static func withoutInterpolations(_ line: String) -> String {
        var result = ""
        var depth = 0
        var last: Character = " "
        for character in line {
            if depth == 0, character == "(", last == "\\" {
                result.removeLast()
                result += "X"
                depth = 1
            } else if depth > 0 {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
            } else {
                result.append(character)
            }
            last = character
        }
        return result
    }

    @Test func theRuleSeesASlip() {
        for text in ["没有,有", "端口: 8080 空闲", "没有:有", "镜像(小)", "镜像 (小)", "(小) 镜像", "a; 有", "真的?", "有!", "有. 没有", "有.", "没有。 有"] {
            #expect(Self.slip(in: text) != nil, "\(text)")
        }
        for text in ["没有，有：a, b", "按 ? 查看", "运行 `a:有,b` 即可", "镜像（小）", "8080、8081", "https://h:1/x 可用", "#! 行"] {
            #expect(Self.slip(in: text) == nil, "\(text)")
        }
        #expect(Self.withoutInterpolations(#"有 \(f(a, "b")) 个"#) == "有 X 个")
    }

    @Test func whatTheProgramSays() throws {
        let root = Program.checkout + "/Sources"
        let files = Files.tree(root).filter { $0.hasSuffix(".swift") }
        #expect(files.count > 300)
        var slips: [String] = []
        var lines = 0
        for file in files {
            for line in try Files.text("\(root)/\(file)").split(separator: "\n") where !line.drop(while: \.isWhitespace).hasPrefix("//") {
                guard line.unicodeScalars.contains(where: { 0x3400...0x9FFF ~= $0.value }) else { continue }
                lines += 1
                if let slip = Self.slip(in: Self.withoutInterpolations(String(line))) { slips.append("\(file): \(slip)") }
            }
        }
        #expect(slips.isEmpty, "\(slips.joined(separator: "\n"))")
        #expect(lines > 1000)
    }

    @Test func causesAndCures() {
        let texts = SymptomLoader.builtIn.causes.flatMap { symptom in
            [symptom.title, symptom.why] + symptom.cures.flatMap { [$0.text] + [$0.changes, $0.undo].compactMap(\.self) }
        }
        #expect(texts.count > 500)
        #expect(texts.compactMap { Self.slip(in: $0.zh) } == [])
    }

    @Test func theLab() throws {
        let spec = try LabSpecLoader.spec(path: Program.checkout + "/labs/lab5.yaml")
        let tasks = spec.tasks.flatMap { task in [task.title, task.text] + task.hints.map(\.text) + task.checks.compactMap(\.advice) }
        let questions = spec.tasks.compactMap(\.question).flatMap { [$0.text, $0.because] + $0.choices.map(\.text) }
        let proofs = spec.steps.flatMap { $0.proofs.map(\.text) + $0.limits }
        let terms = try #require(try spec.readGlossary()).terms.flatMap { [$0.name, $0.text] }
        let commands = try #require(try spec.readCommands()).programs.flatMap { [$0.text] + $0.options.map(\.text) + $0.operands }
        var texts = [spec.title, spec.summary] + spec.steps.map(\.title) + spec.variables.map(\.text) + spec.images.map(\.text)
        for more in [tasks, questions, proofs, terms, commands] { texts += more }
        let lines = texts.flatMap { $0.zh.split(separator: "\n").map(String.init) }
        #expect(lines.count > 200)
        // A link's address stands in parentheses of Markdown's.
        #expect(lines.map { $0.replacing(#/\]\([^)]*\)/#, with: "]") }.compactMap { Self.slip(in: $0) } == [])
    }

    /// The doctor puts its texts together from what it finds on this machine.
    @Test func theDoctorWithoutAnEngine() async throws { try await expectNoSlipOfTheDoctor("unix:///nonexistent/docker.sock") }

    @Test(.tags(.engine), .needsOfTags) func theDoctorWithAnEngine() async throws {
        try await expectNoSlipOfTheDoctor(try RealEngine.endpoint().dockerHost)
    }

    private func expectNoSlipOfTheDoctor(_ host: String) async throws {
        let home = try TemporaryDirectory()
        let spec = try LabSpecLoader.spec(path: Program.checkout + "/labs/lab5.yaml")
        let environment = ["DOCKER_HOST": host, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.path]
        let report = await Doctor(DoctorScene(environment: environment, home: home.path, lab: spec)).report()
        let texts = report.results.flatMap { result in
            [result.measured] + (result.finding.map { [$0.title, $0.why] + $0.evidence + $0.remedies.map(\.text) } ?? [])
        }
        #expect(texts.count > 30)
        #expect(texts.compactMap { Self.slip(in: $0.zh) } == [])
    }
}
