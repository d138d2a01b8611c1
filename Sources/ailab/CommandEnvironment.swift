import ArgumentParser
import Glibc
import LabEngine
import LabRunner
import LabSupport

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

/// Options that every command about a lab takes.
struct LabOptions: ParsableArguments {
    @Option(
        help: help("Lab file, or the name of a lab in the folders searched.", "实验文件，或在搜索目录中的实验名称。"), completion: LabOptions.labCompletion)
    var lab: String = "lab5"

    @OptionGroup var home: HomeOption

    /// The workspace, made when missing.
    func workspace() throws -> Workspace { try Workspace(root: home.root) }

    /// The lab file: as given, else in `AILAB_LABS`, beside the program, in `./labs`.
    func labFile() throws -> String {
        let name = lab.hasSuffix(".yaml") || lab.hasSuffix(".yml") ? lab : "\(lab).yaml"
        if lab.contains("/") || Files.exists(lab) && !Files.isDirectory(lab) {
            guard Files.exists(lab) else { throw LabOptions.missing(lab, searched: [lab]) }
            return Paths.absolute(lab)
        }
        let candidates = Self.folders.map { "\($0)/\(name)" }
        guard let found = candidates.first(where: Files.exists) else { throw LabOptions.missing(lab, searched: candidates) }
        return Paths.absolute(found)
    }

    static var folders: [String] {
        var folders: [String] = []
        if let configured = Console.environment["AILAB_LABS"], !configured.isEmpty { folders.append(configured) }
        if let program = RunLauncher.executablePath {
            let parts = program.split(separator: "/").dropLast()
            folders.append("/" + parts.dropLast().joined(separator: "/") + "/share/ailab/labs")
            // Run from the build folder of a checkout.
            folders.append("/" + parts.dropLast(2).joined(separator: "/") + "/labs")
            folders.append("/" + parts.dropLast(3).joined(separator: "/") + "/labs")
        }
        return folders + ["labs"]
    }

    private static func missing(_ lab: String, searched: [String]) -> LabError {
        LabError(
            "usage.lab", Text(en: "There is no lab `\(lab)`.", zh: "没有名为 `\(lab)` 的实验。"),
            hint: Text(
                en: "Name a file with --lab, or a folder of labs with AILAB_LABS.", zh: "请用 --lab 指定实验文件，或用 AILAB_LABS 指定实验目录。"),
            cause: searched.joined(separator: "\n"))
    }
}

/// Paths as a person types them.
enum Paths {
    static func absolute(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
