/// Reads small grey or coloured pictures: what a lab asks its models about. No interlacing, eight bits a channel.
package enum PNG {
    private static let largest = 256

    /// The picture in greys; nil for anything else, damaged or large.
    package static func picture(_ bytes: [UInt8]) -> Picture? {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
        var place = 8
        var header: [UInt8] = []
        var packed: [UInt8] = []
        while place + 12 <= bytes.count {
            let length = number(bytes, place)
            guard length <= bytes.count - place - 12 else { return nil }
            let content = bytes[(place + 8)..<(place + 8 + length)]
            switch String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self) {
            case "IHDR": header = Array(content)
            case "IDAT": packed += content
            default: break
            }
            place += 12 + length
        }
        guard header.count == 13, header[8] == 8, header[12] == 0, packed.count > 6 else { return nil }
        return picture(width: number(header, 0), height: number(header, 4), kind: header[9], Array(packed.dropFirst(2)))
    }

    private static func picture(width: Int, height: Int, kind: UInt8, _ packed: [UInt8]) -> Picture? {
        let channels = [0: 1, 2: 3, 4: 2, 6: 4][kind]
        guard let channels, (1...largest).contains(width), (1...largest).contains(height) else { return nil }
        var inflate = Inflate(packed, limit: (width * channels + 1) * height)
        guard let raw = inflate.run(), raw.count == (width * channels + 1) * height else { return nil }
        let rows = unfiltered(raw, stride: width * channels, channels: channels, height: height)
        var gray: [UInt8] = []
        for pixel in 0..<(width * height) {
            let start = pixel * channels
            gray.append(channels < 3 ? rows[start] : UInt8((Int(rows[start]) * 3 + Int(rows[start + 1]) * 6 + Int(rows[start + 2])) / 10))
        }
        return Picture(width: width, height: height, pixels: gray)
    }

    private static func number(_ bytes: [UInt8], _ place: Int) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }

    /// Undoes the prediction that each row is stored with.
    private static func unfiltered(_ raw: [UInt8], stride: Int, channels: Int, height: Int) -> [UInt8] {
        var rows = [UInt8](repeating: 0, count: stride * height)
        for row in 0..<height {
            let filter = raw[row * (stride + 1)]
            for x in 0..<stride {
                let left = x >= channels ? Int(rows[row * stride + x - channels]) : 0
                let up = row > 0 ? Int(rows[(row - 1) * stride + x]) : 0
                let corner = row > 0 && x >= channels ? Int(rows[(row - 1) * stride + x - channels]) : 0
                let guess =
                    switch filter {
                    case 1: left
                    case 2: up
                    case 3: (left + up) / 2
                    case 4: paeth(left, up, corner)
                    default: 0
                    }
                rows[row * stride + x] = UInt8(truncatingIfNeeded: Int(raw[row * (stride + 1) + 1 + x]) + guess)
            }
        }
        return rows
    }

    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let estimate = left + up - corner
        let (a, b, c) = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
        return a <= b && a <= c ? left : b <= c ? up : corner
    }
}
