/// A picture as kitty's graphics protocol takes it. The terminal scales it to its cells.
enum KittyPicture {
    /// The protocol's limit for the data of one sequence.
    private static let chunk = 4096

    static func text(_ placed: PlacedPicture, id: Int) -> String {
        let picture = placed.picture
        // The protocol has no gray pictures.
        let data = Array(Base64.text(picture.pixels.lazy.flatMap { [$0, $0, $0] }).utf8)
        let head = "a=T,f=24,i=\(id),p=1,q=2,C=1,s=\(picture.width),v=\(picture.height),c=\(placed.rect.columns),r=\(placed.rect.rows)"
        var text = ""
        var start = 0
        repeat {
            let end = min(start + chunk, data.count)
            let isLast = end == data.count
            let keys = start == 0 ? "\(head),m=\(isLast ? 0 : 1)" : "m=\(isLast ? 0 : 1)"
            text += "\u{1B}_G\(keys);\(String(decoding: data[start..<end], as: UTF8.self))\u{1B}\\"
            start = end
        } while start < data.count
        return text
    }

    /// Takes a picture away and frees its data.
    static func removal(id: Int) -> String { "\u{1B}_Ga=d,d=I,i=\(id),q=2\u{1B}\\" }
}
