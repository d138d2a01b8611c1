/// A table from the name that an output shows, such as an imported module, to the one that a command needs, such as its distribution.
///
/// What the table doesn't have is never guessed: somebody else can publish a package under a misspelled or free name.
package struct NameTable: Sendable {
    /// The word in capitals that commands hold.
    package var word: String
    /// The word whose value is looked up.
    package var source: String
    package var names: [String: String]
}
