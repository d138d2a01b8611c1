import LabSupport

extension LabSpec {
    /// The supported version of the schema.
    static let schema = 1

    /// Decodes the top of the file. A task without `text` gets an empty one, and the loader fills it in from the prose.
    init(_ fields: LabFields, directory: String) {
        let schema = fields["schema"]
        let version = schema.integer
        if schema.node != nil, version != Self.schema { schema.report(LabWording.schema(version, supported: Self.schema)) }
        self.init(
            id: fields["id"].identifier,
            title: fields["title"].text,
            summary: fields["summary"].text,
            variables: fields[optional: "variables"]?.named(LabVariable.init) ?? [],
            images: fields[optional: "images"]?.named(LabImage.init) ?? [],
            servers: fields[optional: "servers"]?.named(LabServer.init) ?? [],
            steps: fields["steps"].notEmpty.list { $0.object { LabStep($0) } },
            schedulers: fields[optional: "schedulers"]?.named(LabScheduler.init) ?? [],
            deployment: fields[optional: "deploy"]?.object { LabDeployment($0) },
            directory: directory,
            glossary: fields[optional: "glossary"]?.string,
            commands: fields[optional: "commands"]?.string)
    }
}

extension LabVariable {
    init(name: String, _ fields: LabFields) {
        self.init(
            name: name,
            title: fields[optional: "title"]?.text,
            text: fields["text"].text,
            value: fields["value"].string,
            quick: fields[optional: "quick"]?.string,
            pattern: fields[optional: "pattern"]?.string,
            perStudent: LabStudentValues(fields))
    }
}

extension LabServer {
    init(name: String, _ fields: LabFields) {
        self.init(
            name: name,
            container: fields["container"].string,
            inferencePort: fields["inference_port"].string,
            managementPort: fields["management_port"].string,
            metricsPort: fields["metrics_port"].string,
            keyFile: fields["key_file"].string)
    }
}

extension LabStep {
    init(_ fields: LabFields) {
        self.init(
            number: fields["number"].integer,
            title: fields["title"].text,
            tasks: fields["tasks"].notEmpty.list { $0.object { LabTask($0) } },
            proofs: fields[optional: "proved"]?.list { $0.object { LabProof($0) } } ?? [],
            limits: fields[optional: "not_proved"]?.list(\.text) ?? [])
    }
}

extension LabTask {
    init(_ fields: LabFields) {
        self.init(
            id: fields["id"].taskID,
            title: fields["title"].text,
            text: fields[optional: "text"]?.text ?? Text(verbatim: ""),
            needs: fields[optional: "needs"]?.taskIDs ?? [],
            action: fields["action"].object { $0.choice(LabAction.decoders, otherwise: .read(LabReadAction())) },
            checks: fields[optional: "checks"]?.list { $0.object { LabCheck($0) } } ?? [],
            expectedSeconds: fields["expected"].seconds,
            expectedQuickSeconds: fields[optional: "expected_quick"]?.seconds,
            hints: fields[optional: "hints"]?.list { $0.object { LabHint($0) } } ?? [],
            errata: fields[optional: "errata"]?.list { $0.object { LabErratum($0) } } ?? [],
            optional: fields[optional: "optional"]?.flag ?? false,
            question: fields[optional: "question"]?.object { LabQuestion($0) })
    }
}

extension LabErratum {
    init(_ fields: LabFields) {
        self.init(
            printed: fields["printed"].string, why: fields["why"].text, instead: fields["instead"].text,
            sign: fields[optional: "found"]?.object { found in
                Sign(
                    instructions: found[optional: "instructions"]?.strings ?? [], pattern: found["pattern"].string,
                    isFatal: found[optional: "fatal"]?.flag ?? true)
            })
    }
}

extension LabValue {
    /// A short name without spaces.
    fileprivate var identifier: String {
        let text = string
        if let node, !text.isEmpty { check(text, at: node.position) }
        return text
    }

    /// The entries of a mapping from names to objects.
    fileprivate func named<Element>(_ element: (String, LabFields) -> Element) -> [Element] {
        entries { entry, value in
            check(entry.key, at: entry.position)
            return value.object { element(entry.key, $0) }
        }
    }

    private func check(_ name: String, at position: LabPosition) {
        // A start reads some hundred names, and a regular expression takes longer than all the rest of that.
        let isLetter = { (scalar: Unicode.Scalar) in ("a"..."z").contains(scalar) }
        let isInner = { (scalar: Unicode.Scalar) in isLetter(scalar) || ("0"..."9").contains(scalar) || "_-".unicodeScalars.contains(scalar)
        }
        let scalars = name.unicodeScalars
        if scalars.first.map(isLetter) != true || !scalars.allSatisfy(isInner) { reporter.report(LabWording.badName(name), at: position) }
    }
}
