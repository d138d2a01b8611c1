import Testing

@testable import Diagnosis

@Suite("Messages in other languages") struct TranslationTests {
    private let translations = SymptomLoader.builtIn.translations

    @Test(
        "a message is read in English, with its argument in place",
        arguments: [
            ("E: 无法定位软件包 gcc-15", "E: Unable to locate package gcc-15"),
            ("E: Paket gcc-15 kann nicht gefunden werden.", "E: Unable to locate package gcc-15"),
            ("找不到命令 “docker”，但可以通过以下软件包安装它：", "Command “docker” not found, 但可以通过以下软件包安装它："),
            ("bash: docker: 未找到命令", "bash: docker: command not found"),
            ("bash: docker: Kommando nicht gefunden.", "bash: docker: command not found."),
            ("libGL.so.1: 无法打开共享对象文件: 没有那个文件或目录", "libGL.so.1: cannot open shared object file: No such file or directory"),
            ("docker : 无法将“docker”项识别为 cmdlet", "docker : The term “docker” is not recognized as the name of a cmdlet cmdlet"),
        ])
    func english(_ line: String, _ english: String) { #expect(translations.english(line) == english) }

    @Test("English, and what only looks like a message, stays as it is") func others() {
        for line in ["E: Unable to locate package gcc-15", "━━━━ 12/12 MB", "训练完成，准确率 98%", "Das Training ist fertig."] {
            #expect(translations.english(line) == nil)
        }
        #expect([Translation("Sperre * fehlt", "lock * is gone")].compactMap(\.self).english("Sperre 7 ist da") == nil)
    }

    @Test("a message needs its gap in both languages, and text before it") func mistakes() {
        #expect(Translation("* fehlt", "* is gone") == nil)
        #expect(Translation("Sperre * fehlt", "lock is gone") == nil)
        #expect(Translation("Sperre *", "lock *") == nil)
        #expect(Translation("Sperre * fehlt", "* is gone") != nil)
    }

    @Test("the evidence is the line as it was printed, and values are read from it") func evidence() {
        let found = Diagnosis.diagnose(output: "$ apt-get install foo\nE: Paket foo kann nicht gefunden werden.")
        #expect(found.first?.cause == "apt-package-not-found")
        #expect(found.first?.evidence?.text == "E: Paket foo kann nicht gefunden werden.")
        #expect(found.first?.remedies.contains { $0.commands.contains { $0.contains("install -y foo") } } == true)
    }

    @Test("a line of a flood without such messages costs no translation") func occurring() {
        #expect(translations.occurring(in: String(repeating: "Epoch 1: loss 0.1\n", count: 100)).isEmpty)
        #expect(translations.occurring(in: "bash: x: 未找到命令").count == 1)
    }
}
