import LabSupport
import LabTUI
import Testing

@Suite struct CatalogueTests {
    @Test(arguments: Word.allCases) func bothLanguagesSayIt(_ word: Word) {
        let text = word.text
        #expect(text.en != "?" && !text.en.isEmpty)
        #expect(!text.zh.isEmpty)
        if word == .keyLanguage { return }
        #expect(!text.en.unicodeScalars.contains { $0.value >= 0x3000 })
        #expect(text.zh.unicodeScalars.contains { $0.value >= 0x3000 }, "\(text.zh) is not Chinese")
    }

    @Test func noKeyIsTakenTwice() { #expect(KeyMap.clashes.isEmpty) }

    @Test func everyCommandHasANameOfItsOwn() {
        let names = KeyMap.bindings.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func theDocumentationIsCurrent() { expectFile(KeyMap.documentation, Fixture.documentation) }
}
