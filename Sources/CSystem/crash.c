#define _GNU_SOURCE
#include "csystem.h"

#include <execinfo.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { MOST_FRAMES = 48, STACK_SIZE = 64 << 10 };

static int target = -1;
static char stack[STACK_SIZE];

static const char *name_of(int signal) {
    switch (signal) {
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGABRT: return "SIGABRT";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGSEGV: return "SIGSEGV";
    case SIGSYS: return "SIGSYS";
    default: return "a signal";
    }
}

static void put(const char *text) {
    ssize_t written = write(target, text, strlen(text));
    (void)written;
}

static void put_address(uintptr_t address) {
    char text[2 + 2 * sizeof address + 1];
    size_t end = sizeof text - 1;
    text[end] = 0;
    do text[--end] = "0123456789abcdef"[address & 15];
    while (address >>= 4);
    text[--end] = 'x';
    text[--end] = '0';
    put(text + end);
}

/* Only functions of signal-safety(7), and backtrace, which is safe once its library is loaded. */
static void report(int signal, siginfo_t *info, void *context) {
    void *frames[MOST_FRAMES];
    (void)context;
    put("ailab crashed: ");
    put(name_of(signal));
    put(" at ");
    put_address((uintptr_t)info->si_addr);
    put("\n");
    backtrace_symbols_fd(frames, backtrace(frames, MOST_FRAMES), target);
    /* SA_RESETHAND restored the default action: the same instruction ends the process now. An abort and a signal that someone sent don't
       come back by themselves. */
    raise(signal);
}

void cs_report_crashes(int descriptor) {
    static const int fatal[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS};
    void *frame[1];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action;
    target = descriptor;
    backtrace(frame, 1); /* loads its library */
    sigaltstack(&alternate, NULL);
    memset(&action, 0, sizeof action);
    action.sa_sigaction = report;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) sigaction(fatal[i], &action, NULL);
}
