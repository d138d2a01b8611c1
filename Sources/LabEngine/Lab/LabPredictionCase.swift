/// A picture and the labels that are right for it.
package struct LabPredictionCase: Sendable, Equatable {
    /// Path in the lab's folder.
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

    /// What asking a model about these pictures relies on. `path` is the place of `server`, `model` and `cases`.
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
