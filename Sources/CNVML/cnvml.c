#include "cnvml.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

struct gpm_metric {
    unsigned int id;
    int result;
    double value;
    struct {
        char *short_name;
        char *long_name;
        char *unit;
    } info;
};

/* The library reads `count` metrics; its own declaration ends in an array whose length grows with its versions. */
struct cnvml_gpm_metrics {
    unsigned int version;
    unsigned int count;
    cnvml_gpm_sample_t first;
    cnvml_gpm_sample_t second;
    struct gpm_metric metrics[512];
};

void *cnvml_open(const char *name, char *reason, unsigned int length) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library && length > 0) {
        const char *words = dlerror();
        snprintf(reason, length, "%s", words ? words : "");
    }
    return library;
}

void cnvml_close(void *library) {
    if (library) dlclose(library);
}

/* The function under its newest name, else under an older one of the same form. */
static int bind_one(void *library, void *place, const char *name, const char *older) {
    void *found = dlsym(library, name);
    if (!found && older) found = dlsym(library, older);
    /* The standard does not let an object pointer become a function pointer; POSIX does, byte by byte. */
    memcpy(place, &found, sizeof found);
    return found != NULL;
}

int cnvml_bind(void *library, struct cnvml_table *table) {
    int count = 0;
    memset(table, 0, sizeof *table);
#define BIND(field, name) count += bind_one(library, &table->field, name, NULL)
#define BIND2(field, name, older) count += bind_one(library, &table->field, name, older)
    BIND2(init, "nvmlInit_v2", "nvmlInit");
    BIND(shutdown, "nvmlShutdown");
    BIND(error_string, "nvmlErrorString");
    BIND(driver_version, "nvmlSystemGetDriverVersion");
    BIND(library_version, "nvmlSystemGetNVMLVersion");
    BIND2(cuda_version, "nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion");
    BIND2(device_count, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount");
    BIND2(device_by_index, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex");
    BIND(device_name, "nvmlDeviceGetName");
    BIND(device_uuid, "nvmlDeviceGetUUID");
    BIND(device_pci, "nvmlDeviceGetPciInfo_v3");
    BIND(utilization, "nvmlDeviceGetUtilizationRates");
    BIND(memory, "nvmlDeviceGetMemoryInfo");
    BIND(memory_v2, "nvmlDeviceGetMemoryInfo_v2");
    BIND(power, "nvmlDeviceGetPowerUsage");
    BIND2(power_limit, "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetPowerManagementLimit");
    BIND(temperature, "nvmlDeviceGetTemperature");
    BIND(clock, "nvmlDeviceGetClockInfo");
    BIND(max_clock, "nvmlDeviceGetMaxClockInfo");
    BIND2(throttle_reasons, "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons");
    BIND(fan, "nvmlDeviceGetFanSpeed");
    BIND2(compute_processes, "nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2");
    BIND2(graphics_processes, "nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2");
    BIND(compute_processes_v1, "nvmlDeviceGetComputeRunningProcesses");
    BIND(graphics_processes_v1, "nvmlDeviceGetGraphicsRunningProcesses");
    BIND(process_utilization, "nvmlDeviceGetProcessUtilization");
    BIND(mig_mode, "nvmlDeviceGetMigMode");
    BIND(mig_count, "nvmlDeviceGetMaxMigDeviceCount");
    BIND(mig_by_index, "nvmlDeviceGetMigDeviceHandleByIndex");
    BIND(gpu_instance, "nvmlDeviceGetGpuInstanceId");
    BIND(compute_instance, "nvmlDeviceGetComputeInstanceId");
    BIND(gpm_support, "nvmlGpmQueryDeviceSupport");
    BIND(gpm_alloc, "nvmlGpmSampleAlloc");
    BIND(gpm_free, "nvmlGpmSampleFree");
    BIND(gpm_sample, "nvmlGpmSampleGet");
    BIND(gpm_mig_sample, "nvmlGpmMigSampleGet");
    BIND(gpm_metrics, "nvmlGpmMetricsGet");
#undef BIND
#undef BIND2
    return count;
}

unsigned int cnvml_memory_v2_version(void) { return (unsigned int)sizeof(struct cnvml_memory_v2) | 2u << 24; }

int cnvml_gpm_compare(const struct cnvml_table *table, cnvml_gpm_sample_t first, cnvml_gpm_sample_t second,
                      const unsigned int *ids, double *values, unsigned int count) {
    struct cnvml_gpm_metrics metrics;
    int result;
    unsigned int i;
    if (!table->gpm_metrics) return CNVML_NOT_SUPPORTED;
    if (count > CNVML_GPM_MOST) count = CNVML_GPM_MOST;
    memset(&metrics, 0, sizeof metrics);
    metrics.version = 1;
    metrics.count = count;
    metrics.first = first;
    metrics.second = second;
    for (i = 0; i < count; i++) metrics.metrics[i].id = ids[i];
    result = table->gpm_metrics(&metrics);
    for (i = 0; i < count; i++)
        values[i] = result == CNVML_SUCCESS && metrics.metrics[i].result == CNVML_SUCCESS ? metrics.metrics[i].value : -1;
    return result;
}
