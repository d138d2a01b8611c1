/* A server on 127.0.0.1 with known delays, for bench/load.sh:
 *   delay MICROSECONDS [EVERY SLOW_MICROSECONDS]
 * Prints its port. Answers each request after MICROSECONDS, and every EVERY-th after SLOW_MICROSECONDS. Records how long each really took,
 * from the request's last byte until the response is written. `GET /truth` returns the percentiles since the last such call, as JSON. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 4096, ROOM = 8192, QUEUE = 8192, NOTES = 1 << 24 };

struct connection {
    char bytes[ROOM];
    int filled;
    unsigned age; /* the kernel reuses a descriptor's number for another connection */
};
struct answer {
    int64_t asked, due;
    int descriptor;
    unsigned age;
};
/* All responses in a queue have the same delay, so the first in is the first due. */
struct queue {
    struct answer answers[QUEUE];
    unsigned head, tail;
};

static struct connection *connections[CONNECTIONS];
static struct queue queues[2];
static int64_t delays[2];
static long every, asked;
static float *notes;
static size_t noted;
static char answer[300];
static int answer_length;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float percentile(double percent) {
    if (!noted) return 0;
    size_t rank = (size_t)(noted * percent / 100);
    return notes[rank < noted ? rank : noted - 1];
}

static void tell(int descriptor) {
    char body[400], text[600];
    qsort(notes, noted, sizeof *notes, by_size);
    int length = snprintf(body, sizeof body,
                          "{\"count\": %zu, \"p50\": %.4f, \"p75\": %.4f, \"p90\": %.4f, \"p99\": %.4f, \"p999\": %.4f, \"max\": %.4f}\n", noted,
                          percentile(50), percentile(75), percentile(90), percentile(99), percentile(99.9), percentile(100));
    length = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", length, body);
    if (write(descriptor, text, length) < 0) perror("write");
    noted = 0;
}

static void hang_up(int descriptor) {
    connections[descriptor]->age++;
    connections[descriptor]->filled = 0;
    close(descriptor);
}

static void send_answer(int descriptor, int64_t since) {
    if (write(descriptor, answer, answer_length) != answer_length) {
        hang_up(descriptor);
        return;
    }
    if (noted < NOTES) notes[noted++] = (now() - since) / 1e6f;
}

static void receive(int descriptor) {
    struct connection *connection = connections[descriptor];
    ssize_t count = read(descriptor, connection->bytes + connection->filled, ROOM - 1 - connection->filled);
    if (count <= 0) {
        if (count == 0 || errno != EAGAIN) hang_up(descriptor);
        return;
    }
    connection->filled += count;
    connection->bytes[connection->filled] = 0;
    char *end;
    while ((end = strstr(connection->bytes, "\r\n\r\n"))) {
        int64_t time = now();
        int is_question = !strncmp(connection->bytes, "GET /truth", 10);
        int used = (int)(end + 4 - connection->bytes);
        memmove(connection->bytes, end + 4, connection->filled - used + 1);
        connection->filled -= used;
        if (is_question) {
            tell(descriptor);
            continue;
        }
        int is_slow = every && ++asked % every == 0;
        if (!delays[is_slow]) {
            send_answer(descriptor, time);
            continue;
        }
        struct queue *queue = &queues[is_slow];
        queue->answers[queue->tail++ % QUEUE] = (struct answer){time, time + delays[is_slow], descriptor, connection->age};
    }
}

static void send_due(int timer) {
    int64_t next = INT64_MAX;
    for (int i = 0; i < 2; i++) {
        struct queue *queue = &queues[i];
        for (; queue->head != queue->tail; queue->head++) {
            struct answer *first = &queue->answers[queue->head % QUEUE];
            if (first->due > now()) {
                if (first->due < next) next = first->due;
                break;
            }
            if (connections[first->descriptor]->age == first->age) send_answer(first->descriptor, first->asked);
        }
    }
    struct itimerspec alarm = {0};
    if (next != INT64_MAX) {
        alarm.it_value.tv_sec = next / 1000000000;
        alarm.it_value.tv_nsec = next % 1000000000;
    }
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &alarm, NULL);
}

int main(int count, char **words) {
    if (count != 2 && count != 4) return 2;
    delays[0] = atol(words[1]) * 1000;
    if (count == 4) {
        every = atol(words[2]);
        delays[1] = atol(words[3]) * 1000;
    }
    notes = malloc(NOTES * sizeof *notes);
    answer_length = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 200\r\nConnection: keep-alive\r\n\r\n%0200d", 7);
    prctl(PR_SET_TIMERSLACK, 1UL);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1024)) return 1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int epoll = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[128];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = timer;
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, 128, -1);
        for (int i = 0; i < ready; i++) {
            int descriptor = events[i].data.fd;
            if (descriptor == timer) continue;
            if (descriptor != listener) {
                receive(descriptor);
                continue;
            }
            for (int fresh; (fresh = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                if (fresh >= CONNECTIONS) {
                    close(fresh);
                    continue;
                }
                setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                if (!connections[fresh]) connections[fresh] = calloc(1, sizeof **connections);
                event.data.fd = fresh;
                epoll_ctl(epoll, EPOLL_CTL_ADD, fresh, &event);
            }
        }
        if (delays[0] || delays[1]) send_due(timer);
    }
}
