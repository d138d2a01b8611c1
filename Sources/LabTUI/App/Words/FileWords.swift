import DockerfileCheck
package import LabEngine
package import LabFile
import LabRunner
package import LabSupport

/// Sentences about the file that the student writes.
package enum FileWords {
    /// How the file stands, and what comes next.
    package static func standing(_ file: ExaminedFile) -> Text {
        switch file.state {
        case .missing: return Text(en: "Your turn: there is no \(file.path) yet.", zh: "轮到你了：还没有 \(file.path)。")
        case .template: return Text(en: "Your turn: this is the template. Replace its TODOs.", zh: "轮到你了：这还是模板，请完成其中的 TODO。")
        case .reference, .own: break
        }
        return file.isFine ? Text(en: "No mistakes.", zh: "没有错误。") : mistakes(file)
    }

    /// How many mistakes there are, and where. What's only missing has no line of its own: the ticks say it.
    private static func mistakes(_ file: ExaminedFile) -> Text {
        let mistakes = (file.review?.besideTicks ?? []).filter { $0.severity == .error }
        guard !mistakes.isEmpty else { return Text(en: "Your turn: something is still missing.", zh: "轮到你了：还没有写完。") }
        let lines = Set(mistakes.map(\.place.line)).sorted()
        let shown = { (comma: String) in
            lines.prefix(6).map(String.init).joined(separator: comma) + (lines.count > 6 ? " …" : "")
        }
        let count = count(mistakes.count)
        return Text(
            en: "Your turn: \(count.en) in line\(lines.count == 1 ? "" : "s") \(shown(", ")).",
            zh: "轮到你了：第 \(shown("、")) 行有 \(count.zh)。")
    }

    package static func wants(_ met: Int, of all: Int) -> Text {
        Text(en: "What the lab needs: \(met) of \(all)", zh: "实验要求：\(met)/\(all)")
    }

    /// A file became right, and its task is done.
    package static func done(_ file: String, _ task: TaskID) -> Text {
        Text(en: "\(file) has no mistakes: \(task) is done.", zh: "\(file) 没有错误，\(task) 已完成。")
    }

    package static let optional = Text(en: " (optional)", zh: "（可选）")

    /// Which file a build uses, and how that stands.
    package static func built(_ file: ExaminedFile) -> Text {
        switch file.state {
        case .missing:
            Text(en: "It builds your \(file.path), which doesn't exist yet.", zh: "这一小节会用你的 \(file.path) 构建，但该文件还不存在。")
        case .template:
            Text(en: "It builds your \(file.path), which is still the template.", zh: "这一小节会用你的 \(file.path) 构建，但它还是模板。")
        case .reference, .own:
            file.isFine
                ? Text(en: "It builds your \(file.path), which has no mistakes.", zh: "这一小节会用你的 \(file.path) 构建，该文件没有错误。")
                : Text(
                    en: "It builds your \(file.path), which isn't right yet. `e` edits it.", zh: "这一小节会用你的 \(file.path) 构建，但它还有错误，按 `e` 编辑。"
                )
        }
    }

    /// What an unattended run does with a file.
    package static func unattended(_ path: String, _ file: ExaminedFile?) -> Text {
        switch file?.state {
        case nil: Text(en: "\(path) hasn't been read yet", zh: "尚未读取 \(path)")
        case .missing?:
            Text(en: "there is no \(path) yet: the reference solution is used", zh: "还没有 \(path)，将使用参考答案")
        case .template?:
            Text(en: "\(path) is still the template: the reference solution is used", zh: "\(path) 还是模板，将使用参考答案")
        case .reference?:
            Text(en: "\(path) is the reference solution", zh: "\(path) 就是参考答案")
        case .own?:
            file?.isFine == true
                ? Text(en: "it uses your \(path)", zh: "使用你的 \(path)")
                : Text(
                    en: "your \(path) isn't right yet (\(Self.count(file?.errors ?? 0).en)): the run stops here",
                    zh: "你的 \(path) 还有 \(Self.count(file?.errors ?? 0).zh)，运行会停在这里")
        }
    }

    private static func count(_ errors: Int) -> Text {
        Text(en: errors == 1 ? "1 mistake" : "\(errors) mistakes", zh: "\(errors) 处错误")
    }
}
