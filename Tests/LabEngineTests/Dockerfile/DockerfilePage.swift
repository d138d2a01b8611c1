import LabSupport

@testable import DockerfileCheck

/// docs/dockerfile-check.md: every rule with its example, and a beginner's mistakes.
enum DockerfilePage {
    static var text: String {
        var lines = [
            "# The check of a Dockerfile", "",
            "Generated from the rules and from the tests' examples; `UPDATE_GOLDEN=1 swift test --filter LabDockerfileTests` writes it anew.",
            "",
            "ailab checks a Dockerfile when `ailab step 3.1`, `ailab verify` or the walkthrough looks at it, and before a build sends anything to",
            "the engine. `ailab lab check` checks the lab's own Dockerfiles with the same rules.", "",
            "- **error**: the build or the lab surely fails. The sub-step isn't done, and nothing is built.",
            "- **warning**: it may fail, or does something else than it seems to. It's shown and blocks nothing.",
            "- **hint**: it works; it could be better.", "",
            "The severity below is the highest that a rule has. If what is known isn't enough to be certain, it's milder: `apt-without-update` is an",
            "error only on Debian's and Ubuntu's images, and rules about BuildKit are warnings as long as no engine was asked.", "",
            "The rules `todo-left`, `want-missing` and `course-erratum` take what they know from the lab file: see `wants` and `errata` in",
            "[lab-file.md](lab-file.md).", "",
            "## A beginner's mistakes", "",
            "Each of these is made in an otherwise good file for sub-step 3.1, and named with its line before anything is built.", "",
            "| mistake | written | rule | line |", "|---|---|---|---|",
        ]
        for mistake in BeginnerMistake.all {
            let written = mistake.change.to.isEmpty ? "" : "`\(shown(mistake.change.to))`"
            lines.append("| \(mistake.what) | \(written) | `\(mistake.code)` | \(mistake.line) |")
        }
        lines += ["", "## Rules", "", "| rule | severity | finds | example |", "|---|---|---|---|"]
        for rule in DockerfileReview.rules {
            let example =
                DockerfileExample.all.first { $0.code == rule.code }.map {
                    shown($0.bad.replacing(DockerfileExample.python, with: "").replacing(DockerfileExample.from, with: ""))
                } ?? ""
            lines.append(
                "| `\(rule.code)` | \(rule.severity.rawValue) | \(cell(rule.title.en)) | \(example.isEmpty ? "" : "`\(example)`") |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first lines of an example, fit for a cell of a table.
    private static func shown(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "␍\n").split(separator: "\n").prefix(3).joined(separator: " ⏎ ")
        let plain = lines.replacing("|", with: "\\|").replacing("`", with: "'").replacing("\0", with: "␀").replacing("\u{FEFF}", with: "")
            .replacing("\u{00A0}", with: "⍽")
        return plain.count > 70 ? plain.prefix(70) + "…" : plain
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
