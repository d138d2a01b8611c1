extension FixedWidthInteger {
    /// The sum, or the nearest number that there is. A number from outside may be of any size.
    package func adding(clamped other: Self) -> Self {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? other < 0 ? .min : .max : sum
    }
}

extension Sequence where Element: FixedWidthInteger {
    /// The sum of numbers from outside.
    package var clampedSum: Element { reduce(0) { $0.adding(clamped: $1) } }
}
