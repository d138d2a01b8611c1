#define _GNU_SOURCE
#include "csystem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <linux/openat2.h> isn't on every system, and its numbers are the same on every architecture. */
enum { OPENAT2 = 437, NO_MAGIC_LINKS = 0x02, BENEATH = 0x08 };
struct how {
    uint64_t flags, mode, resolve;
};

enum { DEEPEST = 256, MOST_LINKS = 40, MOST_TRIES = 32 };

const int cs_path_only = O_PATH;

/* The directories from the root to the current one, each opened from the one before: `..` returns to a directory that was opened, never
   to what a name means by then. */
struct walk {
    int opened[DEEPEST];
    size_t ends[DEEPEST];
    int depth;
    char at[PATH_MAX];
    char rest[2 * PATH_MAX];
    int links;
};

static int current(const struct walk *walk, int root) { return walk->depth ? walk->opened[walk->depth - 1] : root; }

static void leave(struct walk *walk) {
    walk->depth--;
    close(walk->opened[walk->depth]);
    walk->at[walk->depth ? walk->ends[walk->depth - 1] : 0] = 0;
}

static int enter(struct walk *walk, int directory, const char *name) {
    size_t end = strlen(walk->at), length = strlen(name);
    if (walk->depth == DEEPEST || end + length + 2 > sizeof walk->at) {
        close(directory);
        return ENAMETOOLONG;
    }
    if (end) walk->at[end++] = '/';
    memcpy(walk->at + end, name, length + 1);
    walk->opened[walk->depth] = directory;
    walk->ends[walk->depth++] = end + length;
    return 0;
}

/* Puts the target of the link `name` before the rest of the path. `other` is the error if it isn't a link. */
static int follow(struct walk *walk, int root, const char *name, const char *tail, int other, char *link, size_t size) {
    char target[PATH_MAX], rest[2 * PATH_MAX];
    ssize_t length = readlinkat(current(walk, root), name, target, sizeof target - 1);
    if (length < 0) return other;
    target[length] = 0;
    if (snprintf(link, size, "%s%s%s", walk->at, *walk->at ? "/" : "", name) >= (int)size) return ENAMETOOLONG;
    if (++walk->links > MOST_LINKS) return ELOOP;
    if (target[0] == '/') return EXDEV;
    if (snprintf(rest, sizeof rest, "%s%s%s", target, *tail ? "/" : "", tail) >= (int)sizeof rest) return ENAMETOOLONG;
    memcpy(walk->rest, rest, strlen(rest) + 1);
    return 0;
}

static int is_link(int descriptor) {
    struct stat status;
    return !fstat(descriptor, &status) && S_ISLNK(status.st_mode);
}

/* Takes one name of the path. Stores the descriptor if it was the last one. Returns 0 or an errno. */
static int step(struct walk *walk, int root, int flags, mode_t mode, char *link, size_t size, int *found) {
    char *name = walk->rest + strspn(walk->rest, "/"), *end = name + strcspn(name, "/"), *tail = end + strspn(end, "/");
    char part[NAME_MAX + 1];
    size_t length = (size_t)(end - name);
    if (length > NAME_MAX) return ENAMETOOLONG;
    memcpy(part, name, length);
    part[length] = 0;
    int is_last = !*tail;
    if (!length || !strcmp(part, ".")) {
        if (is_last) return (*found = openat(current(walk, root), ".", flags & ~(O_CREAT | O_EXCL))) < 0 ? errno : 0;
        memmove(walk->rest, tail, strlen(tail) + 1);
        return 0;
    }
    if (!strcmp(part, "..")) {
        if (!walk->depth) return EXDEV;
        leave(walk);
        memmove(walk->rest, is_last ? "." : tail, is_last ? 2 : strlen(tail) + 1);
        return 0;
    }
    int wanted = is_last ? flags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int descriptor = openat(current(walk, root), part, wanted, mode);
    int failure = descriptor < 0 ? errno : 0;
    int follows = !is_last || !(flags & O_NOFOLLOW);
    if (!failure && is_last) {
        if (!follows || !is_link(descriptor)) {
            *found = descriptor;
            return 0;
        }
        close(descriptor);
        return follow(walk, root, part, tail, ELOOP, link, size);
    }
    /* The kernel says ENOTDIR of a link that O_NOFOLLOW keeps it from following to a directory. */
    if (failure) return follows && (failure == ELOOP || failure == ENOTDIR) ? follow(walk, root, part, tail, failure, link, size) : failure;
    if ((failure = enter(walk, descriptor, part))) return failure;
    memmove(walk->rest, tail, strlen(tail) + 1);
    return 0;
}

int cs_walk_beneath(int root, const char *path, int flags, mode_t mode, char *link, size_t size) {
    struct walk walk = {.depth = 0};
    int found = -1, failure = 0;
    link[0] = 0;
    if (path[0] == '/') failure = EXDEV;
    else if (strlen(path) >= PATH_MAX) failure = ENAMETOOLONG;
    else memcpy(walk.rest, path, strlen(path) + 1);
    while (!failure && found < 0) failure = step(&walk, root, flags, mode, link, size, &found);
    while (walk.depth) leave(&walk);
    if (!failure) return found;
    errno = failure;
    return -1;
}

int cs_open_beneath(int root, const char *path, int flags, mode_t mode, char *link, size_t size) {
    struct how how = {.flags = (uint64_t)(unsigned)flags, .mode = flags & O_CREAT ? mode : 0, .resolve = BENEATH | NO_MAGIC_LINKS};
    link[0] = 0;
    for (int tries = 0; tries < MOST_TRIES; tries++) {
        int descriptor = (int)syscall(OPENAT2, root, *path ? path : ".", &how, sizeof how);
        if (descriptor >= 0) return descriptor;
        /* The kernel gives up if something was renamed meanwhile. */
        if (errno != EAGAIN && errno != EINTR) break;
    }
    /* Kernels before 5.6 have no openat2, some sandboxes forbid it, and it doesn't say which link leads out. */
    if (errno == ENOSYS || errno == EPERM || errno == EXDEV || errno == ELOOP || errno == EAGAIN)
        return cs_walk_beneath(root, path, flags, mode, link, size);
    return -1;
}
