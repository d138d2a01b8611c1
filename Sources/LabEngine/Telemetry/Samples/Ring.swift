/// Keeps the newest elements up to a maximum number, and drops the oldest.
package struct Ring<Element> {
    private var storage: [Element] = []
    private var head = 0
    package let capacity: Int

    package init(capacity: Int) { self.capacity = max(1, capacity) }

    package var count: Int { storage.count }
    package var isEmpty: Bool { storage.isEmpty }
    package var last: Element? { isEmpty ? nil : self[count - 1] }

    package mutating func append(_ element: Element) {
        if storage.count < capacity {
            storage.append(element)
        } else {
            storage[head] = element
            head = (head + 1) % capacity
        }
    }

    /// The element at an index, where 0 is the oldest.
    package subscript(index: Int) -> Element { storage[(head + index) % storage.count] }

    /// The oldest first.
    package var elements: [Element] { Array(storage[head...] + storage[..<head]) }

    /// The newest `length` elements, the oldest of them first.
    package func suffix(_ length: Int) -> [Element] { (Swift.max(0, count - length)..<count).map { self[$0] } }
}

extension Ring: Sendable where Element: Sendable {}
