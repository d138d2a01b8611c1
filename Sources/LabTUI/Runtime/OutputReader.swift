import LabRunner
import LabSupport

/// Reads pieces of a run's raw output.
final class OutputReader: Sendable {
    private let workspace: Workspace
    /// The file that was read last stays open: a flood is read many times a second.
    private let opened = Locked<(run: Int, file: OpenedFile)?>(nil)

    init(_ workspace: Workspace) { self.workspace = workspace }

    func read(_ request: OutputRequest) -> OutputAnswer {
        let file = file(of: request.run)
        let bytes = request.pieces.map { Output(stream: $0.stream, offset: $0.offset, length: $0.length).bytes(in: file) }
        return OutputAnswer(request: request, bytes: bytes)
    }

    private func file(of run: Int) -> OpenedFile? {
        opened.withLock { opened in
            if let opened, opened.run == run, !opened.file.isRemoved { return opened.file }
            opened = OpenedFile(workspace.run(run).output).map { (run, $0) }
            return opened?.file
        }
    }
}
