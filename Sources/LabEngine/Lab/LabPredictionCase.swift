/// A picture and its correct labels.
package struct LabPredictionCase: Sendable, Equatable {
    /// The path in the lab's folder.
    package var picture: String
    /// The first label must be one of these.
    package var expected: [String]

    package init(picture: String, expected: [String]) {
        self.picture = picture
        self.expected = expected
    }
}

extension LabPredictionCase {
    init(_ fields: LabFields) {
        self.init(picture: fields["picture"].string, expected: fields["expected"].notEmpty.strings)
    }

    /// Everything that predictions of these pictures rely on. `path` is the place of `server`, `model` and `cases`.
    static func uses(server: String, model: String, _ cases: [LabPredictionCase], at path: LabPath)
        -> [LabUse]
    {
        [
            LabUse(.server(server), path["server"]),
            LabUse(.model(server: server, name: model), path["model"]),
        ]
            + cases.enumerated().map { LabUse(.labFile($1.picture), path["cases"][$0]["picture"]) }
    }
}

extension LabPredictionCase: Templated {
    package func filled(by template: Template) throws(TemplateError) -> LabPredictionCase {
        LabPredictionCase(
            picture: try picture.filled(by: template), expected: try expected.filled(by: template))
    }
}
