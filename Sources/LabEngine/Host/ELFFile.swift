/// Reads what ailab needs to know about an executable file.
enum ELFFile {
    /// True for an ELF executable without an interpreter. It runs in a root file system that contains nothing else.
    static func isStatic(_ bytes: [UInt8]) -> Bool {
        // Class 2 and byte order 1: 64 bits and little endian, like every machine that this lab runs on.
        guard bytes.count >= 64, bytes[0..<6] == [0x7f, 0x45, 0x4c, 0x46, 2, 1] else { return false }
        let start = number(bytes, at: 32, count: 8)
        let size = number(bytes, at: 54, count: 2)
        let count = number(bytes, at: 56, count: 2)
        guard count > 0, size >= 56, start >= 64, start < bytes.count, count * size <= bytes.count - start else { return false }
        let interpreter = 3
        return !(0..<count).contains { number(bytes, at: start + $0 * size, count: 4) == interpreter }
    }

    private static func number(_ bytes: [UInt8], at offset: Int, count: Int) -> Int {
        (0..<count).reversed().reduce(0) { ($0 & 0x00ff_ffff_ffff_ffff) << 8 | Int(bytes[offset + $1]) }
    }
}
