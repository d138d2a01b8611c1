package import LabSupport

/// A value of the lab file, to be decoded.
///
/// If the value has the wrong type, that is reported and an empty value is returned. So decoding needs no branches, and one pass finds all
/// mistakes.
package struct LabValue {
    /// Nil if the value is missing and that is already reported. Everything decoded from it is empty.
    package let node: LabNode?
    package let reporter: LabReporter
    private let key: String
    /// In the list of that key, from 1.
    private let number: Int?

    package init(node: LabNode? = nil, name: String, number: Int? = nil, reporter: LabReporter) {
        self.node = node
        self.reporter = reporter
        key = name
        self.number = number
    }

    /// The key, for messages, such as `needs` or `needs[2]`.
    package var name: String { number.map { "\(key)[\($0)]" } ?? key }

    package func report(_ message: Text, suggestion: String? = nil) {
        guard let node else { return }
        reporter.report(message, at: node.position, suggestion: suggestion)
    }

    /// The scalar as it's written. Numbers and truth values count as texts, too.
    package var string: String {
        scalar(LabWording.Kind.text)?.text ?? ""
    }

    package var integer: Int {
        guard let scalar = scalar(LabWording.Kind.integer) else { return 0 }
        guard scalar.plain, let value = Int(scalar.text) else { return mismatch(LabWording.Kind.integer, 0) }
        return value
    }

    /// How many of something. A billion of anything would keep this machine busy for ever.
    var count: Int {
        let count = integer
        guard !(0...Self.maximumCount).contains(count) else { return count }
        report(LabWording.badCount("\(count)", most: Self.maximumCount))
        return 1
    }

    private static let maximumCount = 10_000

    package var flag: Bool {
        guard let scalar = scalar(LabWording.Kind.flag) else { return false }
        guard scalar.plain, let value = Bool(scalar.text) else { return mismatch(LabWording.Kind.flag, false) }
        return value
    }

    /// A number of seconds, from a number or from `2m40s`.
    var seconds: Int {
        guard let scalar = scalar(LabWording.Kind.duration) else { return 1 }
        guard let value = LabDuration.seconds(scalar.text) else { return mismatch(LabWording.Kind.duration, 1) }
        if value <= 0 { report(LabWording.durationNotPositive(name)) }
        return value
    }

    var taskID: TaskID {
        guard let scalar = scalar(LabWording.Kind.taskID) else { return .unreadable }
        return TaskID(scalar.text) ?? mismatch(LabWording.Kind.taskID, .unreadable)
    }

    /// `{en: …, zh: …}`.
    package var text: Text {
        object(as: LabWording.Kind.translated) { Text(en: $0["en"].string, zh: $0["zh"].string) }
    }

    /// The same, or one text that counts for both languages.
    package var textOrTexts: Text {
        guard case .mapping? = node?.content else { return Text(verbatim: string) }
        return text
    }

    package var strings: [String] { list(\.string) }

    /// The same, or one text.
    package var stringOrStrings: [String] {
        if case .list? = node?.content { return notEmpty.strings }
        return [string]
    }

    var taskIDs: [TaskID] { list(\.taskID) }

    package var dictionary: [String: String] {
        Dictionary(entries { ($0.key, $1.string) }) { first, _ in first }
    }

    /// One of a fixed set of words.
    package func keyword<Word: RawRepresentable<String> & CaseIterable>(_: Word.Type = Word.self, otherwise: Word) -> Word {
        guard let scalar = scalar(LabWording.Kind.text) else { return otherwise }
        if let word = Word(rawValue: scalar.text) { return word }
        let valid = Word.allCases.map(\.rawValue)
        report(LabWording.unknownWord(scalar.text, for: name, valid: valid), suggestion: NearestWord.to(scalar.text, among: valid))
        return otherwise
    }

    /// The items of a list.
    package func list<Element>(_ element: (LabValue) -> Element) -> [Element] {
        guard let node else { return [] }
        guard case .list(let items) = node.content else { return mismatch(LabWording.Kind.list, []) }
        let list = name
        return items.enumerated().map { element(LabValue(node: $1, name: list, number: $0 + 1, reporter: reporter)) }
    }

    /// The same value. An empty list is reported.
    package var notEmpty: LabValue {
        if case .list(let items) = node?.content, items.isEmpty { report(LabWording.empty(name)) }
        return self
    }

    /// The entries of a mapping whose keys the author chooses, in the order of the file.
    package func entries<Element>(_ element: (LabNode.Entry, LabValue) -> Element) -> [Element] {
        guard let node else { return [] }
        guard case .mapping(let entries) = node.content else { return mismatch(LabWording.Kind.names, []) }
        return entries.map { element($0, LabValue(node: $0.value, name: $0.key, reporter: reporter)) }
    }

    /// A mapping whose keys the schema defines.
    package func object<Result>(as kind: Text = LabWording.Kind.mapping, _ body: (LabFields) -> Result) -> Result {
        var found: [LabNode.Entry]?
        if let node {
            if case .mapping(let entries) = node.content { found = entries } else { mismatch(kind, ()) }
        }
        let fields = LabFields(entries: found, of: self)
        defer { fields.finish() }
        return body(fields)
    }

    /// The meaning of a key whose only valid value is `true`.
    func trueMeaning<Meaning>(_ meaning: Meaning) -> Meaning {
        if case .scalar("true", plain: true) = node?.content { return meaning }
        return mismatch(LabWording.Kind.onlyTrue, meaning)
    }

    private func scalar(_ kind: Text) -> (text: String, plain: Bool)? {
        guard let node else { return nil }
        guard case .scalar(let text, let plain) = node.content, !(plain && text.isEmpty) else { return mismatch(kind, nil) }
        return (text, plain)
    }

    private func mismatch<Value>(_ kind: Text, _ otherwise: Value) -> Value {
        if let node { report(LabWording.wrongType(name, expected: kind, found: node.kind)) }
        return otherwise
    }
}

extension TaskID {
    /// Replaces an unreadable id. The rules ignore it, because its mistake is already reported.
    static let unreadable = TaskID(step: 0, number: 0)
}

/// Durations in the lab file.
enum LabDuration {
    /// A year. Sums of durations stay far from overflowing.
    private static let secondsLimit = 366 * 86_400

    /// `160`, `160s`, `2m40s` or `1h`. Nil if it isn't a duration.
    static func seconds(_ text: String) -> Int? {
        if let seconds = Int(text) { return (-secondsLimit...secondsLimit).contains(seconds) ? seconds : nil }
        guard !text.isEmpty else { return nil }
        var (total, rest) = (0, Substring(text))
        for (unit, seconds, digits) in [("h", 3600, 4), ("m", 60, 6), ("s", 1, 8)] as [(Character, Int, Int)] {
            let number = rest.prefix { $0.isASCII && $0.isNumber }
            guard rest.dropFirst(number.count).first == unit else { continue }
            guard (1...digits).contains(number.count), let count = Int(number) else { return nil }
            total += count * seconds
            rest = rest.dropFirst(number.count + 1)
        }
        return rest.isEmpty ? total : nil
    }
}
