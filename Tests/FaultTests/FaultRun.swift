import Diagnosis
import Foundation
import LabSupport

/// The result of one fault: its row in the table.
struct FaultRow: Sendable {
    var title: String
    var injected: String
    var namedBy: String
    var cause: String
    var cure: String
    var passes: String
    /// What didn't work as expected.
    var problems: [String] = []
}

/// Injects a fault, lets ailab name it, applies the cure as printed, and runs the command again.
struct FaultRun {
    let fault: Fault
    let site: any FaultSite

    func perform() async -> FaultRow {
        var row = FaultRow(title: fault.title, injected: fault.injected, namedBy: "", cause: fault.cause, cure: "", passes: "")
        do {
            try await perform(&row)
        } catch {
            row.problems.append("\(error)")
        }
        _ = try? await site.type(fault.cleanup)
        return row
    }

    private func perform(_ row: inout FaultRow) async throws {
        let made = try await site.type(fault.inject)
        guard made.exitCode == 0 else { throw SiteFailure("not injected: \(made.text)") }
        let failed = try await site.type(fault.command)
        if !fault.endsWell, failed.exitCode == 0 { throw SiteFailure("it did not fail: \(failed.text)") }
        let (findings, by) = try await findings(failed)
        row.namedBy = by
        guard let first = findings.first, first.at("/cause")?.scalar == fault.cause else {
            throw SiteFailure("named \(findings.first?.at("/cause")?.scalar ?? "nothing") for: \(failed.text.suffix(1500))")
        }
        guard case .printed(let word) = fault.cure else {
            if case .person(let why) = fault.cure { row.cure = "— \(why)" }
            row.passes = "left to you"
            return
        }
        let commands = try Self.commands(of: first, with: word)
        row.cure = commands.map { "`\(Self.shown($0))`" }.joined(separator: " ")
        let isStep = commands.last?.hasPrefix("ailab step ") ?? false
        let look = isStep ? "" : fault.after ?? fault.command
        let script = "\(fault.at)\n" + commands.joined(separator: " || exit 97\n") + (isStep ? "" : " || exit 97\n\(look)")
        let cured = try await site.type(script)
        guard cured.exitCode == 0, cured.text.contains(fault.prints) || fault.prints.isEmpty else {
            throw SiteFailure("still fails (\(cured.exitCode)) after \(commands): \(cured.text.suffix(1500))")
        }
        row.passes = "yes"
    }

    private func findings(_ failed: Typed) async throws -> ([JSONValue], String) {
        switch fault.reader {
        case .step:
            let events = failed.text.split(separator: "\n").compactMap { JSONValue(Array($0.utf8)) }
            return (events.filter { $0.at("/type")?.scalar == "finding" }, "the step")
        case .doctor:
            guard let report = failed.text.split(separator: "\n").lazy.compactMap({ JSONValue(Array($0.utf8)) }).first,
                case .list(let ids)? = report.at("/findings"), case .list(let checks)? = report.at("/checks")
            else { throw SiteFailure("the doctor said: \(failed.text)") }
            return (ids.compactMap { id in checks.first { $0.at("/id") == id }?.at("/finding") }, "`ailab doctor`")
        case .diagnose(let arguments, let environment):
            let prompt = fault.site == .container ? "root@lab:/work#" : "student@lab:~$"
            let pasted = "\(prompt) \(fault.command.split(separator: "\n").last ?? "")\n\(failed.text)\n"
            let answer = try await site.diagnose(pasted, arguments, environment)
            guard case .list(let all)? = JSONValue(Array(answer.text.utf8))?.at("/findings") else {
                throw SiteFailure("diagnose said: \(answer.text)")
            }
            return (all, "`ailab diagnose`")
        }
    }

    /// The commands of the first remedy that contains a word. A remedy with an open word can't be typed, so it is an error.
    private static func commands(of finding: JSONValue, with word: String) throws -> [String] {
        guard case .list(let remedies)? = finding.at("/remedies") else { throw SiteFailure("no remedies") }
        for remedy in remedies {
            guard case .list(let list)? = remedy.at("/commands") else { continue }
            let commands = list.compactMap(\.scalar)
            guard commands.contains(where: { $0.contains(word) }) else { continue }
            if case .list(let open)? = remedy.at("/open"), !open.isEmpty { throw SiteFailure("open in \(commands): \(open)") }
            return commands
        }
        throw SiteFailure("no remedy with `\(word)`: \(JSONText.pretty(finding))")
    }

    /// A command without the parts that differ between runs.
    private static func shown(_ command: String) -> String {
        command.replacing(/\/var\/cache\/ailab-world-\d+/, with: "…").replacing(/=\d{5}\b/, with: "=PORT")
            .replacing(/[0-9a-f]{64}/, with: "ID").replacing(/=1\.\d\d\b/, with: "=VERSION")
            .replacing(/[\w\/.-]+\/(?<name>docker-data|ailab-home|tmp|pip)\b/) { "…/\($0.output.name)" }
            .replacing("|", with: "\\|")
    }
}
