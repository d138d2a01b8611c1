import Testing

@testable import ContainerEngine
@testable import LabRunner

@Suite("Output that is read again after the engine was away") struct PassedOutputTests {
    @Test("Only what is new is passed on, whatever the pieces") func replay() {
        var passed = PassedOutput()
        var first = passed.reading(of: "c")
        #expect(passed.take(OutputChunk(.stdout, [1, 2, 3]), &first) == [1, 2, 3])
        #expect(passed.take(OutputChunk(.stderr, [9]), &first) == [9])
        var second = passed.reading(of: "c")
        #expect(passed.take(OutputChunk(.stdout, [1]), &second) == [])
        #expect(passed.take(OutputChunk(.stderr, [9, 8]), &second) == [8])
        #expect(passed.take(OutputChunk(.stdout, [2, 3, 4, 5]), &second) == [4, 5])
        #expect(passed.take(OutputChunk(.stdout, [6]), &second) == [6])
        var third = passed.reading(of: "c")
        #expect(passed.take(OutputChunk(.stdout, [1, 2, 3, 4, 5, 6, 7]), &third) == [7])
        var other = passed.reading(of: "d")
        #expect(passed.take(OutputChunk(.stdout, [1]), &other) == [1])
    }
}
