#ifndef CTERMINAL_H
#define CTERMINAL_H
#include <stdint.h>

/* Columns that the C library gives a scalar: 0, 1, 2, or -1 for a control character. */
int ct_width(uint32_t scalar);

/* Makes the multibyte locale UTF-8, the user's own where it is one. Returns 0 where the system has no UTF-8 locale at all. */
int ct_use_utf8(void);

/* A file in memory, closed on exec; -1 if there is none. The name is only for /proc. */
int ct_memory_file(const char *name);
/* From now on `descriptor` leads where `target` leads. Returns 0 or an errno. */
int ct_redirect(int descriptor, int target);

/* A non-blocking counter that poll(2) can wait for, or -1. */
int ct_counter(void);
void ct_counter_add(int counter);
void ct_counter_clear(int counter);

enum ct_signal { CT_RESIZED = 1, CT_TERMINATED = 2, CT_STOPPED = 4, CT_CONTINUED = 8 };

/* From now on SIGWINCH, SIGTERM, SIGHUP, SIGTSTP and SIGCONT are remembered and add 1 to `counter`. To be called before curses starts:
   curses puts its own handlers wherever the disposition is still the default. */
void ct_forward_signals(int counter);
/* Whether SIGTERM and SIGHUP end the program within two seconds even if the terminal takes no output. The end of the screen unsets it. */
void ct_limit_end(int limits);
/* The signals since the last call, as a set of `ct_signal`. */
unsigned ct_take_signals(void);

/* Stops this process as Ctrl-Z would; returns when it is continued in the foreground. */
void ct_stop_self(void);

/* Keeps the terminal's modes; a crash then restores them before the runtime reports it. */
void ct_restore_on_crash(void);
/* The same restoration, for an orderly end without curses. */
void ct_restore_now(void);

/* Runs a program in the foreground with this terminal and waits for it: its exit code, 128 + signal, or -1 with errno. */
int ct_run_foreground(char *const argv[]);

/* A terminal that is lent to a container: raw while it is lent, and as it was before however the loan ends. */

/* Saves the terminal's settings, makes it raw, and arms the handlers that give it back when the process dies by SIGTERM,
   SIGHUP, SIGQUIT or a crash. Returns 0 or an errno; EBUSY where a loan is open already. */
int ct_lend(int tty);

/* Ends the loan: resets what a program may have left on the screen, restores the settings and the handlers. Exactly one
   call does it; any other, also from a signal handler, does nothing. */
void ct_take_back(void);

/* A descriptor that becomes readable when the terminal's size has changed during a loan; -1 outside of one. */
int ct_size_changes(void);

/* The terminal's size. Returns 0 or an errno; a terminal that does not know has no columns. */
int ct_size(int tty, int *columns, int *rows);

#endif
