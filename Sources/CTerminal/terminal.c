#define _GNU_SOURCE
#include "cterminal.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static int lent_tty = -1;
static int changes = -1;
static atomic_int is_lent;

/* Leaving the alternate screen moves the cursor to where it was when somebody went there, also where no program had: it is saved
   before and restored behind, because terminals differ in whether the two share one memory. */
static const char reset[] =
    "\0337\033[?1049l\0338"                             /* the ordinary screen */
    "\033[0m\033(B\017"                                 /* no colors, letters instead of line drawing */
    "\0337\033[r\0338"                                  /* the whole screen scrolls; this alone would move the cursor */
    "\033[?7h\033[?25h\033[?1l\033>"                    /* line wrap, the cursor, ordinary keys */
    "\033[?9l\033[?1000l\033[?1002l\033[?1003l"         /* no mouse reports */
    "\033[?1005l\033[?1006l\033[?1015l\033[?1004l"      /* in whatever form, nor of the focus */
    "\033[?2004l";                                      /* no bracketed paste */

/* Signals that end the process, and those of a crash. SIGINT is not among them: a raw terminal sends none. */
static const int ending[] = {SIGTERM, SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
enum { ENDINGS = sizeof ending / sizeof *ending };
static struct sigaction before[ENDINGS];
static struct sigaction before_size;

/* Only async-signal-safe calls: this runs in handlers. */
static void restore(void) {
    if (!atomic_exchange(&is_lent, 0)) return;
    for (size_t done = 0; done < sizeof reset - 1;) {
        ssize_t count = write(lent_tty, reset + done, sizeof reset - 1 - done);
        if (count > 0) done += (size_t)count;
        else if (errno != EINTR) break;
    }
    tcsetattr(lent_tty, TCSANOW, &saved);
}

/* Gives the terminal back, puts the earlier action in place and returns: a crash happens again under that action, and a
   signal sent is sent again, so that the process ends by the same cause, and Swift's backtrace appears on a sane screen. */
static void on_ending(int number, siginfo_t *info, void *context) {
    int error = errno;
    (void)context;
    restore();
    for (int i = 0; i < ENDINGS; i++) {
        if (ending[i] == number) sigaction(number, &before[i], NULL);
    }
    if (info->si_code <= 0 || number == SIGABRT) raise(number);
    errno = error;
}

static void on_size(int number) {
    int error = errno;
    uint64_t one = 1;
    (void)number;
    if (changes >= 0 && write(changes, &one, sizeof one) < 0) { /* full: one wake-up is as good as many */ }
    errno = error;
}

static void arm(void) {
    struct sigaction action = {0};
    action.sa_sigaction = on_ending;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < ENDINGS; i++) sigaction(ending[i], &action, &before[i]);
    struct sigaction size = {0};
    size.sa_handler = on_size;
    size.sa_flags = SA_RESTART;
    sigemptyset(&size.sa_mask);
    sigaction(SIGWINCH, &size, &before_size);
}

static void disarm(void) {
    for (int i = 0; i < ENDINGS; i++) sigaction(ending[i], &before[i], NULL);
    sigaction(SIGWINCH, &before_size, NULL);
}

int ct_lend(int tty) {
    if (atomic_load(&is_lent)) return EBUSY;
    if (tcgetattr(tty, &saved)) return errno;
    if (changes < 0 && (changes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0) return errno;
    struct termios raw = saved;
    cfmakeraw(&raw);
    lent_tty = tty;
    arm();
    atomic_store(&is_lent, 1);
    if (tcsetattr(tty, TCSANOW, &raw)) {
        int error = errno;
        atomic_store(&is_lent, 0);
        disarm();
        return error;
    }
    return 0;
}

void ct_take_back(void) {
    if (!atomic_load(&is_lent)) return;
    restore();
    disarm();
}

int ct_size_changes(void) { return atomic_load(&is_lent) ? changes : -1; }

int ct_size(int tty, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(tty, TIOCGWINSZ, &size)) return errno;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}
