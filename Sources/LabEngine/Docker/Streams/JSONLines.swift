package import HTTPTransport

/// Passes on the decoded value of each line.
package struct PlainLines<Line: Decodable & Sendable>: LineInterpreter {
    package init() {}
    package mutating func read(_ line: Line) -> [Line] { [line] }
}

/// Newline-separated JSON values.
package typealias JSONLines<Value: Decodable & Sendable> = EventStream<PlainLines<Value>>

extension EventStream {
    /// The decoded values of a body with one value a line.
    package init<Value>(_ body: HTTPBodyStream) where Interpreter == PlainLines<Value> {
        self.init(body, PlainLines())
    }
}
