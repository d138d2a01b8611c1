import LabFile
import LabSupport
import LabTUI
import Testing

/// Pictures of a lab: PNG and JPEG, whole and damaged.
@Suite struct PictureTests {
    private func bytes(_ name: String) throws -> [UInt8] { try Files.read(try Fixture.lab().directory + "/pictures/" + name) }

    @Test func aDigit() throws {
        let picture = try #require(Picture(decoding: try bytes("digit-3.png")))
        #expect(picture.width == 28 && picture.height == 28)
        #expect(picture.pixels.contains { $0 > 200 })
        let half = picture.fitted(columns: 14, height: 14)
        #expect(half.width == 14 && half.height == 14)
        let corner = 14 * 28 + 14
        let square = [corner, corner + 1, corner + 28, corner + 29].map { Int(picture.pixels[$0]) }
        #expect(Int(half.pixels[7 * 14 + 7]) == square.reduce(0, +) / 4)
    }

    @Test func theCat() throws {
        let picture = try #require(Picture(decoding: try bytes("cat.jpg")))
        #expect(picture.width == 150 && picture.height == 100)
        #expect(Set(picture.pixels).count > 100)
    }

    @Test func fittedPicturesFit() throws {
        let picture = try #require(Picture(width: 3, height: 500, pixels: [UInt8](repeating: 9, count: 1500)))
        #expect(picture.fitted(columns: 5, height: 500) == picture)
        let fitted = picture.fitted(columns: 5, height: 7)
        #expect(fitted.width == 1 && fitted.height <= 7 && fitted.pixels.allSatisfy { $0 == 9 })
        #expect(picture.fitted(columns: 0, height: -1).pixels == [9])
    }

    /// A picture that ends early isn't shown as if it were whole.
    @Test(arguments: ["digit-3.png", "cat.jpg"]) func aTruncatedPictureIsRefused(name: String) throws {
        let whole = try bytes(name)
        for count in 0..<whole.count - 20 where count % max(1, whole.count / 100) == 0 {
            #expect(Picture(decoding: Array(whole[..<count])) == nil, "\(count) of \(whole.count) bytes")
        }
    }

    /// Whatever a damaged byte makes of it, there is a picture or none, and no crash.
    @Test(arguments: ["digit-3.png", "cat.jpg"]) func damagedBytesDoNoHarm(name: String) throws {
        let whole = try bytes(name)
        for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 300)) {
            var damaged = whole
            damaged[place] ^= 0x55
            if let picture = Picture(decoding: damaged) {
                #expect(picture.pixels.count == picture.width * picture.height)
                #expect(picture.width <= 256 && picture.height <= 256)
            }
        }
    }

    @Test func aWrongChecksumIsRefused() throws {
        var damaged = try bytes("digit-3.png")
        let data = try #require(damaged.indices.first { damaged[$0...].starts(with: "IDAT".utf8) })
        damaged[data + 12] ^= 1
        #expect(Picture(decoding: damaged) == nil)
    }

    /// The header alone makes the program refuse it, before it allocates anything.
    @Test func hugePicturesAreRefused() throws {
        var png = try bytes("digit-3.png")
        png.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        #expect(Picture(decoding: png) == nil)
        var jpeg = try bytes("cat.jpg")
        let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) || jpeg[$0...].starts(with: [0xFF, 0xC2]) })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(Picture(decoding: jpeg) == nil)
    }

    @Test(
        arguments: [[], [0xFF], [0xFF, 0xD8, 0xFF], Array("GIF89a".utf8), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]] as [[UInt8]])
    func notAPicture(bytes: [UInt8]) { #expect(Picture(decoding: bytes) == nil) }
}
