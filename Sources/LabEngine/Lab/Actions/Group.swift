/// `group:` — starts several containers on a network of their own. They find each other by their host names.
package struct LabGroupAction: Sendable, Equatable {
    /// A container of the group, or several of the same kind.
    package struct Member: Sendable, Equatable {
        package var container: LabContainer
        /// The name by which the others find it.
        package var host: String
        /// How many of them, as text, because it may be a variable. Nil for one.
        package var count: String?

        package init(container: LabContainer, host: String, count: String? = nil) {
            self.container = container
            self.host = host
            self.count = count
        }
    }

    package var network: String
    package var members: [Member]

    package init(network: String, members: [Member]) {
        self.network = network
        self.members = members
    }
}

extension LabGroupAction {
    /// The most containers of one kind.
    package static let maximumCount = 32

    /// Each container and its host name. A member with a count has several: their names end with `-1`, `-2` …, their host names with `1`, `2` ….
    package var each: [(container: LabContainer, host: String)] { members.flatMap(\.each) }
}

extension LabGroupAction.Member {
    fileprivate var each: [(container: LabContainer, host: String)] {
        guard let count else { return [(container, host)] }
        // Before variables are filled in, a count is unknown. Then all possible names count as made.
        let number = min(Int(count) ?? LabGroupAction.maximumCount, LabGroupAction.maximumCount)
        return (0..<max(number, 0)).map { index in
            var one = container
            one.name += "-\(index + 1)"
            return (one, "\(host)\(index + 1)")
        }
    }

    init(_ fields: LabFields) {
        self.init(
            container: fields["container"].object(LabContainer.init), host: fields["host"].string,
            count: fields[optional: "count"]?.string)
    }

    package func filled(by template: Template) throws(TemplateError) -> Self {
        Self(
            container: try container.filled(by: template), host: try host.filled(by: template), count: try count.filled(by: template))
    }
}

extension LabGroupAction.Member: Templated {}

extension LabGroupAction: LabActionKind {
    static var key: String { "group" }

    init(_ value: LabValue) {
        self = value.object { fields in
            LabGroupAction(
                network: fields["network"].string,
                members: fields["members"].notEmpty.list { $0.object(Member.init) })
        }
    }

    var action: LabAction { .group(self) }

    package func filled(by template: Template) throws(TemplateError) -> LabGroupAction {
        LabGroupAction(network: try network.filled(by: template), members: try members.filled(by: template))
    }

    func uses(at path: LabPath) -> [LabUse] {
        members.enumerated().flatMap { index, member in
            let place = path["members"][index]["container"]
            return member.container.uses(at: place) + [LabUse(.newContainer(member.container.name), place["name"])]
        }
    }

    func makes(in spec: LabSpec) -> [LabUse.Subject] { each.map { .container($0.container.name) } }

    func check(with rules: LabSpecRules, at path: LabPath) {
        for (index, member) in members.enumerated() {
            guard let count = member.count.flatMap(rules.filled), !(1...Self.maximumCount ~= Int(count) ?? 0) else { continue }
            rules.report(LabWording.badCount(count, most: Self.maximumCount), at: path["members"][index]["count"])
        }
    }

    var concerns: [LabConcern] { members.flatMap(\.container.concerns) }

    var startedContainer: LabContainer? { members.first?.container }

    var hasResult: Bool { true }

    var exhibits: [LabExhibit] { [] }

    var isInteractive: Bool { false }
}
