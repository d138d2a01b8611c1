#define _GNU_SOURCE
#include "cterminal.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

extern char **environ;

static _Atomic int signal_counter = -1;
static _Atomic unsigned pending;
static struct termios saved_modes;
static volatile sig_atomic_t has_saved_modes;
static struct sigaction previous_actions[NSIG];
/* Whether a terminal that takes no output, such as after Ctrl-S, may keep the program from ending. */
static _Atomic int limits_end;
static const unsigned end_limit = 2;

int ct_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

static int codeset_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

int ct_use_utf8(void) {
    setlocale(LC_CTYPE, "");
    if (codeset_is_utf8()) return 1;
    /* A student's LANG=C would otherwise make every character wider than ASCII unprintable. */
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL || setlocale(LC_CTYPE, "en_US.UTF-8") != NULL;
}

int ct_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int ct_redirect(int descriptor, int target) {
    while (dup3(target, descriptor, O_CLOEXEC) < 0) {
        if (errno != EINTR && errno != EBUSY) return errno;
    }
    return 0;
}

int ct_counter(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void ct_counter_add(int counter) {
    uint64_t one = 1;
    (void)!write(counter, &one, sizeof one);
}

void ct_counter_clear(int counter) {
    uint64_t count;
    (void)!read(counter, &count, sizeof count);
}

static void remember(int number) {
    int kept = errno;
    unsigned bit = 0;
    switch (number) {
    case SIGWINCH: bit = CT_RESIZED; break;
    case SIGTERM: case SIGHUP: bit = CT_TERMINATED; break;
    case SIGTSTP: bit = CT_STOPPED; break;
    case SIGCONT: bit = CT_CONTINUED; break;
    }
    atomic_fetch_or(&pending, bit);
    if (bit == CT_TERMINATED && atomic_load(&limits_end)) alarm(end_limit);
    int counter = atomic_load(&signal_counter);
    if (counter >= 0) ct_counter_add(counter);
    errno = kept;
}

/* Nothing more can be written, so only the modes are put back. 130 is this program's exit code for an interruption. */
static void end_now(int number) {
    (void)number;
    if (has_saved_modes) tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
    _exit(130);
}

void ct_limit_end(int limits) {
    atomic_store(&limits_end, limits);
    if (!limits) alarm(0);
}

void ct_forward_signals(int counter) {
    static const int numbers[] = { SIGWINCH, SIGTERM, SIGHUP, SIGTSTP, SIGCONT };
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = remember;
    action.sa_flags = SA_RESTART;
    atomic_store(&signal_counter, counter);
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, NULL);
    action.sa_handler = end_now;
    sigaction(SIGALRM, &action, NULL);
    /* A terminal that went away answers writes with SIGPIPE or EIO; the loop has to see the error instead. */
    signal(SIGPIPE, SIG_IGN);
}

unsigned ct_take_signals(void) { return atomic_exchange(&pending, 0); }

/* The signal goes to this thread: one sent to the process may stop another first, while this one goes on to take the terminal back.
   Who is continued in the background (`bg`) has no terminal to take and stops again. The leader of a session, such as the program of a tmux
   pane, has no shell that would continue it, and a program whose terminal has gone has nobody. */
void ct_stop_self(void) {
    pid_t foreground;
    if (getsid(0) == getpid() || atomic_load(&pending) & CT_TERMINATED) return;
    do {
        raise(SIGSTOP);
        foreground = tcgetpgrp(STDIN_FILENO);
    } while (foreground > 0 && foreground != getpgrp());
}

static const char restore[] = "\033[?2026l\033[?1006l\033[?1002l\033[?1000l\033[?2004l\033[?1049l\033[?25h\033[0m\r\n";

/* Only calls that are safe in a signal handler. */
void ct_restore_now(void) {
    if (!has_saved_modes) return;
    (void)!write(STDOUT_FILENO, restore, sizeof restore - 1);
    tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
}

/* The old action is put back and the handler returns: the fault happens again and the runtime reports it on a usable terminal. A signal
   that somebody sent does not happen again by itself. */
static void crashed(int number, siginfo_t *info, void *context) {
    (void)context;
    ct_restore_now();
    sigaction(number, &previous_actions[number], NULL);
    if (info->si_code <= 0) raise(number);
}

void ct_restore_on_crash(void) {
    static const int numbers[] = { SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT };
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crashed;
    action.sa_flags = SA_ONSTACK | SA_SIGINFO;
    has_saved_modes = tcgetattr(STDIN_FILENO, &saved_modes) == 0;
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, &previous_actions[numbers[i]]);
}

int ct_run_foreground(char *const argv[]) {
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    pid_t pid;
    int status;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGQUIT);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGTSTP);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    /* Ctrl-C belongs to the program in the foreground. */
    struct sigaction ignore, old_int, old_quit;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGINT, &ignore, &old_int);
    sigaction(SIGQUIT, &ignore, &old_quit);
    int failed = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    int result = -1;
    if (failed == 0) {
        while ((result = waitpid(pid, &status, 0)) < 0 && errno == EINTR) {}
        if (result >= 0) result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGQUIT, &old_quit, NULL);
    if (failed) errno = failed;
    return result;
}
