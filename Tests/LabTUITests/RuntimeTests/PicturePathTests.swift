import LabSupport
import TestSupport
import Testing

@testable import LabTUI

/// The paths that are offered for what is typed.
@Suite struct PicturePathTests {
    @Test func foldersAndPicturesAreOffered() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        for name in ["a.png", "b.JPG", "c.jpeg", "notes.txt", ".hidden.png", "odd\u{7}.png"] { try Files.write([0], to: "\(path)/\(name)") }
        try Files.makeDirectory("\(path)/album")
        #expect(PicturePath("\(path)/", home: "/").completions == ["a.png", "b.JPG", "c.jpeg", "album/"].map { "\(path)/\($0)" })
        #expect(PicturePath("\(path)/a", home: "/").completions == ["\(path)/a.png", "\(path)/album/"])
        #expect(PicturePath("\(path)/.h", home: "/").completions == ["\(path)/.hidden.png"])
        #expect(PicturePath("~/a.", home: path).completions == ["~/a.png"])
        #expect(PicturePath("~/a.png", home: path).file == "\(path)/a.png")
        #expect(PicturePath("\(path)/nowhere/", home: "/").completions.isEmpty)
    }
}
