import ContainerEngine
import LabFile
import LabSupport

extension TaskContext {
    /// Puts the student's copy of a file into the workspace and waits for them to work on it.
    func provide(_ action: LabFileAction) throws {
        let path = run.workPath(action.path)
        if run.options.auto {
            notice(
                "file.reference",
                Text(
                    en: "Unattended: the reference solution \(action.reference) is used.", zh: "自动模式：使用参考答案 \(action.reference)。"))
            return
        }
        let template = try Files.read(run.labPath(action.template))
        if !Files.exists(path) {
            try Files.makeDirectory(run.files)
            try Files.write(template, to: path)
            created(.file, path)
        }
        guard try Files.read(path) == template else { return }
        throw WaitsForStudent(
            LabError(
                "student.file", Text(en: "Your file \(path) is still the empty template.", zh: "你的文件 \(path) 还是未填写的模板。"),
                hint: Text(
                    en: "Fill it in with your editor, then run the step again. `--auto` uses the reference solution instead.",
                    zh: "请用编辑器完成它，然后再次运行本步骤；加 `--auto` 则使用参考答案。")))
    }

    /// Runs a command in a running container.
    func exec(_ action: LabExecAction) async throws {
        let code = try await withLimit(action.timeout, what: action.command.first ?? "exec") {
            try await execute(action.command, in: action.container, user: action.user)
        } onGiveUp: {
        }
        guard code == 0 else { throw execError(action.command, code) }
    }

    /// Runs a command in a container, its output into the log; returns the exit code. Cancelling ends the command, which would go on
    /// without anybody who listens.
    func execute(_ command: [String], in container: String, user: String? = nil) async throws -> Int {
        var config = ExecConfig(command)
        config.user = user
        let docker = try await docker
        let exec = try await docker.createEndableExec(container, config)
        // Only what was asked to start can still run.
        try Task.checkCancellation()
        return try await cleaningUpOnCancel {
            for try await chunk in try await docker.startExec(exec.id) {
                output(chunk.bytes, chunk.channel == .stderr ? .stderr : .stdout)
            }
            return try await docker.exitCode(ofExec: exec.id)
        } cleanup: {
            if await !docker.end(exec) { tellLeft(command, in: container) }
        }
    }

    private func tellLeft(_ command: [String], in container: String) {
        let name = SafeLines.clean(text: command.first ?? "")
        notice(
            "exec.left",
            Text(
                en: "`\(name)` may still run in \(container), where nothing could end it. `docker top \(container)` shows it, "
                    + "`docker restart \(container)` ends it.",
                zh: "`\(name)` 可能仍在容器 \(container) 中运行，无法结束它。`docker top \(container)` 可查看，`docker restart \(container)` 可结束它。"),
            level: .warning)
    }

    func execError(_ command: [String], _ code: Int) -> LabError {
        LabError(
            "exec.exit",
            Text(en: "`\(command.first ?? "")` ended with exit code \(code).", zh: "`\(command.first ?? "")` 以退出码 \(code) 结束。"),
            hint: Text(en: "The lines above it in the output say why.", zh: "它之前的输出说明了原因。"),
            cause: transcript.withLock { $0.last(12) }, exitCode: code)
    }

    /// Lists the lab's containers, those that ended included.
    func listContainers() async throws {
        let containers = try await docker.listContainers(all: true, labels: ["\(Label.workspace)=\(run.workspace.id)"])
        let rows = containers.map { [$0.names.first ?? String($0.id.prefix(12)), $0.image, $0.statusText] }
        fact(
            "containers.list",
            Text(
                en: TextTable.text([["NAME", "IMAGE", "STATUS"]] + rows), zh: TextTable.text([["名称", "镜像", "状态"]] + rows)))
    }

    /// Copies between the workspace and a container.
    func copy(_ action: LabCopyAction) async throws {
        let outside = run.workPath(action.outside)
        switch action.direction {
        case .into:
            let name = outside.split(separator: "/").last.map(String.init) ?? ""
            let bytes = try Files.read(outside)
            let archive = TarWriter([TarEntry(name: Array(name.utf8), mode: 0o644, modified: 0, content: .memory(bytes))])
            try await docker.upload(archive.body, to: action.inside, in: action.container)
        case .out:
            try Files.makeDirectory(outside)
            for skipped in try await docker.download(action.inside, from: action.container, to: outside).skipped {
                let name = SafeLines.clean(text: skipped)
                notice("copy.skipped", Text(en: "Left out: \(name)", zh: "已跳过：\(name)"), level: .warning)
            }
        }
        created(.file, outside)
    }
}

/// Thrown by an action that cannot go on without the student.
struct WaitsForStudent: Error {
    var reason: LabError
    init(_ reason: LabError) { self.reason = reason }
}

/// Rows with columns of one width each, for output that is text anyway.
package enum TextTable {
    /// The rows as lines of one text.
    package static func text(_ rows: [[String]]) -> String { lines(rows).joined(separator: "\n") }

    /// Columns are padded by terminal cells, of which East Asian characters take two.
    package static func lines(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? width($0[column]) : 0 }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: max(0, widths[index] - width(cell)))
            }.joined(separator: "  ")
        }
    }

    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + (0x1100...0xFFDC ~= $1.value && !(0x2000...0x2E7F ~= $1.value) ? 2 : 1) }
    }
}
