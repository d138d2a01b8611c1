import Glibc

extension PathBelow {
    /// Creates the folder and its missing parents.
    package func makeDirectory() throws(LabError) {
        do {
            close(try open(PathBelow.asFolder))
        } catch {
            guard error.errno == ENOENT else { throw error }
            guard let parent else { return try Files.makeDirectory(folder) }
            try parent.makeDirectory()
            let above = try parent.open(PathBelow.asFolder)
            defer { close(above) }
            guard mkdirat(above, lastName, 0o755) == 0 || errno == EEXIST else { throw Files.error(errno, shown) }
            // It may be a link that someone else was faster to make.
            close(try open(PathBelow.asFolder))
        }
    }

    /// Replaces the file as a whole, as `Files.write` does. A link of that name is replaced, not followed.
    package func write(_ bytes: some Collection<UInt8>) throws(LabError) {
        try replace { descriptor in Files.writeAll(Array(bytes), to: descriptor) }
    }

    /// Writes a file under a temporary name with `body`, which returns 0 or an errno, and then gives it this name.
    private func replace(_ body: (Int32) -> Int32) throws(LabError) {
        let file = try PathBelow.Unfinished(self)
        var failure = body(file.descriptor)
        if failure == 0, fsync(file.descriptor) != 0 { failure = errno }
        guard failure == 0 else {
            file.discard()
            throw Files.error(failure, shown)
        }
        try file.finish()
    }

    /// A file that is being written under a temporary name beside its own.
    package struct Unfinished {
        package let descriptor: Int32
        private let target: PathBelow
        private let parent: Int32
        private let temporary: String

        /// Creates it. The folder must exist.
        package init(_ target: PathBelow, mode: UInt32 = 0o644) throws(LabError) {
            guard let above = target.parent else { throw Files.error(EISDIR, target.shown) }
            self.target = target
            parent = try above.open(PathBelow.asFolder)
            temporary = ".\(getpid()).\(UInt64.random(in: 0 ... .max)).part"
            descriptor = openat(parent, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
            let failure = errno
            guard descriptor >= 0 else {
                close(parent)
                throw Files.error(failure, target.shown)
            }
        }

        /// Gives the file its name, and replaces a file or link that has it.
        package func finish() throws(LabError) {
            let failure = renameat(parent, temporary, parent, target.lastName) == 0 ? 0 : errno
            guard failure == 0 else {
                discard()
                throw Files.error(failure, target.shown)
            }
            close(descriptor)
            close(parent)
        }

        /// Removes the file.
        package func discard() {
            unlinkat(parent, temporary, 0)
            close(descriptor)
            close(parent)
        }
    }

    /// Removes a file, a link, or a folder with everything in it. A link is removed, not followed. It's no error if there is nothing.
    package func remove() throws(LabError) {
        guard let parent else { throw Files.error(EBUSY, shown) }
        let above: Int32
        do {
            above = try parent.open(PathBelow.asFolder)
        } catch {
            guard error.errno == ENOENT else { throw error }
            return
        }
        defer { close(above) }
        let failure = Self.remove(lastName, in: above)
        guard failure == 0 || failure == ENOENT else { throw Files.error(failure, shown) }
    }

    private static func remove(_ name: [CChar], in folder: Int32) -> Int32 {
        guard unlinkat(folder, name, 0) != 0 else { return 0 }
        guard errno == EISDIR else { return errno }
        let inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard inner >= 0 else { return errno }
        defer { close(inner) }
        guard let names = try? FolderNames.read(inner, "") else { return EACCES }
        var failure: Int32 = 0
        for name in names {
            let result = remove(name.map(CChar.init(bitPattern:)) + [0], in: inner)
            if result != 0, result != ENOENT { failure = result }
        }
        guard failure == 0 else { return failure }
        return unlinkat(folder, name, AT_REMOVEDIR) == 0 ? 0 : errno
    }

    /// The last part of the path for a system call.
    private var lastName: [CChar] {
        (bytes.split(separator: UInt8(ascii: "/")).last ?? []).map(CChar.init(bitPattern:)) + [0]
    }
}
