import HostFacts
import LabSupport

/// What to do about a failure that no rule explains.
extension Diagnoser {
    /// Which program failed, words to search for, and how to ask somebody.
    func unknownAdvice(_ line: Int, hint: String? = nil) -> [Remedy] {
        let evidence = scanned.lines[line]
        let name = Self.program(of: String(evidence.content))
        let phrase = Self.searchPhrase(String(evidence.content))
        var advice: [Remedy] = []
        if let hint { advice.append(Remedy(Text(en: "Try what the program itself suggests: \(hint)", zh: "先试程序自己给出的建议：\(hint)"))) }
        if let name {
            advice.append(
                Remedy(
                    Text(
                        en:
                            "\(name.en) failed. Read that line first: the lines above usually show where it happened, the lines below are usually consequences.",
                        zh: Text.chinese("失败的是", name.zh, "。请先看这一行：它上面通常是出错的位置，下面大多是连带的后果。"))))
        } else {
            advice.append(
                Remedy(
                    Text(
                        en:
                            "Read that line first. The lines above usually show where it happened, the lines below are usually consequences.",
                        zh: "请先看这一行：它上面通常是出错的位置，下面大多是连带的后果。")))
        }
        if phrase.count > 8 {
            advice.append(Remedy(Text(en: "Search the web for these words: \"\(phrase)\"", zh: "在网上搜索这句话：\"\(phrase)\"")))
        }
        advice.append(
            Remedy(
                Text(
                    en: "To ask somebody, make a file with the machine's facts and the last run. Look through it before you send it.",
                    zh: "如需求助，生成一个包含本机信息和最近一次运行的文件。发送前请先查看其内容。"),
                commands: ["ailab doctor --bundle ailab-bundle.tar.gz"]))
        return advice
    }

    /// The part of a line that other people met, too: without paths, numbers and hashes.
    static func searchPhrase(_ line: String) -> String {
        var runs: [[Substring]] = [[]]
        for word in line.split(separator: " ").prefix(40) {
            let core = word.trimmingPrefix { "\"'`([{<".contains($0) }
            let isParticular =
                core.hasPrefix("/") || core.contains("\\") || core.hasPrefix("#") || core.contains("://") || core.count > 40
                || core.allSatisfy { $0.isNumber || ".,:;()[]-".contains($0) }
            if !isParticular {
                runs[runs.count - 1].append(word)
            } else if runs[runs.count - 1].count > 3 {
                break
            } else {
                runs.append([])
            }
        }
        // What every program says of a missing file finds nothing by itself: the words in front name the program.
        let said = runs[runs.count - 1].joined(separator: " ").lowercased()
        let words = systemErrors.contains { said.hasPrefix($0) } ? runs.flatMap(\.self) : runs[runs.count - 1]
        return words.prefix(12).joined(separator: " ").replacing("\"", with: "").trimmed.description
    }

    private static let systemErrors = [
        "no such file or directory", "permission denied", "operation not permitted", "is a directory", "not a directory", "file exists",
        "invalid argument", "connection refused",
    ]

    /// The program that a line names as its own.
    private static func program(of line: String) -> Text? {
        // The blank in front lets a sign demand the start of a word: "image: " doesn't end in apt's "E: ".
        let lower = " " + line.lowercased()
        return programs.first { lower.contains($0.sign) }.map(\.name)
    }

    private static let programs: [(sign: String, name: Text)] = [
        ("fatal:   ", Text(verbatim: "Apptainer")), ("fatal: ", Text(verbatim: "git")), ("npm err", Text(verbatim: "npm")),
        ("npm error", Text(verbatim: "npm")),
        ("error response from daemon", Text(en: "The Docker daemon", zh: "Docker 守护进程")),
        ("failed to solve", Text(en: "A build instruction", zh: "一条构建指令")),
        ("did not complete successfully", Text(en: "A build instruction", zh: "一条构建指令")),
        ("make: ***", Text(verbatim: "make")), (" e: ", Text(verbatim: "apt")), ("curl: (", Text(verbatim: "curl")),
        ("wget: ", Text(verbatim: "wget")), ("subprocess-exited-with-error", Text(verbatim: "pip")), ("pip._", Text(verbatim: "pip")),
        ("condaerror", Text(verbatim: "conda")), ("condahttperror", Text(verbatim: "conda")),
        ("libmamba", Text(verbatim: "conda")), ("error: podman", Text(verbatim: "Podman")), ("buildah", Text(verbatim: "Podman")),
        ("creating build container", Text(verbatim: "Podman")), ("error from server", Text(verbatim: "Kubernetes")),
        ("cuda", Text(verbatim: "CUDA")), ("nccl", Text(verbatim: "NCCL")),
        ("java.", Text(en: "A Java program", zh: "Java 程序")), ("org.pytorch.serve", Text(verbatim: "TorchServe")),
        ("error: ", Text(en: "The program that printed it", zh: "输出该行的程序")),
        ("exception", Text(en: "The program that printed it", zh: "输出该行的程序")),
    ]
}
