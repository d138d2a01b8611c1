import CSystem

extension [UInt8] {
    /// The parts between which `divider` stands. Without one, that's the whole.
    package func parts(between divider: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        withUnsafeBytes { all in
            while let base = all.baseAddress, let found = cs_find(base + start, all.count - start, divider, divider.count) {
                parts.append(self[start..<found - base])
                start = found - base + divider.count
            }
        }
        return parts + [self[start...]]
    }
}
