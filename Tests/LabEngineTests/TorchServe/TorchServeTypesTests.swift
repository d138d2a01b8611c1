import Foundation
import InferenceServer
import LabSupport
import Testing

@Suite struct TorchServeTypesTests {
    @Test func keysAreReadAndNeverShown() throws {
        let keys = try TorchServeKeys(json: Array(TorchServeAnswers.keyFile.utf8))
        #expect(keys.management?.value == "w2nNLzaR")
        #expect(keys.inference?.value == "FiSoI4iH")
        let end = try Date("2026-11-22T18:05:45Z", strategy: .iso8601)
        #expect(keys.management?.expires == end)
        #expect(keys.management?.hasExpired(at: end.addingTimeInterval(-1)) == false)
        #expect(keys.management?.hasExpired(at: end) == true)
        var dumped = ""
        dump(keys, to: &dumped)
        #expect(!("\(keys)" + dumped).contains("w2nNLzaR"))
    }

    @Test func aBrokenKeyFileIsNotQuoted() {
        let error = #expect(throws: LabError.self) { try TorchServeKeys(json: Array(#"{"management": "secret"#.utf8)) }
        #expect(error?.code == .torchserveKeyFile)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test func labelsAreRankedByProbability() {
        let body = #"{"tabby": 0.27, "Egyptian_cat": 0.09, "lynx": 0.09, "tiger_cat": 0.6}"#
        let prediction = TorchServePrediction(body: Array(body.utf8))
        #expect(prediction.candidates.map(\.label) == ["tiger_cat", "tabby", "Egyptian_cat", "lynx"])
        #expect(prediction.candidates.first?.probability == 0.6)
    }

    @Test(arguments: [("7", ["7"]), ("\"cat\"", ["cat"]), ("[1, 2]", []), ("", []), ("not json", [])])
    func otherAnswersAreTakenAsTheyAre(body: String, labels: [String]) {
        let prediction = TorchServePrediction(body: Array(body.utf8))
        #expect(prediction.candidates.map(\.label) == labels)
        #expect(prediction.candidates.allSatisfy { $0.probability == nil })
    }

    @Test func failuresHaveACodeAndAHintInBothLanguages() throws {
        let cases: [(Int, String, TorchServeOperation, LabError.Code)] = [
            (400, "InvalidKeyException", .list, .torchserveToken),
            (400, "DownloadArchiveException", .register, .torchserveArchive),
            (404, "ModelNotFoundException", .describe, .torchserveModelNotFound),
            (404, "ModelNotFoundException", .register, .torchserveArchiveNotFound),
            (404, "ModelVersionNotFoundException", .unregister, .torchserveModelNotFound),
            (404, "ResourceNotFoundException", .metrics, .torchserveFailed),
            (405, "MethodNotAllowedException", .register, .torchserveApiDisabled),
            (409, "ConflictStatusException", .register, .torchserveConflict),
            (413, "", .predict, .torchserveTooLarge),
            (500, "InternalServerException", .predict, .torchserveWorkerDied),
            (500, "InternalServerException", .register, .torchserveWorkerStart),
            (503, "InternalServerException", .predict, .torchservePredictionFailed),
            (503, "ServiceUnavailableException", .predict, .torchserveOverloaded),
            (507, "InternalServerException", .predict, .torchserveOutOfMemory),
        ]
        for (status, type, operation, code) in cases {
            let error = LabError(torchServe: TorchServeError(status: status, type: type, message: "words", operation: operation))
            #expect(error.code == code)
            #expect(error.httpStatus == status)
            #expect(error.cause?.contains("words") == true)
            let hint = try #require(error.hint)
            #expect(!hint.en.isEmpty && !hint.zh.isEmpty && hint.en != hint.zh)
        }
    }

    @Test func anOldKeyIsToldFromAWrongOne() throws {
        let keys = try TorchServeKeys(json: Array(TorchServeAnswers.keyFile.utf8))
        let refused = TorchServeError(status: 400, type: "InvalidKeyException", message: "", operation: .predict)
        let end = try #require(keys.inference?.expires)
        #expect(LabError(torchServe: refused, keys: keys, now: end).code == .torchserveTokenExpired)
        #expect(LabError(torchServe: refused, keys: keys, now: end.addingTimeInterval(-60)).code == .torchserveToken)
        #expect(LabError(torchServe: refused).message.en.contains("none was sent"))
    }
}
