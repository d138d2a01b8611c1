import FoundationEssentials
import LabSupport

/// A line that a lab's script prints for ailab: `@ailab ` and one JSON object.
struct MachineLine: Decodable {
    static let prefix = "@ailab "

    private var values: [String: Double] = [:]
    private var words: [String: String] = [:]
    private var progressBody: ProgressBody?
    /// `{"row":{"job":"a1","seconds":3,"what":{"en":"…","zh":"…"}}}`: a row of the table that an `experiment` makes.
    private(set) var row: [String: ResultTable.Cell]?

    private struct ProgressBody: Decodable {
        var done: Double
        var total: Double?
        var unit: String?
        var label: String?
    }

    /// A number, a text, or a text in both languages.
    private struct RowCell: Decodable {
        var cell: ResultTable.Cell

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                cell = .number(nil)
            } else if let number = try? container.decode(Double.self) {
                cell = .number(number)
            } else if let word = try? container.decode(String.self) {
                cell = .text(Text(verbatim: SafeLines.clean(text: word)))
            } else {
                let both = try container.decode([String: String].self)
                let english = SafeLines.clean(text: both["en"] ?? "")
                cell = .text(Text(en: english, zh: both["zh"].map { SafeLines.clean(text: $0) } ?? english))
            }
        }
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
            // JSON's own escapes would get control characters past the cleaning of the line.
            let name = SafeLines.clean(text: key.stringValue)
            if name == "progress" {
                progressBody = try? container.decode(ProgressBody.self, forKey: key)
            } else if name == "row" {
                row = try? container.decode([String: RowCell].self, forKey: key).mapValues(\.cell)
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
        let (unit, usual) = Self.unit(body.unit ?? "")
        let label = body.label.map { Text(verbatim: SafeLines.clean(text: $0)) } ?? usual
        return Progress(label: label, done: body.done, total: body.total, unit: unit)
    }

    /// A unit in the singular or plural, and the label of the progress if the script gives none.
    private static func unit(_ word: String) -> (Progress.Unit, Text) {
        switch word {
        case "epoch", "epochs": (.epochs, Text(en: "Epoch", zh: "轮次"))
        case "byte", "bytes": (.bytes, Text(en: "Received", zh: "已接收"))
        case "step", "steps": (.steps, Text(en: "Step", zh: "步骤"))
        case "second", "seconds": (.seconds, Text(en: "Seconds", zh: "秒"))
        default: (.items, Text(en: "Done", zh: "已完成"))
        }
    }

    /// `{"source":"packaged","name":"…","what":"…"}`: something came from this source. `name` is the place, and `source` its kind.
    var source: SourceChosen? {
        guard let kind = words["source"] else { return nil }
        let place = words["name"] ?? kind
        let what = words["what"] ?? words["network"] ?? ""
        return SourceChosen(
            what: what, source: place, standIn: words["stand_in"] == "yes",
            text: Text(verbatim: place == kind ? "" : kind))
    }

    /// `{"source_failed":"mirror","name":"…","reason":"…"}`: a source failed.
    var sourceFailed: SourceFailed? {
        guard let kind = words["source_failed"] else { return nil }
        let error = LabError(
            .sourceFailed, Text(en: "It isn't available.", zh: "该来源不可用。"), cause: words["reason"])
        return SourceFailed(
            what: words["what"] ?? words["network"] ?? "", source: words["name"] ?? kind, error: error)
    }
}
