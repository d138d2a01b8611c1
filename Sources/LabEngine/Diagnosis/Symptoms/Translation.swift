internal import CSymptoms

/// A message that a program prints in another language, and the English message that the rules know.
///
/// Programs that use gettext, and Windows, print in the language of the person. With their messages translated back, one rule is enough
/// for all languages.
struct Translation: Sendable {
    /// The message up to its gap, or all of it.
    private let head: [UInt8]
    /// The message after its gap. Empty if it has no gap.
    private let tail: [UInt8]
    /// The English message before and after the gap.
    private let english: (before: [UInt8], after: [UInt8])

    /// Nil if there is no text before the gap, because then nothing can be searched for, or if only one of the two has a gap.
    init?(_ foreign: String, _ english: String) {
        let parts = foreign.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
        let ours = english.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard parts.count < 3, parts.count == ours.count, parts[0].count > 2 else { return nil }
        head = parts[0]
        tail = parts.count > 1 ? parts[1] : []
        self.english = (ours[0], ours.count > 1 ? ours[1] : [])
        if parts.count > 1, tail.isEmpty { return nil }
    }

    /// Whether a text can hold the message.
    func mayOccur(in text: UnsafeBufferPointer<UInt8>) -> Bool { Self.find(head, in: text, from: 0) != nil }

    /// The line with the English message, or nil if it doesn't hold this one.
    func translate(_ line: [UInt8]) -> [UInt8]? {
        line.withUnsafeBufferPointer { bytes -> [UInt8]? in
            guard let start = Self.find(head, in: bytes, from: 0) else { return nil }
            let gap = start + head.count
            guard !tail.isEmpty else { return Array(bytes[..<start]) + english.before + Array(bytes[gap...]) }
            guard let end = Self.find(tail, in: bytes, from: gap) else { return nil }
            return Array(bytes[..<start]) + english.before + Array(bytes[gap..<end]) + english.after + Array(bytes[(end + tail.count)...])
        }
    }

    private static func find(_ wanted: [UInt8], in text: UnsafeBufferPointer<UInt8>, from offset: Int) -> Int? {
        let found = csymptoms_find(text.baseAddress, text.count, offset, wanted, wanted.count)
        return found < 0 ? nil : found
    }
}

extension [Translation] {
    /// Those whose message occurs in an output. Most outputs have none, and their lines needn't be searched one by one.
    func occurring(in output: String) -> [Translation] {
        var output = output
        return output.withUTF8 { bytes in filter { $0.mayOccur(in: bytes) } }
    }

    /// A line in English, or nil if it holds none of the messages.
    func english(_ line: String) -> String? {
        guard !isEmpty else { return nil }
        let original = Array<UInt8>(line.utf8)
        let translated = reduce(original) { $1.translate($0) ?? $0 }
        return translated == original ? nil : String(decoding: translated, as: UTF8.self)
    }
}
