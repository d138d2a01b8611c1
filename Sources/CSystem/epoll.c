#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST_EVENTS = 256 };

int cs_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cs_epoll_watch(int epoll, int descriptor, int interest, uint64_t token) {
    struct epoll_event event = {0};
    if (!interest) return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event) ? errno : 0;
    if (interest & CS_EPOLL_READ) event.events |= EPOLLIN;
    if (interest & CS_EPOLL_WRITE) event.events |= EPOLLOUT;
    event.data.u64 = token;
    if (!epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)) return 0;
    if (errno != ENOENT) return errno;
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) ? errno : 0;
}

static int wait_events(int epoll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
#ifdef SYS_epoll_pwait2
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    int count = (int)syscall(SYS_epoll_pwait2, epoll, events, capacity, nanoseconds < 0 ? NULL : &limit, NULL, 0);
    if (count >= 0 || errno != ENOSYS) return count;
#endif
    /* Kernels before 5.11 know whole milliseconds only; rounded down, so that nothing is late. */
    return epoll_wait(epoll, events, capacity, nanoseconds < 0 ? -1 : (int)(nanoseconds / 1000000));
}

int cs_epoll_wait(int epoll, uint64_t *tokens, int *readiness, int capacity, int64_t nanoseconds) {
    struct epoll_event events[MOST_EVENTS];
    int count = wait_events(epoll, events, capacity < MOST_EVENTS ? capacity : MOST_EVENTS, nanoseconds);
    for (int i = 0; i < count; i++) {
        tokens[i] = events[i].data.u64;
        readiness[i] = (events[i].events & EPOLLIN ? CS_EPOLL_READ : 0) | (events[i].events & EPOLLOUT ? CS_EPOLL_WRITE : 0) |
                       (events[i].events & (EPOLLERR | EPOLLHUP) ? CS_EPOLL_BROKEN : 0);
    }
    return count;
}

void cs_wake_punctually(void) { prctl(PR_SET_TIMERSLACK, 1UL); }
