/* lines COUNT WIDTH: prints COUNT numbered lines of WIDTH bytes, including the line end. The only program in the log benchmark's image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
    long lines = count > 1 ? atol(arguments[1]) : 1000000;
    int width = count > 2 ? atoi(arguments[2]) : 100;
    char filler[4096];
    memset(filler, 'x', sizeof filler);
    for (long line = 1; line <= lines; line++) printf("%09ld %.*s\n", line, width - 11, filler);
    return 0;
}
