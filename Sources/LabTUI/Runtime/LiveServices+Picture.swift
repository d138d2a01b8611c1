import LabEngine
import LabRunner
import LabSupport

extension LiveServices {
    /// Asks a model about a picture. The picture is shown, too, if it can be decoded here.
    func predict(_ question: PictureQuestion) async -> PictureAnswer {
        do {
            let typed = PicturePath(question.path, home: home).file
            let path = Files.resolved(typed) ?? typed
            let bytes = try Self.bytes(of: path)
            guard let picture = Picture(decoding: bytes) else { throw Self.noPicture(path) }
            let prediction = try await opened().predict(
                bytes, named: Files.name(of: path), server: question.server, model: question.model, timeout: question.timeout,
                options: asked())
            return .prediction(prediction, picture)
        } catch {
            return .failure(LabError(describing: error))
        }
    }

    /// A file that is too large or no file at all is no picture.
    private static func bytes(of path: String) throws(LabError) -> [UInt8] {
        do {
            return try Files.readUntrusted(path)
        } catch {
            guard error.code == .fileKind else { throw error }
            throw Files.isDirectory(path) ? folder(path) : noPicture(path)
        }
    }

    private static func folder(_ path: String) -> LabError {
        let name = SafeLines.clean(text: path)
        return LabError(
            .usagePicture, Text(en: "\(name) is a folder.", zh: "\(name) 是一个目录。"),
            hint: Text(en: "Add a slash, then press Tab to list its files.", zh: "在后面输入斜杠，再按 Tab 可查看其中的文件。"))
    }

    func findPaths(_ typed: String, _ send: Services.Send) {
        send(.pathsFound(typed: typed, PicturePath(typed, home: home).completions))
    }

    private var home: String { HomeFolder.path(surroundings.withLock { $0 }) }

    private static func noPicture(_ path: String) -> LabError {
        let name = SafeLines.clean(text: path)
        return LabError(
            .usagePicture, Text(en: "\(name) is not a PNG or JPEG picture.", zh: "\(name) 不是 PNG 或 JPEG 图片。"),
            hint: Text(
                en: "It may be damaged, or larger than four million pixels. Convert it: `convert IN -resize 800x800 OUT.png`.",
                zh: "文件可能已损坏，或超过 400 万像素。可以转换：`convert 输入 -resize 800x800 输出.png`。"))
    }
}
