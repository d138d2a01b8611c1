/// Turns the lines of one kind of JSON stream into events. It's a value, so tests need no connection.
package protocol LineInterpreter: Sendable {
    /// One line's JSON.
    associatedtype Line: Decodable
    /// What the stream's reader gets.
    associatedtype Event: Sendable

    /// The events of a line. Throwing ends the stream.
    mutating func read(_ line: Line) throws -> [Event]
    /// The events of a line that cannot be decoded.
    mutating func read(unreadable line: [UInt8]) throws -> [Event]
    /// The events of the stream's end.
    mutating func end() throws -> [Event]
}

extension LineInterpreter {
    package mutating func read(unreadable line: [UInt8]) throws -> [Event] { [] }
    package mutating func end() throws -> [Event] { [] }
}
