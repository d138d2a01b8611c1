#ifndef CTERMINAL_H
#define CTERMINAL_H

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
