import Testing

@testable import LabSupport

@Suite("Secrets behind their names") struct SecretFieldsTests {
    @Test(
        "what is named like a secret goes",
        arguments: [
            ("PASSWORD: hunter2x", "PASSWORD: ***"),
            ("AWS_SECRET_ACCESS_KEY=hunter2x/+a=", "AWS_SECRET_ACCESS_KEY=***"),
            (#"{"token": "hunter2x"}"#, #"{"token": "***"}"#),
            (#"{"password":"hunter\"2x","n":1}"#, #"{"password":"***","n":1}"#),
            (#"{"text":"{\"token\": \"hunter2x\"}"}"#, #"{"text":"{\"token\": \"***\"}"}"#),
            ("secret=hunter2x b", "secret=*** b"),
            ("curl -u joe:hunter2x http://h", "curl -u *** http://h"),
            ("curl -ujoe:hunter2x h", "curl -ujoe*** h"),
            ("curl --user 'joe:hunter2x' h", "curl --user '***' h"),
            ("Authorization: Token hunter2x", "Authorization: Token ***"),
            (#"Proxy-Authorization: Digest username="hunter2x", b"#, "Proxy-Authorization: Digest ***"),
            ("bearer hunter2x.a.b", "bearer ***"),
            ("tool --password hunter2x --next", "tool --password *** --next"),
            ("tool --api-key='hunter2x y' z", "tool --api-key='***' z"),
            ("Set-Cookie: sid=hunter2x; Path=/", "Set-Cookie: ***"),
            (#"{"text":"Cookie: a=hunter2x; b","n":1}"#, #"{"text":"Cookie: ***","n":1}"#),
            (#"  "auth": "aHVudGVyMng=""#, #"  "auth": "***""#),
            ("docker login -u joe -p hunter2x", "docker login -u joe -p ***"),
            ("GH_PAT=hunter2x", "GH_PAT=***"),
            ("apiKey => hunter2x", "apiKey => ***"),
            ("found ghp_hunter2xhunter2xhunter2x here", "found *** here"),
            ("http://joe@h/?access_token=hunter2x", "http://joe@h/?access_token=***"),
            ("密码 PASSWORD：x PASSWORD=密码hunter2x 好", "密码 PASSWORD：x PASSWORD=*** 好"),
        ])
    func named(text: String, expected: String) {
        #expect(Redaction.fields(in: text) == expected)
        #expect(!Redaction.fields(in: text).contains("hunter2x") && Redaction.fields(in: expected) == expected)
    }

    @Test(
        "lists and texts below the name go, and what follows them stays",
        arguments: [
            ("\"tokens\": [\n  \"hunter2x\",\n  \"hunter2x]\"\n],\n\"n\": 1", "\"tokens\": ***\n  ***\n  ***\n],\n\"n\": 1"),
            ("{\"a\": 1, \"passwords\": [\"hunter2x\",\n\"hunter2x\"], \"token\": \"hunter2x\"}\nb", nil),
            ("passwords:\n  - hunter2x\n  - \"hunter2x\"\nuser: joe", "passwords:\n  - ***\n  - ***\nuser: joe"),
            ("a:\n  api_keys:\n  - hunter2x\n  b: 1", "a:\n  api_keys:\n  - ***\n  b: 1"),
            ("password: |\n  hunter2x: a\n\n  hunter2x\nb: 1", "password: ***\n  ***\n\n  ***\nb: 1"),
            ("token: >-\n  hunter2x\nb", "token: ***\n  ***\nb"), ("\"password\":\n    \"hunter2x\",\n\"b\": 1", nil),
            ("keys = [\n'hunter2x',\n[\n'hunter2x'\n],\n'hunter2x'\n]\nrest", nil),
        ] as [(String, String?)])
    func below(text: String, expected: String?) {
        let shown = Redaction.fields(in: text)
        #expect(!shown.contains("hunter2x"), "\(shown)")
        if let expected { #expect(shown == expected) }
        #expect(shown.split(separator: "\n").last.map { text.hasSuffix($0) } ?? false, "\(shown)")
        #expect(Redaction.fields(in: shown) == shown)
    }

    @Test(
        "what stands below a name by chance stays",
        arguments: [
            "auth:\n  username: joe\n  url: h", "no token:\n  go on", "KeyError:\n    at line 3", "auth: [pid 12\nnext",
            "Enter password:\nnext",
            "key: [\"a\"]\n- item", "\"auths\": {\n  \"h\": {}\n}",
        ])
    func harmlessBelow(text: String) {
        let last = text.split(separator: "\n").last.map(String.init) ?? ""
        #expect(Redaction.fields(in: text).hasSuffix(last), "\(Redaction.fields(in: text))")
    }

    @Test(
        "what only looks alike stays",
        arguments: [
            "KeyError: 'foo'", "Author: joe", "tokenizer: fast", "docker run -p 8080:80 --user 1000:1000 x", "PATH=/usr/bin",
            #"{"auths": {"h": {}}, "token": null}"#, "Enter password: ", "the key is gone", "monitoring: on", "",
        ])
    func harmless(text: String) { #expect(Redaction.fields(in: text) == text) }

    @Test("private keys go, also those whose beginning or end is cut off") func privateKeys() {
        let begin = "-----BEGIN RSA PRIVATE KEY-----", end = "-----END RSA PRIVATE KEY-----"
        let data = "MIIEpAIBAAKCAQEAhunter2xhunter2x"
        #expect(Redaction.fields(in: "a\n\(begin)\n\(data)\nab==\n\(end)\nb") == "a\n***\nb")
        #expect(Redaction.fields(in: "a\n\(begin)\n\(data)") == "a\n***")
        #expect(Redaction.fields(in: "a\n\(data)\n\(data)\n\(end)\nb") == "a\n***\nb")
        #expect(Redaction.fields(in: "{\"k\":\"\(begin)\\n\(data)\\n\(end)\"}\nb") == "***\nb")
        let certificate = "-----BEGIN CERTIFICATE-----\n\(data)\n-----END CERTIFICATE-----"
        #expect(Redaction.fields(in: certificate) == certificate)
    }
}
