package import LabSupport

/// A fact about the machine, or the reason why it is not known.
package enum HostFact<Value: Sendable & Equatable>: Sendable, Equatable {
    case known(Value)
    /// There is no value, for this reason.
    case absent(Text)

    /// The value, or nil if the fact is absent.
    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    /// The reason for a missing value, or nil if there is a value.
    package var reason: Text? {
        if case .absent(let reason) = self { reason } else { nil }
    }
}
