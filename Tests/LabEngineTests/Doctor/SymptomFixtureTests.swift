import Diagnosis
import LabFile
import LabSupport
import Testing

/// The texts that prove the rules: `Fixtures/symptoms/<cause>.txt`, several of them divided by `%%`.
enum SymptomFixtures {
    static let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures"

    /// One output, and the cause that the rules must name first.
    struct Case {
        var id: String
        var cause: String
        var output: String
    }

    static let all: [Case] = Files.names(in: folder + "/symptoms").flatMap { name -> [Case] in
        let text = (try? Files.text("\(folder)/symptoms/\(name)")) ?? ""
        let cause = String(name.dropLast(4))
        return text.split(separator: "\n%%\n").enumerated().map { Case(id: "\(cause)-\($0 + 1)", cause: cause, output: String($1)) }
    }

    /// The vocabulary of causes.
    static let causes = ((try? Files.text(folder + "/causes.txt")) ?? "").split(separator: "\n").map(String.init)
}

@Suite("The rules about outputs") struct SymptomFixtureTests {
    private let causes = SymptomLoader.builtIn.causes

    /// Texts in which another cause shows more clearly. The right one must come second.
    private static let secondAtBest: Set<String> = ["proxy-misconfigured-4"]

    @Test("the files have no mistakes") func files() {
        let load = SymptomLoader.load(files: SymptomLoader.builtInFiles)
        #expect(load.diagnostics.map { $0.rendered(.en) } == [])
        #expect(load.symptoms.causes.count == causes.count && causes.count > 100)
    }

    @Test("a rule's own text is named by it before any other") func fixtures() {
        for fixture in SymptomFixtures.all {
            let causes = Diagnosis.diagnose(output: fixture.output, context: DiagnosisContext(), symptoms: SymptomLoader.builtIn).map(
                \.cause)
            let wanted = Self.secondAtBest.contains(fixture.id) ? causes.dropFirst().first : causes.first
            #expect(wanted ?? "none" == fixture.cause, "\(fixture.id): \(causes)")
        }
    }

    @Test("every rule has a text of its own") func everyRule() {
        let proved = Set(SymptomFixtures.all.map(\.cause))
        // What only the doctor finds is proved by its own tests.
        #expect(causes.filter(\.hasPatterns).map(\.id).filter { !proved.contains($0) } == [])
    }

    @Test("every cause is in the vocabulary, and every word of it has a rule") func vocabulary() {
        let known = Set(SymptomFixtures.causes).subtracting(["none", "unknown"])
        #expect(Set(causes.filter(\.hasPatterns).map(\.id)).symmetricDifference(known) == [])
    }

    @Test("every text is there in both languages") func languages() {
        for cause in causes {
            for text in [cause.title, cause.why] + cause.cures.flatMap({ [$0.text, $0.changes, $0.undo].compactMap(\.self) }) {
                #expect(!text.en.isEmpty && Self.isChinese(text.zh) && !Self.isChinese(text.en), "\(cause.id): \(text.en)")
            }
            #expect(!cause.cures.isEmpty, "\(cause.id)")
        }
    }

    @Test("commands that need root say so") func root() {
        for cause in causes {
            for cure in cause.cures {
                let root = cure.allCommands.contains { $0.hasPrefix("sudo ") || $0.contains("_ENGINE") || $0.hasPrefix("INSTALL ") }
                #expect(!root || cure.needs.contains(.root), "\(cause.id): \(cure.allCommands)")
            }
        }
    }

    private static func isChinese(_ text: String) -> Bool { text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
}
