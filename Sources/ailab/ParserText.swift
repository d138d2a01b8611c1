import LabSupport

/// What ArgumentParser says by itself (headings, mistakes in arguments), in Chinese.
///
/// ArgumentParser has no place for a second language, and its errors have no codes, so the patterns follow the wording of the version that
/// Package.swift pins. A line that no pattern knows stays English; `ParserTextTests` provokes every message that our commands can get.
enum ParserText {
    /// The text in Chinese.
    static func chinese(_ text: String) -> String {
        let remarked = remarks.reduce(text) { text, rule in text.replacing(rule.0) { rule.1($0.output.1) } }
        return remarked.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
    }

    /// What stands in brackets behind an option; the help breaks lines inside it.
    private nonisolated(unsafe) static let remarks: [(Regex<(Substring, Substring)>, @Sendable (Substring) -> String)] = [
        (#/\ *\(values:\s+([^()]*)\)/#, { "（可选值：\(flat($0).replacing("; default: ", with: "；默认："))）" }),
        (#/\ *\(default:\s+([^()]*)\)/#, { "（默认：\(flat($0))）" }),
    ]

    private static func flat(_ text: Substring) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    private static func line(_ line: Substring) -> String {
        for (begin, zh) in beginnings where line.hasPrefix(begin) { return zh + message(line.dropFirst(begin.count)) }
        return message(line)
    }

    private static let beginnings: [(String, String)] = [
        ("OVERVIEW: ", "概述："), ("USAGE: ", "用法："), ("Usage: ", "用法："), ("Error: ", "错误："), ("Help:  ", "说明："), ("   or: ", "   或："),
    ]

    /// A message or a fixed phrase of the help.
    private static func message(_ line: Substring) -> String {
        for (pattern, zh) in messages {
            guard let found = try? pattern.wholeMatch(in: line) else { continue }
            return (1..<found.output.count).reduce(zh) { text, index in
                text.replacing("{\(index)}", with: (found.output[index].substring ?? "").replacing(#/' (?:or|and) '/#, with: "' 或 '"))
            }
        }
        return phrases.reduce(String(line)) { $0.replacing($1.0, with: $1.1) }
    }

    private nonisolated(unsafe) static let messages: [(Regex<AnyRegexOutput>, String)] = [
        (Regex(#/ARGUMENTS:/#), "参数："), (Regex(#/OPTIONS:/#), "选项："), (Regex(#/SUBCOMMANDS:/#), "子命令："),
        (Regex(#/\ *See '(.+)' for (?:more information|detailed help)\./#), "  运行 '{1}' 查看详细说明。"),
        (Regex(#/Unknown option '(.+)'\. Did you mean '(.+)'\?/#), "没有选项 '{1}'；是不是想写 '{2}'？"),
        (Regex(#/Unknown option '(.+)'/#), "没有选项 '{1}'"),
        (Regex(#/Missing value for '(.+)' in '(.+)'/#), "'{2}' 中的 '{1}' 缺少值"),
        (Regex(#/Missing value for '(.+)'/#), "'{1}' 缺少值"),
        (Regex(#/Missing expected argument '(.+)'/#), "缺少参数 '{1}'"),
        (Regex(#/Missing one of: (.+)/#), "缺少以下之一：{1}"),
        (Regex(#/Missing required subcommand\./#), "缺少子命令。"),
        (Regex(#/The option '(.+)' does not take any value, but '(.*)' was specified\./#), "选项 '{1}' 不带值，却给出了 '{2}'。"),
        (Regex(#/Unexpected argument '(.*)'/#), "多余的参数 '{1}'"),
        (Regex(#/(\d+) unexpected arguments: (.*)/#), "{1} 个多余的参数：{2}"),
        (Regex(#/Value to be set with flag (.+) had already been set with flag (.+)/#), "{1} 与 {2} 不能同时使用"),
        (Regex(#/The value '(.*)' is invalid for '(.+?)'\. Please provide one of (.+)\./#), "'{1}' 不能用作 '{2}' 的值。可选值：{3}。"),
        (Regex(#/The value '(.*)' is invalid for '(.+?)'(?:: (.*))?/#), "'{1}' 不能用作 '{2}' 的值"),
        (Regex(#/Invalid option: (.+)/#), "无效的选项：{1}"),
    ]

    private static let phrases: [(String, String)] = [
        (" (default)", "（默认）"), ("Show the version.", "显示版本。"), ("Show help information.", "显示帮助。"),
        ("Show subcommand help information.", "显示子命令的帮助。"),
    ]
}
