import CPictures

extension Picture {
    /// The maximum number of pixels that a file may claim. libpng and libjpeg need up to six bytes for each.
    private static let pixelLimit = 1 << 22
    /// A terminal shows far fewer pixels, so nothing larger is kept.
    private static let sideLimit = 256

    /// The gray values of a PNG or JPEG file. Nil if the bytes are anything else, damaged or too large.
    package init?(decoding bytes: [UInt8]) {
        var width: UInt32 = 0
        var height: UInt32 = 0
        guard cp_size(bytes, bytes.count, Self.pixelLimit, UInt32(Self.sideLimit), &width, &height) == 1 else { return nil }
        var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height))
        guard cp_decode(bytes, bytes.count, Self.pixelLimit, UInt32(Self.sideLimit), &pixels, width, height) == 1,
            let picture = Picture(width: Int(width), height: Int(height), pixels: pixels)
        else { return nil }
        self = picture.fitted(columns: Self.sideLimit, height: Self.sideLimit)
    }
}
