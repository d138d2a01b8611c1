/* flood RATE SECONDS WIDTH: prints RATE lines per second. Each line holds the time at which it was printed, in milliseconds since the
   epoch, so whoever sees it on a screen knows how late it is. A hundred bursts per second look like a steady stream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int argc, char **argv) {
    long rate = argc > 1 ? atol(argv[1]) : 10000, seconds = argc > 2 ? atol(argv[2]) : 30;
    int width = argc > 3 ? atoi(argv[3]) : 100;
    if (width < 40 || width > 1000) width = 100;
    char filler[1001];
    memset(filler, 'x', sizeof filler);
    struct timespec next, now;
    clock_gettime(CLOCK_MONOTONIC, &next);
    long line = 0;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    for (long tick = 0; tick < seconds * 100; tick++) {
        clock_gettime(CLOCK_REALTIME, &now);
        long long stamp = now.tv_sec * 1000LL + now.tv_nsec / 1000000;
        for (long end = (tick + 1) * rate / 100; line < end; line++) {
            int head = printf("T=%lld line %ld ", stamp, line);
            printf("%.*s\n", width - head - 1 > 0 ? width - head - 1 : 0, filler);
        }
        fflush(stdout);
        next.tv_nsec += 10000000;
        if (next.tv_nsec >= 1000000000) next.tv_nsec -= 1000000000, next.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    printf("flood: done, %ld lines\n", line);
    return 0;
}
