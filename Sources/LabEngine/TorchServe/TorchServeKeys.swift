package import FoundationEssentials
import LabSupport

/// The keys that TorchServe writes to `key_file.json` when it starts. Each serves its own kind of request.
package struct TorchServeKeys: Sendable, Equatable {
    /// A key and its expiry time. Descriptions omit the key itself.
    package struct Key: Sendable, Equatable {
        package var value: String
        /// Nil if the key is valid as long as the server runs.
        package var expires: Date?

        package init(value: String, expires: Date?) {
            self.value = value
            self.expires = expires
        }

        /// True if the key had expired at that time.
        package func hasExpired(at now: Date) -> Bool { expires.map { $0 <= now } ?? false }
    }

    /// For listing, registering, scaling and removing models.
    package var management: Key?
    /// For `/ping` and predictions.
    package var inference: Key?

    package init(management: Key? = nil, inference: Key? = nil) {
        self.management = management
        self.inference = inference
    }

    /// Decodes the file. Throws `LabError` `torchserve.keyFile`.
    package init(json: [UInt8]) throws {
        struct Entry: Decodable {
            var key: String
            var expires: String?
            enum CodingKeys: String, CodingKey {
                case key
                case expires = "expiration time"
            }
            var decoded: Key { Key(value: key, expires: expires.flatMap(TorchServeKeys.date)) }
        }
        do {
            let entries = try JSONDecoder().decode([String: Entry].self, from: Data(json))
            self.init(management: entries["management"]?.decoded, inference: entries["inference"]?.decoded)
        } catch {
            // The decoder's message may quote the file, so it must not be shown.
            throw LabError(
                .torchserveKeyFile,
                Text(
                    en: "TorchServe's key_file.json does not contain the expected keys.",
                    zh: "TorchServe 的 key_file.json 中没有应有的密钥。"),
                hint: Text(
                    en: "The server may still have been writing the file. Try again. If that fails, too, restart the server.",
                    zh: "读取时服务器可能还没写完该文件。请重试；如果仍然失败，请重启服务器。"))
        }
    }

    /// Java writes as many fractional digits as its clock has. Whole seconds are enough.
    private static func date(_ text: String) -> Date? {
        let seconds = text.prefix { $0 != "." && $0 != "Z" }
        return try? Date(seconds + "Z", strategy: .iso8601)
    }
}

extension TorchServeKeys.Key: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { Redaction.mark }
    package var debugDescription: String { Redaction.mark }
    package var customMirror: Mirror { Mirror(self, children: ["expires": expires as Any]) }
}
