import CCurl
import Glibc

/// The thread on which all of libcurl happens, as other threads see it.
///
/// Senders append to the mailbox and ring; the thread takes the commands after `perform` and right before `poll`. The order is
/// needed: some versions' `curl_multi_perform` swallows wake-ups (curl#22272).
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case resume(UInt64)
        case cancel(UInt64)
        case stop
    }

    private struct Mailbox {
        var commands: [Command] = []
        var isOpen = true
        var isPacing = false
    }

    let observers = TransferObservers()
    private let mailbox = Locked(Mailbox())
    private let thread = Locked<PosixThread?>(nil)
    /// Other threads call `curl_multi_wakeup` with it, under the mailbox's lock while that is open, and nothing else.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer?
    /// Ends a pacing pause, which libcurl's own wake-up cannot.
    private let bell: Int32

    private static let isLibraryReady: Bool = {
        // Writing to a connection that the server closed must be an error, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()

    init() {
        multi = Self.isLibraryReady ? curl_multi_init() : nil
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if let multi, bell >= 0 {
            _ = cc_multi_long(multi, CURLMOPT_MAXCONNECTS, 16)
            let started = PosixThread.start { self.multi.map { CurlEngine(loop: self, multi: $0).run() } }
            thread.withLock { $0 = started }
        }
        let isRunning = thread.withLock { $0 != nil }
        mailbox.withLock { $0.isOpen = isRunning }
    }

    deinit {
        if bell >= 0 { close(bell) }
    }

    /// False once the loop has ended or could not begin: the command is then void.
    @discardableResult
    func submit(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.isOpen else { return false }
            mailbox.commands.append(command)
            guard mailbox.commands.count == 1 else { return true }
            if mailbox.isPacing {
                eventfd_write(bell, 1)
            } else {
                curl_multi_wakeup(multi)
            }
            return true
        }
    }

    /// Ends all transfers with `CancellationError` and waits for the thread. Not from the loop's own callbacks.
    func shutdown() {
        submit(.stop)
        let ending = thread.withLock { thread -> PosixThread? in
            defer { thread = nil }
            return thread
        }
        ending?.join()
    }
}

// MARK: - For the loop's thread

extension CurlLoop {
    func takeCommands() -> [Command] {
        mailbox.withLock { mailbox in
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
    }

    /// Refuses further commands and returns those that came last. From here on nobody touches the multi handle.
    func closeMailbox() -> [Command] {
        mailbox.withLock { mailbox in
            mailbox.isOpen = false
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
    }

    /// Sleeps, unless or until a command comes.
    func pause(for duration: Duration) {
        let begins = mailbox.withLock { mailbox in
            mailbox.isPacing = mailbox.commands.isEmpty
            return mailbox.isPacing
        }
        guard begins else { return }
        var descriptor = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        poll(&descriptor, 1, Int32(duration.wholeMilliseconds))
        mailbox.withLock { mailbox in
            mailbox.isPacing = false
            var count: eventfd_t = 0
            eventfd_read(bell, &count)
        }
    }
}
