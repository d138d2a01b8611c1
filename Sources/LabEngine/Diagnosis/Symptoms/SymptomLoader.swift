internal import CSymptoms
package import LabFile
import LabSupport

/// The result of reading rule files.
package struct SymptomLoad: Sendable {
    /// The rules that could be read.
    package var symptoms: Symptoms
    /// All mistakes in the files, with line and column.
    package var diagnostics: [LabDiagnostic]
}

/// Reads the rules of the diagnosis: `symptoms/*.yaml`, which are built into the program.
package enum SymptomLoader {
    /// The schema of rule files that this version reads.
    package static let schema = 1

    /// The rules that are built into this program. The tests prove that they have no mistakes.
    package static let builtIn: Symptoms = load(files: builtInFiles).symptoms

    /// The names and texts of the built-in files.
    package static var builtInFiles: [(name: String, text: String)] {
        (0..<csymptoms_count()).map { index in
            let file = csymptoms_file(index)
            let bytes = UnsafeBufferPointer(start: file.bytes, count: file.size)
            return ("symptoms/" + String(cString: file.name), String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Reads all rule files together, because a cause may refer to one in another file.
    ///
    /// Among findings that are equal otherwise, the earlier rule wins. So the files' names decide about their order, not how they came here.
    package static func load(files: [(name: String, text: String)]) -> SymptomLoad {
        let reporter = LabReporter()
        var all = Symptoms()
        func baseName(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
        for file in files.sorted(by: { baseName($0.name) < baseName($1.name) }) {
            guard let root = LabYAML.parse(file.text, file: file.name, reporter: reporter) else { continue }
            all.add(LabValue(node: root, name: "", reporter: reporter).object { read($0, reporter) })
        }
        useSetups(&all, reporter)
        check(all, reporter)
        return SymptomLoad(symptoms: all, diagnostics: reporter.diagnostics.sorted())
    }

    private static func read(_ fields: LabFields, _ reporter: LabReporter) -> Symptoms {
        let version = fields["schema"]
        let number = version.integer
        if version.node != nil, number != schema { version.report(LabWording.schema(number, supported: schema)) }
        return Symptoms(fields)
    }

    private static func check(_ symptoms: Symptoms, _ reporter: LabReporter) {
        var seen: Set<String> = []
        let place = LabPosition(file: "symptoms", line: 1, column: 1)
        for cause in symptoms.causes where !seen.insert(cause.id).inserted {
            reporter.report(Text(en: "the cause `\(cause.id)` is defined twice", zh: "原因 `\(cause.id)` 重复定义"), at: place)
        }
        for cause in symptoms.causes {
            for condition in cause.cures.map(\.condition) { checkFacts(condition, of: cause, symptoms, reporter, at: place) }
            for other in cause.after where !seen.contains(other) {
                reporter.report(
                    Text(en: "`\(cause.id)` comes after `\(other)`, which isn't a cause", zh: "`\(cause.id)` 排在 `\(other)` 之后，但没有这个原因"),
                    at: place)
            }
        }
    }
}

extension SymptomLoader {
    /// Puts the tables' commands into the cures that name a set-up. Cures and tables are in different files.
    private static func useSetups(_ symptoms: inout Symptoms, _ reporter: LabReporter) {
        let place = LabPosition(file: "symptoms", line: 1, column: 1)
        for (cause, symptom) in symptoms.causes.enumerated() {
            for (index, cure) in symptom.cures.enumerated() {
                guard let name = cure.setup else { continue }
                let rows = symptoms.setups.filter { $0.name == name }
                if rows.isEmpty {
                    reporter.report(
                        Text(
                            en: "`\(symptom.id)` names the set-up `\(name)`, which no table has",
                            zh: "`\(symptom.id)` 使用了表中没有的配置步骤 `\(name)`"),
                        at: place)
                }
                symptoms.causes[cause].cures[index].variants = rows.map { RemedyRule.Variant(traits: $0.traits, commands: $0.commands) }
            }
        }
    }

    /// A condition may name only values that some output can reveal.
    private static func checkFacts(
        _ condition: RemedyCondition, of cause: Symptom, _ symptoms: Symptoms, _ reporter: LabReporter, at place: LabPosition
    ) {
        for (fact, values) in Array(condition.when) + Array(condition.not) + Array(condition.either) {
            for value in values where !symptoms.facts.contains(where: { $0.fact == fact && $0.value == value }) {
                reporter.report(
                    Text(
                        en: "`\(cause.id)` depends on `\(fact.rawValue): \(value)`, which no rule for facts reveals",
                        zh: "`\(cause.id)` 依赖 `\(fact.rawValue): \(value)`，但没有规则能从输出得知它"), at: place)
            }
        }
    }
}

extension Symptoms {
    fileprivate mutating func add(_ other: Symptoms) {
        causes += other.causes
        benign += other.benign
        success += other.success
        failures += other.failures
        hints += other.hints
        noise += other.noise
        translations += other.translations
        facts += other.facts
        lacking += other.lacking
        values.merge(other.values) { first, _ in first }
        names += other.names
        wheels += other.wheels
        setups += other.setups
        if !other.drivers.newest.isEmpty { drivers = other.drivers }
    }
}
