/// How a cell looks. Colors are the terminal's indices, and -1 is its default.
package struct Style: Sendable, Hashable {
    package struct Attributes: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let bold = Attributes(rawValue: 1)
        package static let dim = Attributes(rawValue: 2)
        package static let reverse = Attributes(rawValue: 4)
        package static let underline = Attributes(rawValue: 8)
        package static let italic = Attributes(rawValue: 16)
    }

    package var foreground: Int16
    package var background: Int16
    package var attributes: Attributes

    package init(_ foreground: Int16 = -1, on background: Int16 = -1, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    package static let plain = Style()

    /// This style with another one applied. If the other has a default color, this style's color stays.
    package func with(_ other: Style) -> Style {
        Style(
            other.foreground >= 0 ? other.foreground : foreground, on: other.background >= 0 ? other.background : background,
            attributes.union(other.attributes))
    }
}
