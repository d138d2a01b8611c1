package import LabSupport

/// A proxy, or the list of hosts to reach without one.
///
/// The value may contain a password, so no description shows it.
package struct ProxySetting: Sendable, Equatable {
    /// The purpose of the proxy, named by the lower-case variable.
    package enum Kind: String, Sendable, CaseIterable {
        case http = "http_proxy"
        case https = "https_proxy"
        case all = "all_proxy"
        case none = "no_proxy"
    }

    package var kind: Kind
    /// The configured value with its credentials.
    package var value: String
    /// The variable that contains it.
    package var origin: String

    package init(kind: Kind, value: String, origin: String) {
        self.kind = kind
        self.value = value
        self.origin = origin
    }

    /// The settings of an environment. The lower-case name takes precedence, as in curl.
    package static func read(environment: [String: String]) -> [ProxySetting] {
        Kind.allCases.compactMap { kind in
            for name in [kind.rawValue, kind.rawValue.uppercased()] {
                if let value = environment[name], !value.isEmpty { return ProxySetting(kind: kind, value: value, origin: name) }
            }
            return nil
        }
    }

    /// The value without credentials.
    package var redacted: String {
        if value.contains("://") { return Redaction.urls(in: value) }
        // The proxy may have no scheme: joe:secret@proxy:3128.
        guard kind != .none, let at = value.lastIndex(of: "@") else { return value }
        return Redaction.mark + value[at...]
    }

    /// True if the proxy listens only on this machine. A container cannot reach it at this address.
    package var pointsAtLoopback: Bool {
        guard kind != .none else { return false }
        let afterScheme = value.split(separator: "/", omittingEmptySubsequences: true).first { !$0.hasSuffix(":") } ?? ""
        let host = afterScheme.split(separator: "@").last ?? ""
        return Loopback.contains(authority: host)
    }

    /// The sentence for the journal.
    package var notice: Text {
        if kind == .none {
            return Text(en: "No proxy is used for \(redacted) (\(origin)).", zh: "访问 \(redacted) 不走代理（来源：\(origin)）。")
        }
        if pointsAtLoopback {
            return Text(
                en: "The proxy \(redacted) (\(origin)) listens only on this machine. A container can reach it only on the host's network.",
                zh: "代理 \(redacted)（来源：\(origin)）只在本机监听，容器只有使用主机网络时才能访问它。")
        }
        return Text(en: "Downloads use the proxy \(redacted) (\(origin)).", zh: "下载将通过代理 \(redacted)（来源：\(origin)）。")
    }
}

extension ProxySetting: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(kind.rawValue)=\(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension HostNetwork {
    /// Proxy variables for builds and containers. As build arguments they are predefined: every instruction sees them, but they don't
    /// appear in the image's history.
    package var proxyVariables: [String: String] {
        // In a container, a loopback address means the container itself. Without that proxy, a download may at least work.
        proxies.filter { !$0.pointsAtLoopback }.reduce(into: [:]) { arguments, proxy in
            arguments[proxy.kind.rawValue] = proxy.value
            arguments[proxy.kind.rawValue.uppercased()] = proxy.value
        }
    }
}
