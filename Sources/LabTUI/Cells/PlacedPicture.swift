/// A picture and the cells that it lies on. The cells show it, too, in half blocks: a terminal with graphics draws the picture over them.
package struct PlacedPicture: Sendable, Equatable {
    package var rect: Rect
    package var picture: Picture

    package init(rect: Rect, picture: Picture) {
        self.rect = rect
        self.picture = picture
    }
}

extension CellBuffer {
    /// Places a picture over cells that are drawn already.
    package mutating func place(_ picture: Picture, on rect: Rect) {
        guard !rect.isEmpty, rect.row >= 0, rect.column >= 0, rect.bottom <= size.rows, rect.right <= size.columns else { return }
        pictures.append(PlacedPicture(rect: rect, picture: picture))
    }
}

extension Rect {
    /// Whether both have a cell in common.
    package func intersects(_ other: Rect) -> Bool {
        row < other.bottom && other.row < bottom && column < other.right && other.column < right
    }
}
