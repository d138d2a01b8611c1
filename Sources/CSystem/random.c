#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

/* A static libstdc++ that was built with glibc 2.36 asks for arc4random. It would be the only reason why the program doesn't start on a
   glibc of 2.35, such as Ubuntu 22.04's. Hidden: the program uses this one, and the libraries that it loads keep theirs. */
__attribute__((visibility("hidden"))) uint32_t arc4random(void) {
    uint32_t value;
    unsigned char *next = (unsigned char *)&value;
    size_t left = sizeof value;
    while (left > 0) {
        ssize_t got = getrandom(next, left, 0);
        if (got < 0 && errno != EINTR) abort();
        if (got > 0) {
            next += got;
            left -= (size_t)got;
        }
    }
    return value;
}
