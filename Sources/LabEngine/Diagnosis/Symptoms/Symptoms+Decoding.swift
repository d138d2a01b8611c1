import LabFile
import LabSupport

extension Symptoms {
    init(_ fields: LabFields) {
        causes = fields[optional: "causes"]?.list { $0.object(Symptom.init) } ?? []
        benign = fields[optional: "benign"]?.list { $0.object(BenignSign.init) } ?? []
        success = fields[optional: "success"]?.patterns ?? []
        failures = fields[optional: "failures"]?.patterns ?? []
        hints = fields[optional: "hints"]?.patterns ?? []
        noise = fields[optional: "noise"]?.patterns ?? []
        translations = fields[optional: "translations"]?.list { $0.object(Translation.read) }.flatMap { $0 } ?? []
        facts = fields[optional: "facts"]?.list { $0.object(FactRule.init) } ?? []
        lacking = fields[optional: "lacking"]?.list { $0.object(LackingPrograms.init) } ?? []
        values = fields[optional: "values"]?.fills ?? [:]
        names = fields[optional: "names"]?.list { $0.object(NameTable.init) } ?? []
        wheels = fields[optional: "wheels"]?.list { $0.object(WheelTable.Row.init) } ?? []
        setups = fields[optional: "setups"]?.list { $0.object(SetupRow.init) } ?? []
        drivers = fields[optional: "drivers"]?.object(WheelTable.Drivers.init) ?? WheelTable.Drivers()
    }
}

extension Translation {
    /// The messages in all other languages that say the same.
    fileprivate static func read(_ fields: LabFields) -> [Translation] {
        let english = fields["to"].string
        return fields["from"].notEmpty.list { value -> Translation? in
            let translation = Translation(value.string, english)
            if translation == nil {
                value.report(
                    Text(
                        en: "a message needs three bytes before its gap, and a gap exactly where the English one has one",
                        zh: "消息的空位前至少要有三个字节；英文消息有空位时它也要有"))
            }
            return translation
        }.compactMap(\.self)
    }
}

extension Symptom {
    /// Where a failure can occur.
    package enum Place: String, Sendable, CaseIterable {
        case build, pull, run, container, train, archive, serve, request, daemon, host
    }

    init(_ fields: LabFields) {
        id = fields["id"].string
        places = fields["where"].notEmpty.list { $0.keyword(Place.self, otherwise: .host).rawValue }
        title = fields["title"].text
        why = fields["why"].text
        clauses = fields[optional: "match"]?.list(Clause.init) ?? []
        recovers = fields[optional: "recovers"]?.flag ?? false
        after = fields[optional: "after"]?.strings ?? []
        codes = fields[optional: "codes"]?.strings ?? []
        fills = fields[optional: "fill"]?.fills ?? [:]
        cures = fields["cures"].list { $0.object(RemedyRule.init) }
    }
}

extension Symptom.Clause {
    init(_ value: LabValue) {
        if case .mapping = value.node?.content {
            self = value.object(Symptom.Clause.init)
        } else {
            self.init(any: value.pattern)
        }
    }

    init(_ fields: LabFields) {
        any = fields["any"].notEmpty.patterns
        with = fields[optional: "with"]?.list(\.pattern) ?? []
        within = fields[optional: "within"]?.integer ?? 0
        unless = fields[optional: "unless"]?.patterns ?? []
        absent = fields[optional: "absent"]?.patterns ?? []
        strength = fields[optional: "strength"]?.keyword(otherwise: .sure) ?? .sure
        evidence = fields[optional: "evidence"]?.keyword(otherwise: .line) ?? .line
    }
}

extension RemedyRule {
    init(_ fields: LabFields) {
        text = fields["text"].text
        variants = fields[optional: "run"].map(Self.variants) ?? []
        setup = fields[optional: "setup"]?.string
        retry = fields[optional: "retry"]?.object(RetryRule.init)
        needs = fields[optional: "needs"]?.list { $0.keyword(Remedy.Need.self, otherwise: .person) } ?? []
        place = fields[optional: "in"]?.keyword(otherwise: .shell) ?? .shell
        changes = fields[optional: "changes"]?.text
        undo = fields[optional: "undo"]?.text
        isOwn = fields[optional: "own"]?.flag ?? false
        traits = fields[optional: "for"]?.traits ?? []
        condition = RemedyCondition(
            when: fields[optional: "when"]?.facts ?? [:], not: fields[optional: "not"]?.facts ?? [:],
            either: fields[optional: "either"]?.facts ?? [:],
            seen: fields[optional: "seen"]?.patterns ?? [], absent: fields[optional: "absent"]?.patterns ?? [])
        required = fields[optional: "require"]?.strings ?? []
        unknown = fields[optional: "unknown"]?.strings ?? []
        isLook = fields[optional: "look"]?.flag ?? false
        isForLabs = fields[optional: "lab"]?.flag ?? false
        isForHost = fields[optional: "host"]?.flag ?? false
    }

