/// The processes in a container, as the host's `ps` shows them.
package struct ContainerProcesses: Decodable, Sendable, Equatable {
    package var titles: [String]
    package var rows: [[String]]

    private enum CodingKeys: String, CodingKey {
        case titles = "Titles"
        case rows = "Processes"
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        titles = try fields.decodeIfPresent([String].self, forKey: .titles) ?? []
        rows = try fields.decodeIfPresent([[String]].self, forKey: .rows) ?? []
    }
}
