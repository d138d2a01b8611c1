import LabSupport

/// The lab's files that the screen shows. A lab is someone else's, so nothing of it is read through a link that leads out of its folder.
extension PathBelow {
    private static let limit = 16 << 20
    private static let textLimit = 200_000

    /// The file as text. Nil if it can't be read.
    var content: String? {
        (try? read(limit: Self.limit)).map { String(String(decoding: $0, as: UTF8.self).prefix(Self.textLimit)) }
    }

    /// The file as a picture. Nil if it isn't one.
    var picture: Picture? { (try? read(limit: Self.limit)).flatMap { Picture(decoding: $0) } }
}
