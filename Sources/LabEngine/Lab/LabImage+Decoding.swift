import LabSupport

extension LabImage {
    init(name: String, _ fields: LabFields) {
        self.init(
            name: name,
            tag: fields["tag"].string,
            text: fields["text"].text,
            sources: fields["sources"].notEmpty.list { source in
                source.object { $0.choice(LabImageSource.decoders, otherwise: .pull(reference: "")) }
            },
            adapted: fields[optional: "adapted"]?.flag ?? false)
    }
}

extension LabImageSource {
    /// The keys of an entry of `sources:`.
    static var decoders: [(key: String, decode: (LabValue) -> LabImageSource)] {
        [
            ("pull", { .pull(reference: $0.string) }),
            ("debian", { $0.object(debian) }),
            ("busybox", { $0.object(busybox) }),
        ]
    }

    private static func debian(_ fields: LabFields) -> LabImageSource {
        .debian(
            suite: fields["suite"].string,
            include: fields[optional: "include"]?.strings ?? [],
            tag: fields["tag"].string)
    }

    private static func busybox(_ fields: LabFields) -> LabImageSource {
        .busybox(
            tag: fields["tag"].string,
            command: fields["command"].notEmpty.strings,
            files: fields[optional: "files"]?.list { $0.object(InlineFile.init) } ?? [])
    }
}

extension InlineFile {
    init(_ fields: LabFields) {
        self.init(path: fields["path"].string, content: fields["content"].string)
    }
}
