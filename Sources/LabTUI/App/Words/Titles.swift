package import LabSupport

/// Titles of tabs, panes and dialogs.
extension Text {
    package static let tabText = Text(en: "Text", zh: "说明")
    package static let tabOutput = Text(en: "Output", zh: "输出")
    package static let tabChecks = Text(en: "Checks", zh: "检查")
    package static let tabDiagnosis = Text(en: "Diagnosis", zh: "诊断")
    package static let tabTelemetry = Text(en: "Telemetry", zh: "监控")
    package static let tabFile = Text(en: "File", zh: "文件")
    package static let tabFiles = Text(en: "Hints", zh: "提示")
    package static let steps = Text(en: "Steps", zh: "步骤")
    package static let explanation = Text(en: "Explanation", zh: "说明")
    package static let help = Text(en: "Keys", zh: "按键")
    package static let commands = Text(en: "Commands", zh: "命令")
    package static let shell = Text(en: "A shell is ready", zh: "shell 已就绪")
    package static let doctorTitle = Text(en: "This machine", zh: "本机检查")
    package static let keysTitle = Text(en: "Your key file", zh: "你的按键文件")
}
