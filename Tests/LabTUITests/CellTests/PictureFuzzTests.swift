import LabFile
import LabSupport
import LabTUI
import TestSupport
import Testing

/// Pictures come with a lab. A damaged one is refused or shown, and never more than the program allows.
@Suite("Torture: damaged pictures", .timeLimit(.minutes(5)))
struct PictureFuzzTests {
    @Test(arguments: ["digit-3.png", "cat.jpg"]) func damaged(name: String) throws {
        let whole = try Files.read(try Fixture.lab().directory + "/pictures/" + name)
        var mutations = Mutations(for: name)
        mutations.run(400, of: [whole]) { bytes in
            guard let picture = Picture(decoding: bytes) else { return }
            #expect(picture.width <= 256 && picture.height <= 256 && picture.pixels.count == picture.width * picture.height)
        }
    }
}
