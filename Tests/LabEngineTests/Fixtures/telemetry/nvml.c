/* A management library with scripted answers, for the tests: the functions of libnvidia-ml.so.1 that ailab uses, answering what the
   file beside this library (its path with .script behind) says. A line is `key value`; `KEY.code` is what a function returns instead
   of success. Read anew at every call, so that a test changes it while the library is in use.
   With -DOLD the functions of newer drivers are left out. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned int uint;
typedef unsigned long long ull;
enum { INSUFFICIENT_SIZE = 7, NOT_FOUND = 6, NOT_SUPPORTED = 3 };

static int anchor;

static int look(char *text, size_t length, const char *key) {
    Dl_info self;
    char path[4096], line[1024], name[256];
    FILE *file;
    int found = 0;
    if (!dladdr(&anchor, &self)) return 0;
    snprintf(path, sizeof path, "%s.script", self.dli_fname);
    if (!(file = fopen(path, "r"))) return 0;
    while (!found && fgets(line, sizeof line, file)) {
        int end = 0;
        if (sscanf(line, "%255s %n", name, &end) < 1 || strcmp(name, key)) continue;
        snprintf(text, length, "%s", line + end);
        text[strcspn(text, "\n")] = 0;
        found = 1;
    }
    fclose(file);
    return found;
}

static ull number(ull missing, const char *format, ...) {
    char key[256], text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(key, sizeof key, format, arguments);
    va_end(arguments);
    return look(text, sizeof text, key) ? strtoull(text, NULL, 0) : missing;
}

/* A device is its place plus one; an instance of a divided one has its own place in the second byte. */
static const char *name_of(void *device) {
    static __thread char name[32];
    size_t place = (size_t)device;
    if (place >> 8) snprintf(name, sizeof name, "%zu.%zu", (place & 255) - 1, (place >> 8) - 1);
    else snprintf(name, sizeof name, "%zu", place - 1);
    return name;
}

/* A number of a device: NOT_SUPPORTED where the script has none. */
static int read_uint(void *device, const char *field, uint *value) {
    char key[256], text[256];
    int code = (int)number(0, "%s.%s.code", name_of(device), field);
    if (code) return code;
    snprintf(key, sizeof key, "%s.%s", name_of(device), field);
    if (!look(text, sizeof text, key)) return NOT_SUPPORTED;
    *value = (uint)strtoul(text, NULL, 0);
    return 0;
}

static int read_text(void *device, const char *field, char *text, uint length) {
    char key[256];
    snprintf(key, sizeof key, "%s.%s", name_of(device), field);
    return look(text, length, key) ? 0 : NOT_SUPPORTED;
}

int nvmlInit_v2(void) { return (int)number(0, "init"); }
int nvmlShutdown(void) { return 0; }
const char *nvmlErrorString(int code) { return code == 18 ? "Driver/library version mismatch" : "Scripted failure"; }
int nvmlSystemGetDriverVersion(char *text, uint length) { return look(text, length, "driver") ? 0 : NOT_SUPPORTED; }
int nvmlDeviceGetCount_v2(uint *count) {
    while (number(0, "hang")) usleep(10000);
    *count = (uint)number(0, "count");
    return 0;
}
int nvmlDeviceGetHandleByIndex_v2(uint index, void **device) {
    *device = (void *)(size_t)(index + 1);
    return (int)number(0, "%u.code", index);
}
int nvmlDeviceGetName(void *device, char *text, uint length) { return read_text(device, "name", text, length); }
int nvmlDeviceGetUUID(void *device, char *text, uint length) { return read_text(device, "uuid", text, length); }
int nvmlDeviceGetUtilizationRates(void *device, uint rates[2]) {
    int code = read_uint(device, "gpu", &rates[0]);
    return code ? code : read_uint(device, "memory-busy", &rates[1]);
}
int nvmlDeviceGetMemoryInfo(void *device, ull memory[3]) {
    const char *name = name_of(device);
    memory[0] = number(0, "%s.total", name);
    memory[2] = number(0, "%s.used", name) + number(0, "%s.reserved", name);
    memory[1] = memory[0] - memory[2];
    return memory[0] ? 0 : NOT_SUPPORTED;
}
int nvmlDeviceGetPowerUsage(void *device, uint *power) { return read_uint(device, "power", power); }
int nvmlDeviceGetTemperature(void *device, int sensor, uint *value) { return sensor ? 2 : read_uint(device, "temperature", value); }
int nvmlDeviceGetClockInfo(void *device, int kind, uint *clock) {
    return read_uint(device, kind == 2 ? "memory-clock" : kind == 1 ? "clock" : "other-clock", clock);
}
int nvmlDeviceGetMaxClockInfo(void *device, int kind, uint *clock) { return kind == 1 ? read_uint(device, "max-clock", clock) : 3; }
int nvmlDeviceGetFanSpeed(void *device, uint *speed) { return read_uint(device, "fan", speed); }

/* Processes are `DEVICE.process.N pid memory gpu-instance`. */
struct process {
    uint pid;
    ull memory;
    uint gpu_instance, compute_instance;
};
static int processes(void *device, uint *count, struct process *rows) {
    uint have = 0, room = *count;
    for (;; have++) {
        char key[256], text[256];
        snprintf(key, sizeof key, "%s.process.%u", name_of(device), have);
        if (!look(text, sizeof text, key)) break;
        if (have >= room) continue;
        rows[have].gpu_instance = rows[have].compute_instance = ~0u;
        if (sscanf(text, "%u %lli %u", &rows[have].pid, (long long *)&rows[have].memory, &rows[have].gpu_instance) < 2) return 2;
    }
    *count = have;
    return have > room ? INSUFFICIENT_SIZE : 0;
}

