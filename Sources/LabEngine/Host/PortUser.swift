/// The user whose program listens on a port. Everybody can see that, though only root and the user can see which program it is.
package enum PortUser {
    /// The user's name, or number if there is no name. Nil if nothing listens.
    package static func name(of port: Int, root: HostRoot = .machine) -> String? {
        guard let id = id(of: port, root: root) else { return nil }
        for line in root.lines("/etc/passwd") ?? [] {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[2] == "\(id)" { return String(fields[0]) }
        }
        return String(id)
    }

    /// A line's second word is the address, its fourth the state, its eighth the user:
    /// https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
    private static func id(of port: Int, root: HostRoot) -> UInt32? {
        let wanted = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - wanted.count)) + wanted
        for line in ["/proc/net/tcp", "/proc/net/tcp6"].flatMap({ root.lines($0) ?? [] }) {
            let words = line.split(separator: " ")
            if words.count > 9, words[3] == "0A", words[1].hasSuffix(suffix) { return UInt32(words[7]) }
        }
        return nil
    }
}
