import Glibc

/// SHA-256 (FIPS 180-4) over bytes that arrive in pieces.
///
/// The toolchain on Linux has no SHA-256, and a package for one function is not worth a dependency.
package struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// The bytes since the last whole block.
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    package init() {}

    /// The digest of the bytes in lower-case hexadecimal digits.
    package static func hex(of bytes: some Sequence<UInt8>) -> String {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finishHex()
    }

    /// Adds the next piece.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ update($0) }) == nil { Array(bytes).withUnsafeBufferPointer { update($0) } }
    }

    private mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
        length += UInt64(bytes.count)
        var rest = bytes[...]
        if !pending.isEmpty {
            let begin = rest.prefix(Self.blockSize - pending.count)
            pending.append(contentsOf: begin)
            rest = rest.dropFirst(begin.count)
            guard pending.count == Self.blockSize else { return }
            let block = pending
            pending = []
            block.withUnsafeBufferPointer { compress($0) }
        }
        while rest.count >= Self.blockSize {
            compress(UnsafeBufferPointer(rebasing: rest.prefix(Self.blockSize)))
            rest = rest.dropFirst(Self.blockSize)
        }
        pending.append(contentsOf: rest)
    }

    private static let blockSize = 64

    /// The digest of all pieces in lower-case hexadecimal digits. Don't use the value afterwards.
    package mutating func finishHex() -> String {
        let bits = length * 8
        update([0x80])
        update([UInt8](repeating: 0, count: (120 - Int(length % 64)) % 64))
        update(stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) })
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private mutating func compress(_ block: UnsafeBufferPointer<UInt8>) {
        let hash = state
        let next = Self.constants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.blockSize) { words in
                Self.spread(block, over: words)
                return Self.mixed(hash, words, constants)
            }
        }
        state = next
    }

    /// The message schedule of a block.
    private static func spread(_ block: UnsafeBufferPointer<UInt8>, over words: UnsafeMutableBufferPointer<UInt32>) {
        for i in 0..<16 {
            let at = 4 * i
            words[i] = UInt32(block[at]) << 24 | UInt32(block[at + 1]) << 16 | UInt32(block[at + 2]) << 8 | UInt32(block[at + 3])
        }
        for i in 16..<64 {
            let a = words[i - 15]
            let b = words[i - 2]
            let s0 = a.rotated(7) ^ a.rotated(18) ^ (a >> 3)
            let s1 = b.rotated(17) ^ b.rotated(19) ^ (b >> 10)
            words[i] = words[i - 16] &+ s0 &+ words[i - 7] &+ s1
        }
    }

    private static func mixed(
        _ hash: [UInt32], _ words: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>
    ) -> [UInt32] {
        var v = (hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7])
        for i in 0..<64 {
            let s1 = v.4.rotated(6) ^ v.4.rotated(11) ^ v.4.rotated(25)
            let choice = (v.4 & v.5) ^ (~v.4 & v.6)
            let t1 = v.7 &+ s1 &+ choice &+ constants[i] &+ words[i]
            let s0 = v.0.rotated(2) ^ v.0.rotated(13) ^ v.0.rotated(22)
            let majority = (v.0 & v.1) ^ (v.0 & v.2) ^ (v.1 & v.2)
            v = (t1 &+ s0 &+ majority, v.0, v.1, v.2, v.3 &+ t1, v.4, v.5, v.6)
        }
        return [
            hash[0] &+ v.0, hash[1] &+ v.1, hash[2] &+ v.2, hash[3] &+ v.3, hash[4] &+ v.4, hash[5] &+ v.5, hash[6] &+ v.6, hash[7] &+ v.7,
        ]
    }

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01,
        0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
        0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147,
        0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116, 0x1e37_6c08,
        0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}

extension UInt32 {
    @inline(__always) fileprivate func rotated(_ count: UInt32) -> UInt32 { self &>> count | self &<< (32 &- count) }
}

extension SHA256 {
    /// The digest of a file, read in pieces.
    package static func hex(ofFile path: String) throws(LabError) -> String {
        let descriptor = try Files.openRegular(path, O_RDONLY)
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while try Files.next(of: descriptor, into: &buffer, path, { hash.update($0) }) {}
        return hash.finishHex()
    }
}
