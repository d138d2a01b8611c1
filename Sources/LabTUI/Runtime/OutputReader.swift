import LabRunner

/// Reads pieces of a run's raw output.
struct OutputReader: Sendable {
    private let workspace: Workspace

    init(_ workspace: Workspace) { self.workspace = workspace }

    func read(_ request: OutputRequest) -> OutputAnswer {
        let folder = workspace.run(request.run)
        let bytes = request.pieces.map { Output(stream: $0.stream, offset: $0.offset, length: $0.length).bytes(in: folder) }
        return OutputAnswer(request: request, bytes: bytes)
    }
}
