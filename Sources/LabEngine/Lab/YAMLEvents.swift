import CYAML

/// libyaml's report about a text that isn't valid YAML.
struct YAMLProblem: Error {
    /// The library's message.
    var text: String
    var context: String?
    var line: Int
    var column: Int
}

/// The events of a YAML text, in order. Only this file uses libyaml (https://pyyaml.org/wiki/LibYAML).
final class YAMLEvents {
    enum Event {
        case scalar(String, plain: Bool, anchor: String?)
        case alias(String)
        case listStart(anchor: String?)
        case listEnd
        case mappingStart(anchor: String?)
        case mappingEnd
        case documentStart
        case documentEnd
        case end
    }

    /// An event and its start. Lines and columns count from 1, and columns are Unicode scalars.
    struct Placed {
        var event: Event
        var line: Int
        var column: Int
    }

    // Both need a fixed address, because the parser keeps pointers to the text and to itself.
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let text: UnsafeMutableBufferPointer<UInt8>

    init(_ string: String) {
        text = UnsafeMutableBufferPointer.allocate(capacity: string.utf8.count)
        _ = text.initialize(from: string.utf8)
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        text.deallocate()
    }

    /// The next event. The last one is `.end`. Throws a `YAMLProblem`.
    func next() throws -> Placed {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        return Placed(event: Self.read(event), line: event.start_mark.line + 1, column: event.start_mark.column + 1)
    }

    private static func read(_ event: yaml_event_t) -> Event {
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .scalar(value, plain: scalar.style == YAML_PLAIN_SCALAR_STYLE, anchor: string(scalar.anchor))
        case YAML_ALIAS_EVENT: return .alias(string(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_START_EVENT: return .listStart(anchor: string(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart(anchor: string(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_DOCUMENT_START_EVENT, YAML_STREAM_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        default: return .end
        }
    }

    private static func string(_ bytes: UnsafePointer<UInt8>?) -> String? { bytes.map { String(cString: $0) } }

    private func problem() -> YAMLProblem {
        let parser = parser.pointee
        let words = parser.problem.map { String(cString: $0) } ?? "out of memory"
        guard parser.error == YAML_READER_ERROR else {
            return YAMLProblem(
                text: words, context: parser.context.map { String(cString: $0) }, line: parser.problem_mark.line + 1,
                column: parser.problem_mark.column + 1)
        }
        // The reader runs ahead of the marks, and it reports its position in bytes.
        let before = text.prefix(parser.problem_offset)
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
        return YAMLProblem(text: words, context: nil, line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: column)
    }
}
