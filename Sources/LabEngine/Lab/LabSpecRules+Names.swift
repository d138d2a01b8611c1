import LabSupport

extension LabSpecRules {
    /// Images and servers must be declared in their sections.
    func checkUses() {
        for use in uses {
            switch use.subject {
            case .namedImage(let name) where !name.isEmpty && spec.image(name) == nil:
                let nearest = NearestWord.to(name, among: spec.images.map(\.name))
                report(LabWording.unknownImage(name), at: use.path, suggestion: nearest)
            case .server(let name) where !name.isEmpty && spec.server(name) == nil:
                let nearest = NearestWord.to(name, among: spec.servers.map(\.name))
                report(LabWording.unknownServer(name), at: use.path, suggestion: nearest)
            default: break
            }
        }
    }

    /// A variable can't have one of ailab's own names, and its values must match its pattern.
    func checkVariables() {
        for variable in spec.variables {
            let path = LabPath()["variables"][variable.name]
            if Template.builtIns.contains(variable.name) {
                reporter.report(LabWording.builtInVariable(variable.name), at: source.keyPosition(path))
            }
            if case .tooLong(let name) = fault(variable.value) { report(LabWording.variableTooLong(name), at: path["value"]) }
            if let pattern = variable.pattern, !isThorough || !compiles(pattern, at: path["pattern"]) { continue }
            for (key, value) in [("value", variable.value), ("quick", variable.quick ?? "")] {
                guard let value = filled(value), !LabVariables.fits(value, variable) else { continue }
                report(LabWording.valueUnlikePattern(value, variable.pattern ?? ""), at: path[key])
            }
            for (key, value) in variable.perStudent?.examples ?? [] where !LabVariables.fits(value, variable) {
                report(LabWording.valueUnlikePattern(value, variable.pattern ?? ""), at: path[key])
            }
        }
    }

    /// Each `${name}` in the file and its prose must be known.
    func checkTemplates() {
        let all = spec.variables.map(\.name) + Template.builtIns
        source.eachScalar { path, text in
            guard Template.isTemplate(text), let known = namesKnown(at: path, all: all) else { return }
            check(text, known: known) { source.position(of: $0, in: path) }
        }
        for file in prose {
            check(file.text, known: all) { file.position(of: $0) }
        }
    }

    private func check(_ text: String, known: [String], position: (String) -> LabPosition) {
        for piece in Template.pieces(of: text) where reporter.takes(.error) {
            switch piece {
            case .name(let name) where !known.contains(name) && spec.variables.contains { $0.name == name }:
                reporter.report(LabWording.laterVariable(name), at: position("${\(name)}"))
            case .name(let name) where !known.contains(name):
                reporter.report(
                    LabWording.unknownVariable(name), at: position("${\(name)}"), suggestion: NearestWord.to(name, among: known))
            case .unclosed(let rest): reporter.report(LabWording.unclosedVariable(rest), at: position(rest.firstLine))
            default: break
            }
        }
    }

    /// The names that a text may use. A variable's value may use only earlier variables. Nil for a variable's pattern and for the
    /// values of students, which aren't templates.
    private func namesKnown(at path: LabPath, all: [String]) -> [String]? {
        let parts = path.parts
        guard parts.count >= 3, parts[0] == .key("variables") else { return all }
        if parts[2] == .key("pattern") || parts[2] == .key("among") { return nil }
        guard parts[2] == .key("value") || parts[2] == .key("quick") else { return all }
        return Template.builtIns + spec.variables.map(\.name).prefix { .key($0) != parts[1] }
    }

    /// Whatever is declared must be used.
    func checkUnused() {
        var texts = prose.map(\.text)
        source.eachScalar { texts.append($1) }
        let names = texts.filter(Template.isTemplate).flatMap(Template.pieces).compactMap {
            if case .name(let name) = $0 { name } else { nil }
        }
        let uses = uses.map(\.subject)
        warn(
            "variables", unused: spec.variables.map(\.name).filter { !names.contains($0) && !uses.contains(.variable($0)) },
            LabWording.unusedVariable)
        warn("images", unused: spec.images.map(\.name).filter { !uses.contains(.namedImage($0)) }, LabWording.unusedImage)
        warn("servers", unused: spec.servers.map(\.name).filter { !uses.contains(.server($0)) }, LabWording.unusedServer)
    }

    private func warn(_ section: String, unused: [String], _ message: (String) -> Text) {
        for name in unused {
            reporter.report(message(name), at: source.keyPosition(LabPath()[section][name]), severity: .warning)
        }
    }
}
