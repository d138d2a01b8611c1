import CNVML
import LabSupport

/// NVIDIA's management library. It comes with the driver and is loaded at run time. Only one thread may use it at a time.
final class NVMLLibrary {
    /// Why the library can't be used.
    enum Failure: Error, Equatable {
        /// The loader can't find or load it. The text is the loader's message.
        case missing(String)
        /// It lacks a function that's always needed.
        case incomplete
        /// It failed to initialize, with this return code.
        case refused(code: Int32, words: String)
    }

    let table: cnvml_table
    private let handle: UnsafeMutableRawPointer

    /// Loads the first of these libraries that exists, and initializes it.
    init(names: [String]) throws(Failure) {
        var words = ""
        var found: UnsafeMutableRawPointer?
        for name in names where found == nil {
            var reason = [CChar](repeating: 0, count: 512)
            found = cnvml_open(name, &reason, UInt32(reason.count))
            if found == nil, words.isEmpty { words = Self.text(reason) }
        }
        guard let found else { throw .missing(words) }
        var table = cnvml_table()
        cnvml_bind(found, &table)
        guard let begin = table.`init`, table.device_count != nil, table.device_by_index != nil else {
            cnvml_close(found)
            throw .incomplete
        }
        let code = begin()
        guard code == Self.success else {
            let words = table.error_string?(code).map { String(cString: $0) } ?? ""
            cnvml_close(found)
            throw .refused(code: code, words: words)
        }
        self.table = table
        handle = found
    }

    deinit {
        _ = table.shutdown?()
        cnvml_close(handle)
    }

    static let success = Int32(CNVML_SUCCESS)

    /// The library's message for a code.
    func words(_ code: Int32) -> String { table.error_string?(code).map { String(cString: $0) } ?? "\(code)" }

    var driverVersion: String? { text { self.table.driver_version?($0, $1) } }

    /// The number of devices. Nil if the library doesn't report it.
    var deviceCount: Int? { number { self.table.device_count?($0) } }

    func device(_ index: Int) -> OpaquePointer? {
        var device: OpaquePointer?
        guard table.device_by_index?(UInt32(index), &device) == Self.success else { return nil }
        return device
    }

    /// Calls a function that writes a text.
    func text(_ call: (UnsafeMutablePointer<CChar>?, UInt32) -> Int32?) -> String? {
        var room = [CChar](repeating: 0, count: 128)
        guard call(&room, UInt32(room.count)) == Self.success else { return nil }
        let text = Self.text(room)
        return text.isEmpty ? nil : text
    }

    /// Calls a function that writes a number.
    func number(_ call: (UnsafeMutablePointer<UInt32>?) -> Int32?) -> Int? {
        var value: UInt32 = 0
        return call(&value) == Self.success ? Int(value) : nil
    }

    static func text(_ characters: [CChar]) -> String {
        SafeLines.clean(text: String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
