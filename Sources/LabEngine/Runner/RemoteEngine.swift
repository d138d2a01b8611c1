package import ContainerEngine
import Glibc
package import HTTPTransport
package import LabSupport

/// An engine on another machine: containers can't mount this machine's folders, and their ports aren't on this machine's loopback.
package enum RemoteEngine {
    /// The facts that tell two machines apart, as far as an engine says them of itself.
    package struct Machine: Sendable, Equatable {
        package var name: String
        package var kernel: String

        package init(name: String, kernel: String) {
            self.name = name
            self.kernel = kernel
        }

        /// The machine that ailab runs on.
        package static var this: Machine {
            var names = utsname()
            uname(&names)
            func text<Value>(_ field: Value) -> String {
                withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            }
            return Machine(name: text(names.nodename), kernel: text(names.release))
        }
    }

    /// The other machine that the engine runs on. Nil if it's this one, or if nothing says otherwise.
    ///
    /// A forwarded socket looks like a local one. So an engine is remote if both its machine's name and its kernel are others. One of the two
    /// isn't enough: a container that uses its host's engine has another name, and a rolling upgrade another kernel until the next boot.
    /// Docker Desktop's virtual machine serves this machine's folders and ports.
    package static func host(endpoint: Endpoint, info: EngineInfo, this: Machine) -> String? {
        guard info.operatingSystem?.hasPrefix("Docker Desktop") != true else { return nil }
        let isOther = info.name != nil && info.kernelVersion != nil && info.name != this.name && info.kernelVersion != this.kernel
        switch endpoint {
        case .unix: return isOther ? info.name : nil
        case .tcp(let host, _, _):
            let isThis = info.name == this.name && info.kernelVersion == this.kernel
            return isOther || !Loopback.contains(host: host) && !isThis ? info.name ?? host : nil
        }
    }

    /// Why a lab can't use the engine that was found. Nil if it's this machine's, or if it doesn't say what it is.
    package static func error(_ found: EngineFinder.Found) -> LabError? {
        found.info.flatMap { host(endpoint: found.docker.endpoint, info: $0, this: .this) }.map(error)
    }

    /// Why a lab can't use it, and what can be done.
    package static func error(_ host: String) -> LabError {
        LabError.engineElsewhere(
            .engineRemote, host, login: Text(en: "Log in there and run ailab on it.", zh: "请登录到那台机器，在那里运行 ailab。"))
    }
}
