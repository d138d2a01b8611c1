extension Int {
    /// The whole part of a number that somebody else wrote, for showing it: what is no number, or beyond any count, is cut to size instead
    /// of ending the program.
    package init(shown value: Double) {
        let limit = 1e15
        self = value.isNaN ? 0 : Int(Swift.max(-limit, Swift.min(limit, value)))
    }
}
