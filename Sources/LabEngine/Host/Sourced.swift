/// A value and its origin, a variable's name or a file's path, for the message to the student.
package struct Sourced<Value: Sendable & Equatable>: Sendable, Equatable {
    package var value: Value
    package var origin: String

    package init(_ value: Value, from origin: String) {
        self.value = value
        self.origin = origin
    }
}
