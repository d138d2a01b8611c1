import Glibc
import LabSupport

/// Writes a file to find out whether a folder is writable. Permissions, quota and free space show only then.
enum WriteTrial {
    /// The errno of the failure, or nil. The file is deleted again.
    static func write(in folder: String) -> Int32? {
        let path = "\(folder)/.ailab-doctor-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer {
            close(descriptor)
            unlink(path)
        }
        let failed = Files.writeAll([UInt8](repeating: 0, count: 64 << 10), to: descriptor)
        guard failed == 0 else { return failed }
        return fsync(descriptor) == 0 ? nil : errno
    }
}
