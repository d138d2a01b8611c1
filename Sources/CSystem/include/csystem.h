#ifndef CSYSTEM_H
#define CSYSTEM_H
#include <stdint.h>
#include <sys/types.h>

/* What Swift's Glibc module does not carry, or carries as macros with arguments. */

/* Decodes a wait(2) status: the exit code, or 128 + the signal's number as shells report it. */
int cs_exit_code(int wait_status);

/* Starts `path` as the leader of a new session with the three given descriptors as its standard ones and every other
   descriptor closed. `cwd` may be NULL. Returns 0 and stores the pid, or returns an errno. */
int cs_spawn_session(const char *path, char *const argv[], char *const envp[], const char *cwd,
                     int in, int out, int err, pid_t *pid);

/* As cs_spawn_session, on a new terminal of that size, which becomes the session's own. Stores the other end of the terminal in
   `master`. */
int cs_spawn_on_terminal(const char *path, char *const argv[], char *const envp[], int columns, int rows, int *master,
                         pid_t *pid);

/* A descriptor that becomes readable when the process ends; -1 with errno where the kernel has none (before 5.3). */
int cs_pidfd_open(pid_t pid);

/* Sends a signal to the process that the descriptor stands for, never to a later one of that number. Returns 0 or an errno. */
int cs_pidfd_signal(int process, int signal);

/* Two ends of a pipe, closed on exec. Returns 0 or an errno. */
int cs_pipe(int ends[2]);

/* A descriptor that watches others, closed on exec; -1 with errno. Swift sees neither <sys/epoll.h> nor its packed struct. */
int cs_epoll_create(void);

enum { CS_EPOLL_READ = 1, CS_EPOLL_WRITE = 2, CS_EPOLL_BROKEN = 4 };

/* Watches `descriptor` for these of CS_EPOLL_*, reported with `token`; 0 watches it no longer. Returns 0 or an errno. */
int cs_epoll_watch(int epoll, int descriptor, int interest, uint64_t token);

/* Waits at most that many nanoseconds (-1: for ever) and stores up to `capacity` tokens and what each is ready for.
   Returns their number, or -1 with errno. */
int cs_epoll_wait(int epoll, uint64_t *tokens, int *readiness, int capacity, int64_t nanoseconds);

/* Wakes this thread's sleeps at their time instead of up to 50 microseconds later. */
void cs_wake_punctually(void);

/* Removes a network interface, and with a veth its other end, in whatever namespace that is. Returns 0 or an errno. */
int cs_delete_interface(unsigned index);

/* Where a word begins in some bytes; NULL where it is not in them. memmem(3), which Swift's Glibc module lacks. */
const void *cs_find(const void *bytes, size_t length, const void *word, size_t word_length);

/* O_PATH, which Swift's Glibc module lacks. */
extern const int cs_path_only;

/* Opens `path` below the directory `root`, as openat(2) does, but never anything outside of it: a link on the way may only lead to a place
   below the root. Returns a descriptor, or -1 with errno. EXDEV means that the path leads out; `link` then holds the path of the link that
   leads there, or nothing if the path does so itself. */
int cs_open_beneath(int root, const char *path, int flags, mode_t mode, char *link, size_t size);

/* The same, component by component, for kernels without openat2(2). */
int cs_walk_beneath(int root, const char *path, int flags, mode_t mode, char *link, size_t size);

/* From now on, a crash writes a line with the signal and the address to the descriptor, and one line for each caller. The process then ends by
   that signal. Only this thread's stack may overflow and still be reported. */
void cs_report_crashes(int descriptor);

#endif
