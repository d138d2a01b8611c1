package import LabSupport

/// The values of a lab's variables for one run.
package enum LabVariables {
    /// All names that the lab can use, with their values. First come the built-in names, then the variables in their order. A variable's
    /// value can use earlier names. A value from `set` takes precedence over the student's own, over the value for `--quick`, and over the
    /// default. Without a `student` among the built-in names, everybody has the default.
    ///
    /// Throws `usage.variable` with all mistakes in `set`.
    package static func resolve(
        spec: LabSpec, set: [String: String] = [:], quick: Bool = false, builtIns: [String: String]
    ) throws(LabError) -> [String: String] {
        var problems = set.keys.sorted().compactMap { unknown($0, in: spec, builtIns: builtIns) }
        var values = builtIns
        for variable in spec.variables {
            if let chosen = set[variable.name] {
                if let problem = mismatch(variable, chosen) { problems.append(problem) }
                values[variable.name] = chosen
            } else if let own = variable.perStudent, let student = builtIns["student"] {
                values[variable.name] = own.value(of: student, lab: spec.id, variable: variable.name)
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
        guard let regex = try? Regex(pattern) else { return false }
        return (try? regex.wholeMatch(in: value)) != nil
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
