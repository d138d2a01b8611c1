/// The query part of a request's target, values percent-encoded, absent values left out.
package struct Query: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private var items: [String] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String?)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// Adds `name=value`; nothing where the value is nil.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        items.append("\(name)=\(Self.encoded(value))")
    }

    /// Adds `name=1` where `value` is true.
    package mutating func add(_ name: String, flag value: Bool) {
        if value { items.append("\(name)=1") }
    }

    /// Adds `name=value` for each value.
    package mutating func add(_ name: String, each values: [String]) {
        for value in values { add(name, value) }
    }

    /// `?a=1&b=2`, or nothing where the query is empty.
    package var text: String { items.isEmpty ? "" : "?" + items.joined(separator: "&") }

    /// A value with everything but letters, digits and `-._~` percent-encoded.
    package static func encoded(_ value: String) -> String { HTTPQuery.encode(value) }

    /// A path segment, such as an image's name, whose slashes and colons the engine wants to see as they are.
    package static func pathEncoded(_ value: String) -> String { HTTPQuery.encode(value, alsoAllowing: "/:@") }
}
