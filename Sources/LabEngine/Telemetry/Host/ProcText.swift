import Glibc

/// Reads the kernel's small files often and cheaply.
struct ProcText: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Nil if the file can't be read. The kernel's files have no size, and a single read gives a consistent state.
    init?(_ path: String, room: Int = 16 << 10) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var failed = false
        bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            while count < room {
                let got = read(descriptor, buffer.baseAddress.map { $0 + count }, room - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failed = true }
                guard got > 0 else { return }
                count += got
            }
        }
        if failed { return nil }
    }

    /// The lines without their line ends.
    var lines: some Sequence<ArraySlice<UInt8>> { bytes.lazy.split(separator: 0x0A) }

    /// The file's content as a number. Nil for words such as `max`.
    var number: UInt64? { bytes[...].number }

    /// The values of a file whose lines are `name value`.
    func values(_ names: [StaticString]) -> [UInt64?] {
        var found = [UInt64?](repeating: nil, count: names.count)
        for line in lines {
            for (index, name) in names.enumerated() where line.hasName(name) {
                found[index] = line.dropFirst(name.utf8CodeUnitCount).number
            }
        }
        return found
    }
}

extension ArraySlice<UInt8> {
    /// The number at the start, after blanks. Nil if there's something else, or the number is too large.
    var number: UInt64? {
        var value: UInt64 = 0
        var isFound = false
        for byte in self {
            if byte >= 0x30 && byte <= 0x39 {
                let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
                let (sum, isStillTooLarge) = product.addingReportingOverflow(UInt64(byte - 0x30))
                if isTooLarge || isStillTooLarge { return nil }
                value = sum
                isFound = true
            } else if isFound {
                return value
            } else if byte != 0x20 && byte != 0x09 && byte != 0x3A {
                return nil
            }
        }
        return isFound ? value : nil
    }

    /// The words that blanks separate.
    var words: [ArraySlice<UInt8>] { split { $0 == 0x20 || $0 == 0x09 } }

    /// Whether it starts with this name and a blank or a colon.
    func hasName(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        guard count > length else { return false }
        let after = self[startIndex + length]
        guard after == 0x20 || after == 0x3A || after == 0x09 else { return false }
        return name.withUTF8Buffer { starts(with: $0) }
    }

    func begins(with name: StaticString) -> Bool { name.withUTF8Buffer { starts(with: $0) } }
}
