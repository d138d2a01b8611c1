/// The `{}` that Go's JSON writes for the members of a set.
package struct EmptyObject: Codable, Sendable, Equatable {
    package init() {}
}
