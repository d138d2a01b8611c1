extension Sequence {
    /// The first result that isn't nil. The closure is called once for each element, which `lazy.compactMap(…).first` doesn't promise: if a
    /// file can be read at the first call and not at the second, that traps.
    package func firstNonNil<Result>(_ transform: (Element) throws -> Result?) rethrows -> Result? {
        for element in self {
            if let result = try transform(element) { return result }
        }
        return nil
    }
}
