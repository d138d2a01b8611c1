package import LabSupport

/// A fact about the machine, or why there is none.
package enum HostFact<Value: Sendable & Equatable>: Sendable, Equatable {
    case known(Value)
    /// There is nothing to report, and this is why.
    case absent(Text)

    /// The value; nil where the fact is absent.
    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    /// Why there is no value; nil where there is one.
    package var reason: Text? {
        if case .absent(let reason) = self { reason } else { nil }
    }
}
