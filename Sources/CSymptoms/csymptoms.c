#define _GNU_SOURCE
#include "csymptoms.h"

#include <string.h>

// SwiftPM's own way to embed (`.embedInCode`) makes an array literal of every byte, over which the Swift compiler needs a minute;
// #embed of C23 costs nothing, and its dependency file makes a changed rule a changed program.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define RULES(name) static const unsigned char name[] =

RULES(docker) {
#embed "../../symptoms/docker.yaml"
};
RULES(build) {
#embed "../../symptoms/build.yaml"
};
RULES(gpu) {
#embed "../../symptoms/gpu.yaml"
};
RULES(container) {
#embed "../../symptoms/container.yaml"
};
RULES(machine) {
#embed "../../symptoms/machine.yaml"
};
RULES(apt) {
#embed "../../symptoms/apt.yaml"
};
RULES(python) {
#embed "../../symptoms/python.yaml"
};
RULES(network) {
#embed "../../symptoms/network.yaml"
};
RULES(torchserve) {
#embed "../../symptoms/torchserve.yaml"
};
RULES(doctor) {
#embed "../../symptoms/doctor.yaml"
};
RULES(general) {
#embed "../../symptoms/general.yaml"
};
RULES(facts) {
#embed "../../symptoms/facts.yaml"
};
RULES(tables) {
#embed "../../symptoms/tables.yaml"
};
RULES(engine) {
#embed "../../symptoms/engine.yaml"
};
RULES(cards) {
#embed "../../symptoms/cards.yaml"
};
RULES(languages) {
#embed "../../symptoms/languages.yaml"
};

RULES(shells) {
#embed "../../symptoms/shells.yaml"
};

#define FILE_OF(name) {#name ".yaml", name, sizeof name}

static const struct csymptoms_file files[] = {
    FILE_OF(docker), FILE_OF(build), FILE_OF(gpu), FILE_OF(container), FILE_OF(machine),
    FILE_OF(apt), FILE_OF(python), FILE_OF(network), FILE_OF(torchserve), FILE_OF(doctor), FILE_OF(general),
    FILE_OF(facts), FILE_OF(tables), FILE_OF(engine), FILE_OF(cards), FILE_OF(languages), FILE_OF(shells),
};

int csymptoms_count(void) { return sizeof files / sizeof *files; }

struct csymptoms_file csymptoms_file(int index) { return files[index]; }

ptrdiff_t csymptoms_find(const unsigned char *text, ptrdiff_t size, ptrdiff_t from, const unsigned char *needle, ptrdiff_t length) {
    if (!text || from + length > size) return -1;
    const unsigned char *found = memmem(text + from, size - from, needle, length);
    return found ? found - text : -1;
}
