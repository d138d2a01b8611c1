import LabSupport

/// The possible values of a variable that differs from student to student. The student's name and number choose one of them.
package enum LabStudentValues: Sendable, Equatable {
    /// A whole number from the first to the second.
    case between(Int, Int)
    /// One of these texts. There is at least one.
    case among([String])

    /// The value of this student. It stays the same on every machine, because it depends on nothing but the names.
    package func value(of student: String, lab: String, variable: String) -> String {
        let hash = SHA256.hex(of: "\(lab)\n\(variable)\n\(Self.key(student))".utf8)
        let number = UInt64(hash.prefix(16), radix: 16) ?? 0
        switch self {
        case .between(let first, let last):
            let count = UInt64(truncatingIfNeeded: last &- first) &+ 1
            return String(first &+ Int(truncatingIfNeeded: count == 0 ? number : number % count))
        case .among(let values):
            return values[Int(number % UInt64(values.count))]
        }
    }

    /// What two spellings of one person have in common: the words of the name and the number, in any order, case and width, without an
    /// address. docs/grading.md says what makes no difference.
    package static func key(_ student: String) -> String {
        let words = Spelling.plain(student).split { $0.isWhitespace || ",;<>()、".contains($0) }
        let names = words.filter { !$0.contains("@") }
        return (names.isEmpty ? words : names).flatMap { Spelling.parts(of: $0) }.sorted().joined(separator: " ")
    }
}

extension LabStudentValues {
    /// Nil if all students have the same value. Also nil if something is wrong, which is reported.
    init?(_ fields: LabFields) {
        let (flag, between, among) = (fields[optional: "per_student"], fields[optional: "between"], fields[optional: "among"])
        guard let flag, flag.flag else {
            for value in [between, among].compactMap(\.self) { value.report(LabWording.onlyPerStudent(value.name)) }
            return nil
        }
        fields[optional: "quick"]?.report(LabWording.notPerStudent)
        switch (between, among) {
        case (let between?, nil):
            let ends = between.list(\.integer)
            guard ends.count == 2, ends[0] < ends[1] else {
                between.report(LabWording.twoEnds)
                return nil
            }
            self = .between(ends[0], ends[1])
        case (nil, let among?):
            let values = among.strings
            guard Set(values).count == values.count, values.count > 1 else {
                among.report(LabWording.differentValues)
                return nil
            }
            // Nothing fills them in: a student would get the text `${…}` itself.
            guard !values.contains(where: { $0.contains("${") }) else {
                among.report(LabWording.plainValues)
                return nil
            }
            self = .among(values)
        case (nil, nil), (_?, _?):
            flag.report(LabWording.betweenOrAmong)
            return nil
        }
    }

    /// Values that a pattern has to match, with the keys where they stand.
    var examples: [(key: String, value: String)] {
        switch self {
        case .between(let first, let last): [("between", String(first)), ("between", String(last))]
        case .among(let values): values.map { ("among", $0) }
        }
    }
}
