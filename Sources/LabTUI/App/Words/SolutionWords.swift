import LabFile
import LabSupport

/// Sentences about the lab's solution of a task.
enum SolutionWords {
    static func question(_ task: TaskID) -> Confirmation {
        Confirmation(
            title: Text(en: "Show the solution of \(task)?", zh: "显示 \(task) 的答案？"),
            lines: [Text(en: "You learn more if you try it yourself first.", zh: "建议先自己尝试。")], answer: .showSolution(task))
    }

    static func question(_ task: TaskID, _ file: LabFileAction) -> Confirmation {
        Confirmation(
            title: Text(en: "Show the reference solution of \(task)?", zh: "显示 \(task) 的参考答案？"),
            lines: [
                Text(
                    en:
                        "It's the complete \(file.path). You learn more if you write your own first: the check of your file shows what is missing.",
                    zh: "这是完整的 \(file.path)。建议先自己写：对文件的检查会显示还缺什么。"),
                Text(en: "Your own file stays as it is.", zh: "你自己的文件不会改动。"),
            ], answer: .showSolution(task))
    }
}
