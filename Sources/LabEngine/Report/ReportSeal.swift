import Glibc
import LabSupport

/// Seals a report, so that a later change of its file shows. Anybody can compute a seal: it finds a hand that edits, not one that forges.
///
/// The seal is the last member of the JSON object, the SHA-256 hash of the object without it. An HTML page has the whole JSON inside, in an
/// element that no browser shows, with a hash of the rest of the page.
package enum ReportSeal {
    /// What a seal says.
    package enum Standing: Sendable, Equatable {
        case intact
        case broken
        /// A report of an earlier version, or one that another program wrote again.
        case missing
    }

    private static let member = ",\"seal\":\""
    private static let opening = "<template id=\"ailab-report\" data-page=\""
    private static let closing = "</template>\n"
    private static let bodyEnd = "</body>"
    private static let digits = 64

    /// The object with its seal.
    static func sealed(_ object: String) -> String {
        String(object.dropLast()) + member + SHA256.hex(of: object.utf8) + "\"}"
    }

    /// JSON without characters that mean something in a page. They occur only in strings.
    static func forMarkup(_ json: String) -> String {
        json.replacing("&", with: "\\u0026").replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")
    }

    /// The page with the sealed JSON inside.
    static func page(_ page: String, with json: String) -> String {
        guard let end = page.firstRange(of: bodyEnd) else { return page }
        let inside = "\(opening)\(SHA256.hex(of: page.utf8))\">\(json)\(closing)"
        return String(page[..<end.lowerBound]) + inside + String(page[end.lowerBound...])
    }

    /// The JSON inside a page, and whether the rest of the page is as it was written. Nil if there is none.
    static func json(in page: some BidirectionalCollection<UInt8>) -> (json: [UInt8], isWhole: Bool)? {
        let page = Array(page)
        guard let start = page.firstIndex(of: Array(opening.utf8), from: 0) else { return nil }
        let hash = start + opening.utf8.count
        let begin = hash + digits + 2
        guard begin < page.count, page[(begin - 2)..<begin].elementsEqual("\">".utf8) else { return nil }
        guard let end = page.firstIndex(of: Array(closing.dropLast().utf8), from: begin) else { return nil }
        // Another program may have changed the line ends, which changes nothing that a reader sees.
        var rest = Array(page[..<start])
        rest += page[(end + closing.utf8.count - 1)...].drop { $0 == 0x0D }.drop { $0 == 0x0A }
        rest.removeAll { $0 == 0x0D }
        return (Array(page[begin..<end]), SHA256.hex(of: rest).utf8.elementsEqual(page[hash..<(hash + digits)]))
    }

    /// Checks the seal of a JSON text.
    static func standing(of text: [UInt8]) -> Standing {
        let text = text[..<(text.lastIndex { !" \n\r\t".utf8.contains($0) }.map { $0 + 1 } ?? 0)]
        let length = member.utf8.count + digits + 2
        guard text.count > length else { return .missing }
        let start = text.endIndex - length
        guard text[start...].starts(with: member.utf8), text.suffix(2).elementsEqual("\"}".utf8) else { return .missing }
        let seal = text[(start + member.utf8.count)..<(text.endIndex - 2)]
        return SHA256.hex(of: text[..<start] + "}".utf8).utf8.elementsEqual(seal) ? .intact : .broken
    }
}

extension [UInt8] {
    /// Where the first occurrence of some bytes begins.
    fileprivate func firstIndex(of bytes: [UInt8], from start: Int) -> Int? {
        withUnsafeBytes { raw -> Int? in
            guard let base = raw.baseAddress, let first = bytes.first else { return nil }
            var place = start
            while place + bytes.count <= raw.count {
                guard let found = memchr(base + place, Int32(first), raw.count - place) else { return nil }
                place = UnsafeRawPointer(found) - base
                guard place + bytes.count <= raw.count else { return nil }
                if memcmp(base + place, bytes, bytes.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }
}
