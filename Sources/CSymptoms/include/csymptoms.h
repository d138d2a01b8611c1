#ifndef CSYMPTOMS_H
#define CSYMPTOMS_H

#include <stddef.h>

// A rule file of symptoms/ as it was when the program was built.
struct csymptoms_file {
    const char *_Nonnull name;
    const unsigned char *_Nonnull bytes;
    ptrdiff_t size;
};

int csymptoms_count(void);
struct csymptoms_file csymptoms_file(int index);

// Offset of the first occurrence of `needle` in `text` at or after `from`; -1: there is none. (Glibc's module lacks memmem.)
ptrdiff_t csymptoms_find(const unsigned char *_Nullable text, ptrdiff_t size, ptrdiff_t from,
                         const unsigned char *_Nonnull needle, ptrdiff_t length);

#endif
