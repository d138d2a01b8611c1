import FoundationEssentials

/// A line that a lab's script prints for programs: `@ailab ` and one JSON object.
struct MachineLine: Decodable {
    static let prefix = "@ailab "

    private var values: [String: Double] = [:]
    private var words: [String: String] = [:]
    private var progressBody: ProgressBody?

    private struct ProgressBody: Decodable {
        var done: Double
        var total: Double?
        var unit: String?
        var label: String?
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init?(_ line: String) {
        let json = Data(line.dropFirst(Self.prefix.count).utf8)
        guard let parsed = try? JSONDecoder().decode(MachineLine.self, from: json) else { return nil }
        self = parsed
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for key in container.allKeys {
            // JSON's own escapes would carry control characters past the cleaning of the line.
            let name = SafeLines.clean(text: key.stringValue)
            if name == "progress" {
                progressBody = try? container.decode(ProgressBody.self, forKey: key)
            } else if let number = try? container.decode(Double.self, forKey: key) {
                values[name] = number
            } else if let word = try? container.decode(String.self, forKey: key) {
                words[name] = SafeLines.clean(text: word)
            }
        }
    }

    var metric: Metric? {
        guard let name = words["metric"], let value = values["value"] else { return nil }
        var more = values
        for known in ["value", "epoch", "step"] { more[known] = nil }
        return Metric(name: name, value: value, epoch: values["epoch"], step: values["step"], more: more.isEmpty ? nil : more)
    }

    var progress: Progress? {
        guard let body = progressBody else { return nil }
        let unit: Progress.Unit =
            switch body.unit {
            case "epoch", "epochs": .epochs
            case "bytes": .bytes
            case "step", "steps": .steps
            case "seconds": .seconds
            default: .items
            }
        let label = body.label.map { Text(verbatim: SafeLines.clean(text: $0)) } ?? Text(en: "Epoch", zh: "轮次")
        return Progress(label: label, done: body.done, total: body.total, unit: unit)
    }

    var source: SourceChosen? {
        guard let source = words["source"] else { return nil }
        let what = words["what"] ?? ""
        let text = words["text"] ?? ""
        return SourceChosen(what: what, source: source, standIn: words["stand_in"] == "yes", text: Text(verbatim: text))
    }
}
