import Glibc
package import LabFile
package import LabSupport

/// The files for a platform, before they are written.
package struct Deployment: Sendable {
    /// A file with its name in the folder.
    package struct File: Sendable, Equatable {
        package var name: String
        package var content: [UInt8]
    }

    /// A command line, and what for.
    package struct Command: Sendable, Equatable {
        package enum Purpose: Sendable {
            case prepare
            case start
            case look
            case ask
            case end
            /// Leave the swarm that was begun for this.
            case leave
            /// Start it on a cluster instead.
            case cluster

            var text: Text {
                switch self {
                case .prepare: Text(en: "First", zh: "先准备")
                case .start: Text(en: "Start", zh: "启动")
                case .look: Text(en: "Check", zh: "查看")
                case .ask: Text(en: "Ask the model", zh: "请求模型")
                case .end: Text(en: "Stop", zh: "停止")
                case .leave: Text(en: "If you began the swarm for this, end it", zh: "如果 swarm 是为此创建的，结束它")
                case .cluster: Text(en: "On a cluster instead", zh: "改在集群上运行")
                }
            }
        }

        package var purpose: Purpose
        package var line: String

        init(_ purpose: Purpose, _ line: String) {
            self.purpose = purpose
            self.line = line
        }

        /// For people: what for, then the line.
        package func told(_ language: Language) -> String { Text(en: "\(purpose.text.en): ", zh: "\(purpose.text.zh)：")[language] + line }
    }

    package var target: DeployTarget
    package var model: String
    /// Lab and model.
    package var project: String
    package var files: [File]
    /// The commands that carry them out, in the folder.
    package var commands: [Command]
    /// What a reader has to know: what was left out, and what others need.
    package var notes: [Text]

    /// The files of a folder that have another content. Nobody but the student can say whether they may be replaced.
    package func differing(in folder: String) -> [String] {
        files.filter { Self.isThere("\(folder)/\($0.name)") && !isWritten($0, in: folder) }.map(\.name)
    }

    /// Writes the files into a folder, which is made if it's missing. One that has its content already stays as it is. Throws
    /// `disk.deploy`.
    package func write(to folder: String) throws(LabError) {
        do {
            try Files.makeDirectory(folder)
            for file in files where !isWritten(file, in: folder) { try Files.write(file.content, to: "\(folder)/\(file.name)") }
        } catch {
            throw LabError(
                .diskDeploy, Text(en: "The files can't be written into \(folder).", zh: "无法把文件写入 \(folder)。"),
                hint: Text(en: "Name another folder with `--output`.", zh: "请用 `--output` 指定另一个目录。"), cause: error.message.en,
                errno: error.errno)
        }
    }

    private func isWritten(_ file: File, in folder: String) -> Bool {
        (try? Files.read("\(folder)/\(file.name)")) == file.content
    }

    /// A link that leads nowhere is there, too.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
