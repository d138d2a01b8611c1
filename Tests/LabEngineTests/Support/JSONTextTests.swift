import LabSupport
import Testing

/// JSON as `--json` and reports print it.
@Suite struct JSONTextTests {
    private struct Sample: Encodable {
        struct Kind: Encodable {
            var kind: String
        }

        var zeta = "a/\"b\"\n中"
        var alpha = 3.0
        var maybe: Int?
        @OrNull var none: Int?
        @OrNull var some: Int? = 1 << 60
        @OrNull var nan: Double? = .nan
        var bare = Double.infinity
        var list: [String: OrNull<Double>] = ["x": OrNull(wrappedValue: nil), "y": OrNull(wrappedValue: 0.5)]
        var upToMs = 1
    }

    @Test func membersFollowTheSchemaInTheOrderOfTheirNames() {
        #expect(
            JSONText.line(Sample()) == #"{"schema":1,"alpha":3,"bare":"inf","list":{"x":null,"y":0.5},"nan":null,"none":null,"#
                + #""some":1152921504606846976,"upToMs":1,"zeta":"a/\"b\"\n中"}"#)
    }

    @Test func namesInSnakeCase() {
        let value = JSONValue(Array(JSONText.line(Sample(), schema: 2, names: .snakeCase).utf8))
        #expect(value?.at("/schema") == .number(2))
        #expect(value?.at("/up_to_ms") == .number(1))
        #expect(value?.at("/maybe") == nil && value?.at("/none") == .null)
    }

    @Test func theMembersOfAllValuesAreInOneObject() {
        #expect(JSONText.line(["b": 1], Sample.Kind(kind: "x"), [String: Int]()) == #"{"schema":1,"b":1,"kind":"x"}"#)
    }

    @Test func anEmptyObjectIsOneToo() { #expect(JSONText.line([String: Int]()) == #"{"schema":1}"#) }

    @Test func namesInADictionaryStayAsTheyAre() {
        #expect(JSONText.line(["bodyBytes": ["tooLarge": 1]], names: .snakeCase).contains(#""tooLarge":1"#))
    }
}
