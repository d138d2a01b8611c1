import LabSupport
import LabTUI
import Testing

@Suite struct CatalogueTests {
    @Test func noKeyIsTakenTwice() { #expect(KeyMap.clashes.isEmpty) }

    @Test func everyCommandHasANameOfItsOwn() {
        let names = KeyMap.bindings.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func theDocumentationIsCurrent() { expectFile(KeyMap.documentation, Fixture.documentation) }
}
