import CNcursesw
import CTerminal
import Glibc
import LabSupport

/// The real screen. It's an actor whose jobs run on the thread that owns the terminal.
package actor CursesTerminal: Screen {
    private nonisolated let thread = TerminalThread()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let send: @Sendable (AppEvent) -> Void
    private let escapeDelay: Int
    private let usesColor: Bool
    private var painter: CursesPainter
    /// The current frame. It changes even while the terminal is lent and can't be painted.
    private var shown: CellBuffer?
    private var pad: UnsafeMutablePointer<WINDOW>?
    private var pasted: String?
    private var usesMouse = false
    private var isLent = false
    private let questions: TerminalQuestions
    private var answers = TerminalAnswers()
    /// The questions that the terminal hasn't answered, and when they were asked.
    private var unanswered: Set<TerminalAnswers.Question> = []
    private var asked = ContinuousClock.now
    private var isTerminated = false

    /// An answer after this time comes too late: colors that change while someone reads only disturb.
    private static let answerTimeout = Duration.seconds(1)
    /// The most bytes of a pasted text. A paste that never ends must not fill the memory.
    private static let pasteLimit = 1 << 20
    /// How long the end waits for an answer that would otherwise appear as typed text in the shell.
    private static let lastWait: Int32 = 100

    /// `escapeDelay` is how long to wait for the rest of a key's sequence after an escape, in milliseconds.
    package init(
        escapeDelay: Int, usesColor: Bool, questions: TerminalQuestions = TerminalQuestions(), send: @escaping @Sendable (AppEvent) -> Void
    ) {
        self.questions = questions
        self.escapeDelay = escapeDelay
        self.usesColor = usesColor
        self.send = send
        painter = CursesPainter(usesColor: usesColor)
    }

    package func open() throws -> Size {
        CellWidth.prepare()
        ct_restore_on_crash()
        // A terminal that goes away wakes the thread even after the screen's end.
        thread.listen(
            input: { [weak self] in self?.assumeIsolated { $0.readKeys() } },
            signal: { [weak self] set in self?.assumeIsolated { $0.signalled(set) } },
            hangUp: { [send] in send(.terminated) })
        guard cn_open(painter.capture.output) != nil else { throw Self.unknownTerminal }
        ct_limit_end(1)
        // A frame is small, and it's painted whole even if a key waits: half of one would be shown.
        typeahead(-1)
        pad = newpad(1, 1)
        keypad(pad, true)
        nodelay(pad, true)
        raw()
        noecho()
        nonl()
        curs_set(0)
        set_escdelay(Int32(clamping: escapeDelay))
        if usesColor, has_colors() {
            start_color()
            use_default_colors()
        }
        definePaste(isOn: true)
        ask()
        return size
    }

    /// Asks the terminal what it's like. Nothing waits for the answers: they arrive among the keys.
    private func ask() {
        if questions.background { unanswered.insert(.background) }
        painter.isSynchronized = cn_synchronizes() != 0
        if questions.synchronization, !painter.isSynchronized { unanswered.insert(.synchronization) }
        if questions.graphics { unanswered.formUnion([.kitty, .attributes]) }
        for question in TerminalAnswers.Question.allCases where unanswered.contains(question) {
            for prefix in question.prefixes { define_key(prefix, question.rawValue) }
            write(question.text)
        }
        asked = .now
    }

    private func take(_ answer: TerminalAnswers.Answer) {
        let isLate = ContinuousClock.now - asked > Self.answerTimeout
        switch answer {
        case .background(let isLight):
            unanswered.remove(.background)
            if !isLate { send(.background(isLight: isLight)) }
        case .synchronization(let isKnown):
            unanswered.remove(.synchronization)
            painter.isSynchronized = isKnown
        case .kitty(let isKnown):
            unanswered.remove(.kitty)
            if isKnown { draw(in: .kitty) }
        case .attributes(let attributes):
            // A terminal answers in the order of the questions, so it has no answer to the one before.
            unanswered.subtract([.attributes, .kitty])
            if attributes.contains(TerminalAnswers.sixelAttribute), let cell = cellSize {
                draw(in: .sixel(cellWidth: cell.width, cellHeight: cell.height))
            }
        }
    }

    /// Draws pictures from now on, in the first dialect that the terminal said it knows.
    private func draw(in dialect: GraphicsDialect) {
        guard painter.pictures.dialect == nil else { return }
        painter.pictures.dialect = dialect
        if let shown, !isLent { painter.paint(shown) }
    }

    /// The size of a cell in pixels. Nil if the terminal doesn't say.
    private var cellSize: (width: Int, height: Int)? {
        var window = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else { return nil }
        let (width, height) = (Int(window.ws_xpixel / window.ws_col), Int(window.ws_ypixel / window.ws_row))
        return width > 0 && height > 0 ? (width, height) : nil
    }

    /// Takes an answer that is on its way, before another program gets the terminal.
    private func awaitAnswers() {
        while !unanswered.isEmpty, ContinuousClock.now - asked < Self.answerTimeout {
            var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, Self.lastWait) > 0, input.revents & Int16(POLLIN) != 0 else { return }
            readKeys()
        }
    }

    private static var unknownTerminal: LabError {
        LabError(
            .usageTerminal, Text(en: "This machine doesn't know this terminal's TERM.", zh: "本机不认识这个终端的 TERM。"),
            hint: Text(
                en: "Try `TERM=xterm ailab`, or run steps without the screen: `ailab step N`.",
                zh: "可以试试 `TERM=xterm ailab`，或不用界面，直接运行 `ailab step N`。"))
    }

    /// Asks the terminal to mark pasted text (bracketed paste), so that it isn't read as keys.
    private func definePaste(isOn: Bool) {
        write(isOn ? "\u{1B}[?2004h" : "\u{1B}[?2004l")
        guard isOn else { return }
        define_key("\u{1B}[200~", KeyDecoder.pasteBegin)
        define_key("\u{1B}[201~", KeyDecoder.pasteEnd)
    }

    private func write(_ text: String) { _ = Files.writeAll(Array(text.utf8), to: STDOUT_FILENO) }

    private var size: Size {
        var window = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else {
            return Size(columns: Int(getmaxx(cn_stdscr())), rows: Int(getmaxy(cn_stdscr())))
        }
        return Size(columns: min(Self.sideLimit, Int(window.ws_col)), rows: min(Self.sideLimit, Int(window.ws_row)))
    }

    /// The most columns and rows that are used. A terminal may claim to have 65,535 of each, whose cells no memory holds.
    private static let sideLimit = 1000

    private func signalled(_ set: UInt32) {
        if set & CT_TERMINATED.rawValue != 0 {
            // Nobody could continue a program whose terminal is gone, so it isn't stopped any more.
            isTerminated = true
            send(.terminated)
            return
        }
        if set & CT_STOPPED.rawValue != 0, !isLent { stop() }
        if set & (CT_RESIZED.rawValue | CT_CONTINUED.rawValue) != 0, !isLent { resized() }
    }

    private func resized() {
        let size = size
        resizeterm(Int32(size.rows), Int32(size.columns))
        painter.invalidate()
        showAgain(size)
        send(.resized(size))
    }

    /// Paints the current frame again after the screen lost it. The program that makes the frames doesn't do that, because for it nothing has
    /// changed.
    private func showAgain(_ size: Size) {
        // If the size has changed, the program sends another frame.
        if let shown, shown.size == size { painter.paint(shown) }
    }

    private func readKeys() {
        var code = wint_t()
        while true {
            // Read keys from a pad, because reading from the screen's window refreshes it first.
            switch wget_wch(pad, &code) {
            case OK where answers.isReading: if let answer = answers.take(code) { take(answer) }
            case OK: take(KeyDecoder.character(code))
            case KEY_CODE_YES:
                if let question = TerminalAnswers.Question(rawValue: Int32(code)) {
                    answers.begin(question)
                } else {
                    take(KeyDecoder.function(Int32(code)))
                }
            default: return
            }
        }
    }

    private func take(_ decoded: KeyDecoder.Decoded) {
        switch decoded {
        case .pasteBegins: pasted = ""
        case .pasteEnds:
            if let pasted { send(.pasted(pasted)) }
            pasted = nil
        case .mouse(let mouse): send(.mouse(mouse))
        // A paste whose end never came must not take the way out.
        case .key(.control("c")) where pasted != nil:
            pasted = nil
            send(.key(.control("c")))
        case .key(let key) where pasted != nil:
            guard (pasted?.utf8.count ?? 0) < Self.pasteLimit else { return }
            if case .character(let character) = key { pasted?.append(character) } else if key == .enter { pasted?.append("\n") }
        case .key(let key): send(.key(key))
        case .nothing: break
        }
    }

    package func paint(_ frame: CellBuffer) {
        shown = frame
        guard !isLent else { return }
        painter.paint(frame)
    }

    package func redraw(_ frame: CellBuffer) {
        shown = frame
        guard !isLent else { return }
        clearok(cn_curscr(), true)
        painter.invalidate()
        painter.paint(frame)
    }

    package func copy(_ text: String) { write("\u{1B}]52;c;\(Base64.text(text.utf8))\u{07}") }

    package func setMouse(_ isOn: Bool) {
        usesMouse = isOn
        mousemask(isOn ? CN_CLICKS : 0, nil)
        mouseinterval(0)
    }

    package func lend() {
        guard !isLent else { return }
        awaitAnswers()
        isLent = true
        thread.readInput(false)
        write(painter.pictures.clear())
        definePaste(isOn: false)
        if usesMouse { mousemask(0, nil) }
        def_prog_mode()
        endwin()
        // The program that has the terminal ends first.
        ct_limit_end(0)
    }

    package func takeBack() {
        guard isLent else { return }
        reset_prog_mode()
        // The size may have changed in the meantime, and the previous screen is gone.
        let size = size
        resizeterm(Int32(size.rows), Int32(size.columns))
        clearok(cn_curscr(), true)
        curs_set(0)
        definePaste(isOn: true)
        if usesMouse { setMouse(true) }
        painter.invalidate()
        isLent = false
        ct_limit_end(1)
        thread.readInput(true)
        showAgain(size)
        send(.resized(size))
    }

    package func run(_ arguments: [String]) throws { try ForegroundProgram.run(arguments) }

    package func stop() {
        guard !isTerminated else { return }
        lend()
        ct_stop_self()
        takeBack()
    }

    package func close() {
        thread.readInput(false)
        if !isLent {
            awaitAnswers()
            write(painter.pictures.clear())
            definePaste(isOn: false)
            if usesMouse { mousemask(0, nil) }
            // Without an alternate screen, the picture stays. Then the shell's prompt must be on the last line.
            wmove(cn_stdscr(), getmaxy(cn_stdscr()) - 1, 0)
            wclrtoeol(cn_stdscr())
            wrefresh(cn_stdscr())
            endwin()
        }
        ct_limit_end(0)
        thread.finish()
    }
}

/// The encoding in which terminals expect text for the clipboard.
enum Base64 {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        var group: [UInt8] = []
        func flush() {
            guard !group.isEmpty else { return }
            let padded = group + Array(repeating: 0, count: 3 - group.count)
            let bits = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
            for place in 0..<4 { result.append(place > group.count ? 0x3D : alphabet[bits >> (18 - 6 * place) & 63]) }
            group = []
        }
        for byte in bytes {
            group.append(byte)
            if group.count == 3 { flush() }
        }
        flush()
        return String(decoding: result, as: UTF8.self)
    }
}
