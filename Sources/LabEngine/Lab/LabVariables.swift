package import LabSupport

/// The values of a lab's variables for one run.
package enum LabVariables {
    /// All names that the lab can use, with their values. First come the built-in names, then the variables in their order. A variable's
    /// value can use earlier names. A value from `set` takes precedence over the student's own, over the value for `--quick`, and over the
    /// default. Without a `student` among the built-in names, everybody has the default. `own` is what an earlier run used as the student's own
    /// values; the student may have had another name since.
    ///
    /// Throws `usage.variable` with all mistakes in `set`. A value of the student's own can't be set.
    package static func resolve(
        spec: LabSpec, set: [String: String] = [:], quick: Bool = false, own: [String: String] = [:], builtIns: [String: String]
    ) throws(LabError) -> [String: String] {
        var problems = set.keys.sorted().compactMap { unknown($0, in: spec, builtIns: builtIns) }
        var values = builtIns
        for variable in spec.variables {
            let possible = builtIns["student"] == nil ? nil : variable.perStudent
            if possible != nil, let used = own[variable.name], fits(used, variable) {
                values[variable.name] = used
            } else if possible != nil, set[variable.name] != nil {
                problems.append(ownValue(variable.name))
            } else if let chosen = set[variable.name] {
                if let problem = mismatch(variable, chosen) { problems.append(problem) }
                values[variable.name] = chosen
            } else if let possible, let student = builtIns["student"] {
                values[variable.name] = possible.value(of: student, lab: spec.id, variable: variable.name)
            } else {
                values[variable.name] = try filled(quick ? variable.quick ?? variable.value : variable.value, by: values)
            }
        }
        if !problems.isEmpty { throw usage(problems, spec) }
        return values
    }

    /// True if a variable can have this value. If the pattern isn't a valid regular expression, no value matches.
    package static func fits(_ value: String, _ variable: LabVariable) -> Bool {
        guard let pattern = variable.pattern else { return true }
        return ForeignPattern.apply(pattern, to: value) { ((try? $0.wholeMatch(in: $1)) ?? nil) != nil } ?? false
    }

    private static func filled(_ value: String, by values: [String: String]) throws(LabError) -> String {
        do { return try Template(values).fill(value) } catch { throw error.labError }
    }

    private static func unknown(_ name: String, in spec: LabSpec, builtIns: [String: String]) -> Text? {
        let names = spec.variables.map(\.name)
        if names.contains(name) { return nil }
        if builtIns[name] != nil || Template.builtIns.contains(name) {
            return Text(en: "`\(name)` is set by ailab itself", zh: "`\(name)` 由 ailab 自己设定，不能修改")
        }
        guard let nearest = NearestWord.to(name, among: names) else {
            return Text(en: "there is no variable `\(name)`", zh: "没有变量 `\(name)`")
        }
        return Text(
            en: "there is no variable `\(name)`; did you mean `\(nearest)`?", zh: "没有变量 `\(name)`；是不是想写 `\(nearest)`？")
    }

    private static func ownValue(_ name: String) -> Text {
        Text(en: "`\(name)` is your own value and can't be set", zh: "`\(name)` 是你的专属取值，不能修改")
    }

    private static func mismatch(_ variable: LabVariable, _ value: String) -> Text? {
        if fits(value, variable) { return nil }
        let pattern = variable.pattern ?? ""
        return Text(
            en: "`\(variable.name)` cannot be `\(value)`; it must match \(pattern)",
            zh: "`\(variable.name)` 不能取 `\(value)`；它必须符合 \(pattern)")
    }

    private static func usage(_ problems: [Text], _ spec: LabSpec) -> LabError {
        let names = spec.variables.map { "`\($0.name)`" }
        return LabError(
            .usageVariable,
            Text(en: problems.map(\.en).joined(separator: "; "), zh: problems.map(\.zh).joined(separator: "；")),
            hint: names.isEmpty
                ? Text(en: "This lab has no variables.", zh: "这个实验没有变量。")
                : Text(
                    en: "Variables of this lab: \(names.joined(separator: ", ")).",
                    zh: "这个实验的变量有：\(names.joined(separator: "、"))。"))
    }
}

extension LabSpec {
    /// The tasks that depend on a variable: their actions or checks name it, or another variable, an image or a server that does.
    package func tasks(using variable: String) -> [TaskID] {
        // The lab is filled in twice, and only this value differs. The tasks that differ then depend on it.
        guard let one = filled(variable, as: "1"), let other = filled(variable, as: "2") else { return [] }
        let images = Set(zip(one.images, other.images).filter { $0 != $1 }.map(\.0.name))
        let servers = Set(zip(one.servers, other.servers).filter { $0 != $1 }.map(\.0.name))
        return zip(one.tasks, other.tasks).filter { a, b in
            if a.action != b.action || a.checks != b.checks { return true }
            return a.uses(at: LabPath()).contains { use in
                if case .namedImage(let name) = use.subject { return images.contains(name) }
                if case .server(let name) = use.subject { return servers.contains(name) }
                return false
            }
        }.map(\.0.id)
    }

    private func filled(_ variable: String, as value: String) -> LabSpec? {
        var values = Dictionary(uniqueKeysWithValues: Template.builtIns.map { ($0, $0) })
        for other in variables {
            guard let filled = other.name == variable ? value : try? Template(values).fill(other.value) else { return nil }
            values[other.name] = filled
        }
        return try? filled(by: Template(values))
    }
}