    /// Reads a list of commands, or a list of variants for different kinds of machines.
    private static func variants(_ value: LabValue) -> [Variant] {
        guard case .list(let items) = value.node?.content, case .mapping? = items.first?.content else {
            return [Variant(traits: [], commands: value.notEmpty.strings)]
        }
        return value.list { item in
            item.object { fields in Variant(traits: fields[optional: "for"]?.traits ?? [], commands: fields["do"].notEmpty.strings) }
        }
    }
}

extension RetryRule {
    init(_ fields: LabFields) {
        auto = fields[optional: "auto"]?.flag ?? false
        quick = fields[optional: "quick"]?.flag ?? false
        force = fields[optional: "force"]?.flag ?? false
        device = fields[optional: "device"]?.keyword(otherwise: .cpu)
        set = fields[optional: "set"]?.dictionary ?? [:]
    }
}

extension FactRule {
    init(_ fields: LabFields) {
        fact = fields["fact"].keyword(otherwise: .tried)
        value = fields["is"].string
        label = fields[optional: "label"]?.text
        patterns = fields[optional: "match"]?.patterns ?? []
        regexes = fields[optional: "regex"]?.strings ?? []
        near = fields[optional: "near"]?.string ?? ""
        isWeak = fields[optional: "weak"]?.flag ?? false
    }
}

extension LackingPrograms {
    init(_ fields: LabFields) {
        fact = fields["fact"].keyword(otherwise: .os)
        value = fields["is"].string
        programs = Set(fields[optional: "programs"]?.strings ?? [])
        parts = fields[optional: "parts"]?.strings ?? []
        words = fields[optional: "words"]?.strings ?? []
    }
}

extension NameTable {
    init(_ fields: LabFields) {
        word = fields["word"].string
        source = fields["from"].string
        names = fields[optional: "of"]?.dictionary ?? [:]
        for name in fields[optional: "same"]?.strings ?? [] { names[name] = name }
    }
}

extension WheelTable.Row {
    init(_ fields: LabFields) {
        card = fields[optional: "card"]?.strings.map(WheelTable.Version.init) ?? []
        driver = fields[optional: "driver"]?.strings.map(WheelTable.Version.init) ?? []
        python = fields[optional: "python"]?.strings.map(WheelTable.Version.init) ?? []
        install = fields["install"].string
        windows = fields[optional: "windows"]?.string
        cuda = fields["cuda"].string
        source = fields["source"].string
        date = fields["date"].string
    }
}

extension WheelTable.Drivers {
    init(_ fields: LabFields) {
        newest = fields["newest"].dictionary
        source = fields["source"].string
        date = fields["date"].string
    }
}

extension SetupRow {
    init(_ fields: LabFields) {
        name = fields["name"].string
        traits = fields[optional: "for"]?.traits ?? []
        commands = fields["do"].notEmpty.strings
        source = fields["source"].string
        date = fields["date"].string
    }
}

extension LabValue {
    /// Words in capitals with the regular expressions that find their values.
    fileprivate var fills: [String: [String]] { Dictionary(entries { ($0.key, $1.strings) }) { first, _ in first } }

    /// Facts with the values that are meant.
    fileprivate var facts: [TextFact: [String]] {
        let pairs = entries { entry, value -> (TextFact, [String]) in
            if TextFact(rawValue: entry.key) == nil {
                let valid = TextFact.allCases.map(\.rawValue).joined(separator: ", ")
                value.report(Text(en: "`\(entry.key)` isn't a fact; the facts are: \(valid)", zh: "没有名为 `\(entry.key)` 的事实；可用的有：\(valid)"))
            }
            return (TextFact(rawValue: entry.key) ?? .tried, value.strings)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    fileprivate var traits: [RemedyFacts.Trait] { list { $0.keyword(RemedyFacts.Trait.self, otherwise: .docker) } }
}

extension BenignSign {
    init(_ fields: LabFields) {
        clauses = fields["match"].notEmpty.list(Symptom.Clause.init)
        lines = fields[optional: "lines"]?.integer ?? 0
        record = fields[optional: "record"]?.flag ?? false
        command = fields[optional: "command"]?.flag ?? false
        success = fields[optional: "success"]?.patterns ?? []
    }
}

extension LabValue {
    /// The patterns of this text, one for each combination of its alternatives.
    fileprivate var pattern: [SymptomPattern] {
        let source = string
        guard !source.isEmpty else { return [] }
        do {
            return try SymptomPattern.all(source)
        } catch {
            report(error.message)
            return []
        }
    }

    fileprivate var patterns: [SymptomPattern] { list(\.pattern).flatMap { $0 } }
}
