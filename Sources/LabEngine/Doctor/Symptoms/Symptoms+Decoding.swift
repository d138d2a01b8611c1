extension Symptoms {
    init(_ fields: LabFields) {
        causes = fields[optional: "causes"]?.list { $0.object(Symptom.init) } ?? []
        benign = fields[optional: "benign"]?.list { $0.object(BenignSign.init) } ?? []
        success = fields[optional: "success"]?.patterns ?? []
        failures = fields[optional: "failures"]?.patterns ?? []
        noise = fields[optional: "noise"]?.patterns ?? []
    }
}

extension Symptom {
    /// Where a failure can occur.
    enum Place: String, CaseIterable {
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
        remedies = fields["cures"].list { $0.object(Remedy.init) }
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

extension Remedy {
    init(_ fields: LabFields) {
        text = fields["text"].text
        commands = fields[optional: "run"]?.strings ?? []
        needs = fields[optional: "needs"]?.list { $0.keyword(Need.self, otherwise: .person) } ?? []
    }
}

extension BenignSign {
    init(_ fields: LabFields) {
        clauses = fields["match"].notEmpty.list(Symptom.Clause.init)
        lines = fields[optional: "lines"]?.integer ?? 0
        record = fields[optional: "record"]?.flag ?? false
        success = fields[optional: "success"]?.patterns ?? []
    }
}

extension LabValue {
    /// The pattern written here, once for each combination of its alternatives.
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
