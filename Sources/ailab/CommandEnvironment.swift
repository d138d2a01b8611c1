import ArgumentParser
import LabEngine
import LabRunner

/// The workspace that a command works in.
struct HomeOption: ParsableArguments {
    @Option(
        name: .customLong("home"),
        help: help("Workspace; otherwise AILAB_HOME, otherwise the XDG state folder.", "工作区；默认取 AILAB_HOME，否则为 XDG 状态目录。"),
        completion: .directory)
    var home: String?

    var root: String {
        var environment = Console.environment
        if let home { environment["AILAB_HOME"] = home }
        return Workspace.defaultRoot(environment: environment)
    }
}

/// Who works in the workspace.
struct NameOption: ParsableArguments {
    @Option(
        help: help(
            "Who you are, with your number if you have one. The workspace keeps it.", "你的姓名，有学号的话也写上；会保存在工作区中。"))
    var name: String?

    mutating func validate() throws {
        if let name, !name.contains(where: { !$0.isWhitespace }) {
            throw ValidationError(said("--name takes a name.", "--name 后需要一个姓名。"))
        }
    }

    /// Keeps the name, if one was given.
    func keep(in workspace: Workspace) throws {
        if let name { try StudentName.save(name, workspace.root) }
    }
}

/// Options that every command about a lab takes.
struct LabOptions: ParsableArguments {
    @Option(
        help: help("Lab file, or the name of a lab in the folders searched.", "实验文件，或在搜索目录中的实验名称。"), completion: LabOptions.labCompletion)
    var lab: String = LabSearch.usual

    @OptionGroup var home: HomeOption

    /// The workspace, made when missing.
    func workspace() throws -> Workspace { try Workspace(root: home.root) }

    /// The lab opened in the workspace. Throws what is wrong with either.
    func opened() throws -> OpenedLab {
        try OpenedLab(try workspace(), file: try labFile(), environment: Console.environment)
    }

    /// The words that mean this lab in another command. None for the usual one.
    var words: [String] { lab == LabSearch.usual ? [] : ["--lab", lab] }

    /// The lab file: as given, else in `AILAB_LABS`, beside the program, in `./labs`.
    func labFile() throws -> String { try LabSearch(environment: Console.environment).file(lab) }

    static var folders: [String] { LabSearch(environment: Console.environment).folders }
}
