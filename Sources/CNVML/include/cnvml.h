#ifndef CNVML_H
#define CNVML_H
#include <stdint.h>

/* What ailab uses of the NVIDIA Management Library, declared from its public API reference
   (https://docs.nvidia.com/deploy/nvml-api/). The library belongs to the driver, is looked for at run time and may lack any of
   these functions: a missing one is a NULL pointer in the table, and so a missing field. */

typedef struct cnvml_device *cnvml_device_t;
typedef struct cnvml_gpm_sample *cnvml_gpm_sample_t;

/* Return codes that ailab tells apart. */
enum {
    CNVML_SUCCESS = 0,
    CNVML_NOT_SUPPORTED = 3,
    CNVML_NO_PERMISSION = 4,
    CNVML_NOT_FOUND = 6,
    CNVML_INSUFFICIENT_SIZE = 7,
    CNVML_DRIVER_NOT_LOADED = 9,
    CNVML_TIMEOUT = 10,
    CNVML_IRQ_ISSUE = 11,
    CNVML_LIBRARY_NOT_FOUND = 12,
    CNVML_GPU_IS_LOST = 15,
    CNVML_RESET_REQUIRED = 16,
    CNVML_VERSION_MISMATCH = 18,
    CNVML_UNKNOWN = 999
};

/* Percent of the time since the driver's last sample (1/6 s to 1 s). */
struct cnvml_utilization {
    unsigned int gpu;
    unsigned int memory;
};

/* Bytes. */
struct cnvml_memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};

/* Bytes; what the driver keeps for itself is told apart from what is used. */
struct cnvml_memory_v2 {
    unsigned int version;
    unsigned long long total;
    unsigned long long reserved;
    unsigned long long free;
    unsigned long long used;
};

struct cnvml_pci {
    char bus_id_legacy[16];
    unsigned int domain;
    unsigned int bus;
    unsigned int device;
    unsigned int device_id;
    unsigned int subsystem_id;
    char bus_id[32];
};

/* As the function without a suffix writes it. */
struct cnvml_process_v1 {
    unsigned int pid;
    unsigned long long used_memory;
};

/* As _v2 and _v3 write it. Memory is all ones where the driver does not say. */
struct cnvml_process {
    unsigned int pid;
    unsigned long long used_memory;
    unsigned int gpu_instance;
    unsigned int compute_instance;
};

struct cnvml_process_utilization {
    unsigned int pid;
    unsigned long long time;
    unsigned int sm;
    unsigned int memory;
    unsigned int encoder;
    unsigned int decoder;
};

struct cnvml_gpm_support {
    unsigned int version;
    unsigned int is_supported;
};

enum {
    /* Percent of the streaming multiprocessors that were busy. */
    CNVML_GPM_SM_UTILIZATION = 2,
    /* Percent of the warps that could be active and were. */
    CNVML_GPM_SM_OCCUPANCY = 3,
    /* Percent of the time in which tensor cores worked. */
    CNVML_GPM_TENSOR_UTILIZATION = 5,
    /* Percent of the memory's bandwidth. */
    CNVML_GPM_MEMORY_BANDWIDTH = 10
};

struct cnvml_gpm_metrics;

/* The functions, each NULL where the library has none of that name. */
struct cnvml_table {
    int (*init)(void);
    int (*shutdown)(void);
    const char *(*error_string)(int code);
    int (*driver_version)(char *text, unsigned int length);
    int (*library_version)(char *text, unsigned int length);
    int (*cuda_version)(int *version);
    int (*device_count)(unsigned int *count);
    int (*device_by_index)(unsigned int index, cnvml_device_t *device);
    int (*device_name)(cnvml_device_t device, char *text, unsigned int length);
    int (*device_uuid)(cnvml_device_t device, char *text, unsigned int length);
    int (*device_pci)(cnvml_device_t device, struct cnvml_pci *pci);
    int (*utilization)(cnvml_device_t device, struct cnvml_utilization *utilization);
    int (*memory)(cnvml_device_t device, struct cnvml_memory *memory);
    int (*memory_v2)(cnvml_device_t device, struct cnvml_memory_v2 *memory);
    /* Milliwatts. */
    int (*power)(cnvml_device_t device, unsigned int *power);
    int (*power_limit)(cnvml_device_t device, unsigned int *power);
    /* Sensor 0 is the chip's; degrees Celsius. */
    int (*temperature)(cnvml_device_t device, int sensor, unsigned int *temperature);
    /* Kinds: 0 graphics, 1 multiprocessors, 2 memory; MHz. */
    int (*clock)(cnvml_device_t device, int kind, unsigned int *clock);
    int (*max_clock)(cnvml_device_t device, int kind, unsigned int *clock);
    int (*throttle_reasons)(cnvml_device_t device, unsigned long long *reasons);
    /* Percent of the greatest speed. */
    int (*fan)(cnvml_device_t device, unsigned int *speed);
    int (*compute_processes)(cnvml_device_t device, unsigned int *count, struct cnvml_process *processes);
    int (*graphics_processes)(cnvml_device_t device, unsigned int *count, struct cnvml_process *processes);
    int (*compute_processes_v1)(cnvml_device_t device, unsigned int *count, struct cnvml_process_v1 *processes);
    int (*graphics_processes_v1)(cnvml_device_t device, unsigned int *count, struct cnvml_process_v1 *processes);
    int (*process_utilization)(cnvml_device_t device, struct cnvml_process_utilization *samples, unsigned int *count,
                               unsigned long long since);
    int (*mig_mode)(cnvml_device_t device, unsigned int *current, unsigned int *pending);
    int (*mig_count)(cnvml_device_t device, unsigned int *count);
    int (*mig_by_index)(cnvml_device_t device, unsigned int index, cnvml_device_t *instance);
    int (*gpu_instance)(cnvml_device_t device, unsigned int *id);
    int (*compute_instance)(cnvml_device_t device, unsigned int *id);
    int (*gpm_support)(cnvml_device_t device, struct cnvml_gpm_support *support);
    int (*gpm_alloc)(cnvml_gpm_sample_t *sample);
    int (*gpm_free)(cnvml_gpm_sample_t sample);
    int (*gpm_sample)(cnvml_device_t device, cnvml_gpm_sample_t sample);
    int (*gpm_mig_sample)(cnvml_device_t device, unsigned int gpu_instance, cnvml_gpm_sample_t sample);
    int (*gpm_metrics)(struct cnvml_gpm_metrics *metrics);
};

/* Loads the library of that name or path. NULL where it cannot be, with the loader's words in `reason`. */
void *cnvml_open(const char *name, char *reason, unsigned int length);

/* Looks the functions up; returns how many there are. */
int cnvml_bind(void *library, struct cnvml_table *table);

void cnvml_close(void *library);

/* What the device did between two samples. `ids` are CNVML_GPM_…; `values` gets percent, or a negative number where the device does
   not tell. At most CNVML_GPM_MOST at once. */
#define CNVML_GPM_MOST 8
int cnvml_gpm_compare(const struct cnvml_table *table, cnvml_gpm_sample_t first, cnvml_gpm_sample_t second,
                      const unsigned int *ids, double *values, unsigned int count);

/* The version word of a structure: its size, and the version's number above it. */
unsigned int cnvml_memory_v2_version(void);

#endif
