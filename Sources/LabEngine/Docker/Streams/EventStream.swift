import FoundationEssentials
package import HTTPTransport

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

/// The events of a JSON stream for one reader. Releasing the stream ends the transfer.
package struct EventStream<Interpreter: LineInterpreter>: AsyncSequence, Sendable {
    package typealias Element = Interpreter.Event
    private let body: HTTPBodyStream
    private let interpreter: Interpreter

    package init(_ body: HTTPBodyStream, _ interpreter: Interpreter) {
        self.body = body
        self.interpreter = interpreter
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body: body.makeAsyncIterator(), interpreter: interpreter) }

    package struct Iterator: AsyncIteratorProtocol {
        private var body: HTTPBodyStream.Iterator
        private var interpreter: Interpreter
        private var splitter = LineSplitter()
        private var waiting: ArraySlice<Interpreter.Event> = []
        private var failure: (any Error)?
        private var isAtEnd = false
        private let decoder = JSONDecoder()

        init(body: HTTPBodyStream.Iterator, interpreter: Interpreter) {
            self.body = body
            self.interpreter = interpreter
        }

        package mutating func next() async throws -> Interpreter.Event? {
            while true {
                if let event = waiting.popFirst() { return event }
                if let failure {
                    self.failure = nil
                    isAtEnd = true
                    throw failure
                }
                if isAtEnd { return nil }
                let piece = try await body.next()
                // Deliver the events before the faulty line first, then the error.
                do { try take(piece) } catch { failure = error }
            }
        }

        private mutating func take(_ piece: [UInt8]?) throws {
            guard let piece else {
                isAtEnd = true
                if let last = splitter.finish() { try take(line: last) }
                waiting += try interpreter.end()
                return
            }
            for line in try splitter.feed(piece) { try take(line: line) }
        }

        private mutating func take(line: [UInt8]) throws {
            guard line.contains(where: { $0 != UInt8(ascii: " ") }) else { return }
            guard let value = try? decoder.decode(Interpreter.Line.self, from: Data(line)) else {
                waiting += try interpreter.read(unreadable: line)
                return
            }
            waiting += try interpreter.read(value)
        }
    }
}

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
