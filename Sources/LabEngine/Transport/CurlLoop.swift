import CCurl
import Glibc
import LabSupport

/// The thread on which all libcurl calls happen, as other threads see it.
///
/// Senders add commands to the mailbox and wake the thread. The thread takes the commands after `perform` and right before `poll`.
/// This order matters: in some versions, `curl_multi_perform` swallows wake-ups (https://github.com/curl/curl/issues/22272).
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
        var thread: PosixThread?
        /// Other threads may only pass it to `curl_multi_wakeup`, under this lock and while the mailbox is open. Nil until the thread has
        /// loaded libcurl.
        var multi: UnsafeMutableRawPointer?
    }

    let observers = TransferObservers()
    private let mailbox = Locked(Mailbox())
    /// Ends a pacing pause. libcurl's own wake-up cannot do that.
    private let bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))

    deinit {
        if bell >= 0 { close(bell) }
    }

    /// Returns false, without effect, if the loop has ended or cannot start. The first transfer starts the thread.
    @discardableResult
    func submit(_ command: Command) -> Bool {
        mailbox.withLock { mailbox in
            guard mailbox.isOpen, bell >= 0 else { return false }
            if mailbox.thread == nil, case .start = command { mailbox.thread = PosixThread.start { self.run() } }
            guard mailbox.thread != nil else { return false }
            mailbox.commands.append(command)
            guard mailbox.commands.count == 1 else { return true }
            if mailbox.isPacing {
                eventfd_write(bell, 1)
            } else if let multi = mailbox.multi {
                cc_multi_wakeup(multi)
            }
            return true
        }
    }

    /// Ends all transfers with `CancellationError` and waits for the thread. Don't call it from the loop's own callbacks.
    func shutdown() {
        submit(.stop)
        let ending = mailbox.withLock { mailbox -> PosixThread? in
            defer { mailbox.thread = nil }
            mailbox.isOpen = false
            return mailbox.thread
        }
        ending?.join()
    }
}

// MARK: - For the loop's thread

extension CurlLoop {
    private func run() {
        do throws(LabError) {
            // Load libcurl here, not in the caller: the calling thread may have a screen to draw.
            try CurlLibrary.load()
        } catch {
            return strand(because: error)
        }
        guard let multi = cc_multi_init() else { return strand(because: Files.error(ENOMEM, "curl_multi_init")) }
        _ = cc_multi_long(multi, CURLMOPT_MAXCONNECTS, 16)
        mailbox.withLock { $0.multi = multi }
        CurlEngine(loop: self, multi: multi).run()
    }

    /// Fails everything that waits. The next command tries again.
    private func strand(because error: LabError) {
        let (commands, thread) = mailbox.withLock { mailbox in
            defer {
                mailbox.commands = []
                mailbox.thread = nil
            }
            return (mailbox.commands, mailbox.thread)
        }
        thread?.detach()
        for case .start(let transfer) in commands { transfer.finish(throwing: error) }
    }

    func takeCommands() -> [Command] {
        mailbox.withLock { mailbox in
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
    }

    /// Refuses further commands and returns the last ones. After this, no other thread touches the multi handle.
    func closeMailbox() -> [Command] {
        mailbox.withLock { mailbox in
            mailbox.isOpen = false
            defer { mailbox.commands = [] }
            return mailbox.commands
        }
    }

    /// Sleeps until the time is up or a command arrives.
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
