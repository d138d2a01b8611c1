import LabEngine
import Testing

@Suite("Reading a lab file") struct LabSpecLoaderTests {
    @Test("a good file becomes a lab") func good() throws {
        let load = MiniLab.load()
        #expect(load.diagnostics.map { $0.rendered(.en) } == [])
        let spec = try #require(load.spec)
        #expect(spec.tasks.map(\.id.description) == ["1.1", "1.2", "2.1", "2.2", "2.3"])
        #expect(spec.variables.map(\.name) == ["port", "epochs"])
    }
}
