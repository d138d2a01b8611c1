import FoundationEssentials
package import HTTPTransport

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
