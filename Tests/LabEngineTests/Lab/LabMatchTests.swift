import LabFile
import LabSupport
import Testing

@Suite struct LabMatchTests {
    /// A pattern that is only a text is shown as that text.
    @Test(arguments: [
        ("\\bbin\\b", "bin"), ("accuracy", "accuracy"), ("^Hello\\.$", "Hello."), ("a b", "a b"), ("\\bbin", "bin"), ("1\\+1", "1+1"),
    ]) func texts(_ pattern: String, _ words: String) { #expect(LabMatch(pattern: pattern).words == words) }

    @Test(arguments: ["(.+)", "a.c", "\\d+", "a|b", "[ab]", "x*", "", "\\b", "a\\"]) func patterns(_ pattern: String) {
        #expect(LabMatch(pattern: pattern).words == nil)
    }
}
