import LabTUI
import Testing

@Suite struct EditorCommandTests {
    @Test(arguments: [
        (["vi"], ["vi", "+6", "/f"]), (["/usr/bin/nvim", "-u", "NONE"], ["/usr/bin/nvim", "-u", "NONE", "+6", "/f"]),
        (["nano"], ["nano", "+6", "/f"]), (["emacs", "-nw"], ["emacs", "-nw", "+6", "/f"]), (["micro"], ["micro", "+6", "/f"]),
        (["hx"], ["hx", "/f:6"]), (["code", "--wait"], ["code", "--wait", "-g", "/f:6"]), (["mine"], ["mine", "/f"]),
    ]) func opensAtTheLine(_ editor: [String], _ words: [String]) {
        #expect(EditorCommand(editor).words("/f", line: 6) == words)
        #expect(EditorCommand(editor).words("/f", line: nil) == editor + ["/f"])
    }
}