#ifdef OLD
struct old_process {
    uint pid;
    ull memory;
};
int nvmlDeviceGetComputeRunningProcesses(void *device, uint *count, struct old_process *rows) {
    struct process all[256];
    uint have = 256, i;
    int code = processes(device, &have, all);
    if (code) return code;
    if (have > *count) {
        *count = have;
        return INSUFFICIENT_SIZE;
    }
    for (i = 0; i < have; i++) rows[i] = (struct old_process){all[i].pid, all[i].memory};
    *count = have;
    return 0;
}
#else
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, uint *count, struct process *rows) { return processes(device, count, rows); }
int nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, uint *count, struct process *rows) {
    (void)device, (void)rows;
    *count = 0;
    return 0;
}
struct usage {
    uint pid;
    ull time;
    uint sm, memory, encoder, decoder;
};
int nvmlDeviceGetProcessUtilization(void *device, struct usage *rows, uint *count, ull since) {
    uint have = 0, room = *count;
    for (;;) {
        char key[256], text[256];
        struct usage row = {0};
        snprintf(key, sizeof key, "%s.usage.%u", name_of(device), have);
        if (!look(text, sizeof text, key) || have >= room) break;
        if (sscanf(text, "%u %llu %u", &row.pid, &row.time, &row.sm) < 3) return 2;
        if (row.time <= since) break;
        rows[have++] = row;
    }
    *count = have;
    return have ? 0 : NOT_FOUND;
}
struct memory_v2 {
    uint version;
    ull total, reserved, free, used;
};
int nvmlDeviceGetMemoryInfo_v2(void *device, struct memory_v2 *memory) {
    const char *name = name_of(device);
    if (memory->version != (sizeof *memory | 2u << 24)) return 25;
    memory->total = number(0, "%s.total", name);
    memory->reserved = number(0, "%s.reserved", name);
    memory->used = number(0, "%s.used", name);
    memory->free = memory->total - memory->used - memory->reserved;
    return memory->total ? 0 : NOT_SUPPORTED;
}
int nvmlDeviceGetEnforcedPowerLimit(void *device, uint *power) { return read_uint(device, "power-limit", power); }
int nvmlDeviceGetPciInfo_v3(void *device, char *pci) {
    memset(pci, 0, 68);
    return read_text(device, "bus", pci + 36, 32);
}
int nvmlDeviceGetCurrentClocksEventReasons(void *device, ull *reasons) {
    *reasons = number(0, "%s.reasons", name_of(device));
    return 0;
}
int nvmlDeviceGetMigMode(void *device, uint *current, uint *pending) {
    int code = read_uint(device, "mig", current);
    *pending = *current;
    return code;
}
int nvmlDeviceGetMaxMigDeviceCount(void *device, uint *count) { return read_uint(device, "mig-room", count); }
int nvmlDeviceGetMigDeviceHandleByIndex(void *device, uint index, void **instance) {
    if (index >= number(0, "%s.mig-count", name_of(device))) return NOT_FOUND;
    *instance = (void *)((size_t)device | (size_t)(index + 1) << 8);
    return 0;
}
int nvmlDeviceGetGpuInstanceId(void *device, uint *id) { return read_uint(device, "gi", id); }
int nvmlDeviceGetComputeInstanceId(void *device, uint *id) { return read_uint(device, "ci", id); }

/* A sample holds whose it is and how many were taken before. */
struct sample {
    void *device;
    int turn, instance;
};
static int turns;
int nvmlGpmQueryDeviceSupport(void *device, uint support[2]) {
    if (support[0] != 1) return 25;
    support[1] = (uint)number(0, "%s.gpm", name_of(device));
    return 0;
}
int nvmlGpmSampleAlloc(struct sample **sample) {
    *sample = calloc(1, sizeof **sample);
    return 0;
}
int nvmlGpmSampleFree(struct sample *sample) {
    free(sample);
    return 0;
}
int nvmlGpmSampleGet(void *device, struct sample *sample) {
    *sample = (struct sample){device, ++turns, -1};
    return 0;
}
int nvmlGpmMigSampleGet(void *device, uint instance, struct sample *sample) {
    *sample = (struct sample){device, ++turns, (int)instance};
    return 0;
}
struct metric {
    uint id;
    int result;
    double value;
    char *words[3];
};
struct metrics {
    uint version, count;
    struct sample *first, *second;
    struct metric rows[];
};
int nvmlGpmMetricsGet(struct metrics *metrics) {
    uint i;
    if (metrics->version != 1 || metrics->first->turn >= metrics->second->turn) return 2;
    for (i = 0; i < metrics->count; i++) {
        const char *name = name_of(metrics->first->device);
        ull value = metrics->first->instance < 0 ? number(~0ull, "%s.gpm.%u", name, metrics->rows[i].id)
                                                 : number(~0ull, "%s.gi%d.gpm.%u", name, metrics->first->instance, metrics->rows[i].id);
        metrics->rows[i].result = value == ~0ull ? NOT_SUPPORTED : 0;
        metrics->rows[i].value = (double)value;
    }
    return 0;
}
#endif
