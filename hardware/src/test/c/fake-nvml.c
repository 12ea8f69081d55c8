// A libnvidia-ml.so.1 without GPUs, for tests. It is driven by a file beside it, LIBRARY.txt, which it reads at
// each call: a line has a key and a value. "core.1 70" is of GPU 1 alone, "core 70" of all. What is told to
// GPUs is kept in LIBRARY.locks and LIBRARY.limits, since a driver survives the process that told it so: whoever
// deletes them has reloaded the driver. Each change is a line in LIBRARY.log. Layouts and codes: nvml.h of API 13.
//
// Keys: gpus, core, hbm, power (mW), energy (mJ), clock (MHz), reasons, fans, fan, busy, ecc, ecc2, pending, failed,
// retired, gen, width, replays; hang 1: no call returns; hangall 1: nor does nvmlInit; lost 1: as a GPU that fell
// off the bus; slip 1: the lock does not hold; xid N: delivered once for each value; init N: nvmlInit returns N;
// no NAME: that function says NOT_SUPPORTED; root NAME: that it needs root.
// Built with -DOLD it is a driver that has neither the v2 of memory nor the new name of reasons.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK 0
#define INVALID 2
#define UNSUPPORTED 3
#define NO_PERMISSION 4
#define INSUFFICIENT 7
#define TIMEOUT 10
#define LOST 15

typedef unsigned int u32;
typedef unsigned long long u64;
typedef int ret;

static const char *here(void) {
  static Dl_info info;
  if (!info.dli_fname) dladdr((void *)here, &info);
  return info.dli_fname;
}

static FILE *beside(const char *suffix, const char *mode) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", here(), suffix);
  return fopen(path, mode);
}

// The value of the first line of a file that is KEY or KEY.GPU; of a GPU before that of all.
static int find(const char *suffix, const char *key, int gpu, const char *match, long long *value) {
  FILE *f = beside(suffix, "r");
  if (!f) return 0;
  char line[256], own[128], name[128], word[128];
  snprintf(own, sizeof own, "%s.%d", key, gpu);
  int found = 0;
  while (fgets(line, sizeof line, f)) {
    if (sscanf(line, "%127s %127s", name, word) != 2) continue;
    int mine = !strcmp(name, own);
    if (!mine && (strcmp(name, key) || found == 2)) continue;
    if (match && strcmp(word, match)) continue;
    *value = atoll(word);
    found = mine ? 2 : 1;
  }
  fclose(f);
  return found;
}

static long long get(const char *key, int gpu, long long otherwise) {
  long long value = otherwise;
  find(".txt", key, gpu, NULL, &value);
  return value;
}

static ret said(const char *function, int gpu) {
  long long ignored;
  while (get("hang", gpu, 0)) usleep(10000);
  if (get("lost", gpu, 0)) return LOST;
  if (find(".txt", "no", gpu, function, &ignored)) return UNSUPPORTED;
  if (find(".txt", "root", gpu, function, &ignored)) return NO_PERMISSION;
  return OK;
}

static void note(const char *what, int gpu, u32 a, u32 b) {
  FILE *f = beside(".log", "a");
  if (!f) return;
  fprintf(f, "%s %d %u %u\n", what, gpu, a, b);
  fclose(f);
}

// Of the last line that is of a GPU in a file of what was told.
static int told(const char *suffix, int gpu, u32 *a, u32 *b) {
  FILE *f = beside(suffix, "r");
  if (!f) return 0;
  int of, found = 0;
  u32 x, y;
  while (fscanf(f, "%d %u %u", &of, &x, &y) == 3)
    if (of == gpu) { *a = x; *b = y; found = x != 0; }
  fclose(f);
  return found;
}

static void tell(const char *suffix, int gpu, u32 a, u32 b) {
  FILE *f = beside(suffix, "a");
  if (!f) return;
  fprintf(f, "%d %u %u\n", gpu, a, b);
  fclose(f);
}

// A handle is the GPU's number and one, as a pointer.
#define GPU(device) ((int)(intptr_t)(device) - 1)
#define SAID(device) do { ret r_ = said(__func__, GPU(device)); if (r_) return r_; } while (0)
#define NUMBER(name, type, expression) \
  ret name(void *device, type *out) { SAID(device); *out = (type)(expression); return OK; }

ret nvmlInit_v2(void) {
  while (get("hangall", 0, 0)) usleep(10000);
  return (ret)get("init", 0, 0);
}
ret nvmlShutdown(void) { return OK; }
const char *nvmlErrorString(ret code) { return code ? "an error" : "Success"; }
ret nvmlDeviceGetCount_v2(u32 *count) { *count = (u32)get("gpus", 0, 1); return OK; }

ret nvmlDeviceGetHandleByIndex_v2(u32 index, void **device) {
  *device = (void *)(intptr_t)(index + 1);
  return OK;
}

ret nvmlDeviceGetUUID(void *device, char *out, u32 length) {
  snprintf(out, length, "GPU-00000000-0000-0000-0000-00000000000%d", GPU(device));
  return OK;
}

ret nvmlDeviceGetName(void *device, char *out, u32 length) {
  (void)device;
  snprintf(out, length, "Fake V100-SXM2-32GB");
  return OK;
}

typedef struct { char legacy[16]; u32 domain, bus, device, id, subsystem; char bus_id[32]; } pci_info;

ret nvmlDeviceGetPciInfo_v3(void *device, pci_info *out) {
  memset(out, 0, sizeof *out);
  out->bus = 1 + GPU(device);
  out->id = 0x1db510de;
  snprintf(out->bus_id, sizeof out->bus_id, "00000000:%02X:00.0", out->bus);
  return OK;
}

ret nvmlDeviceGetTemperature(void *device, u32 sensor, u32 *out) {
  SAID(device);
  if (sensor) return INVALID;
  *out = (u32)get("core", GPU(device), 45);
  return OK;
}

ret nvmlDeviceGetTemperatureThreshold(void *device, u32 type, u32 *out) {
  static const u32 degrees[] = {90, 87, 85, 83};
  SAID(device);
  if (type > 3) return INVALID;
  *out = degrees[type];
  return OK;
}

typedef struct {
  u32 field, scope;
  long long timestamp, latency;
  u32 type;
  ret code;
  union { double d; u32 u; u64 ull; long long sll; int s; } value;
} field_value;

ret nvmlDeviceGetFieldValues(void *device, int count, field_value *values) {
  SAID(device);
  for (int i = 0; i < count; i++) {
    field_value *v = &values[i];
    char name[16];
    snprintf(name, sizeof name, "field%u", v->field);
    v->type = 1;
    v->code = said(name, GPU(device));
    if (v->code) continue;
    switch (v->field) {
      case 82: v->value.u = (u32)get("hbm", GPU(device), 50); break;
      case 185: v->value.u = (u32)get("power", GPU(device), 100000) - 1000; break;
      case 186: v->value.u = (u32)get("power", GPU(device), 100000); break;
      default: v->code = UNSUPPORTED;
    }
  }
  return OK;
}

NUMBER(nvmlDeviceGetPowerUsage, u32, get("power", GPU(device), 100000) + 1000)
NUMBER(nvmlDeviceGetTotalEnergyConsumption, u64, get("energy", GPU(device), 5000000))

static u32 clock_of(int gpu) {
  u32 low = 0, high = 0, clock = (u32)get("clock", gpu, 1530);
  if (told(".locks", gpu, &low, &high) && !get("slip", gpu, 0)) clock = clock > high ? high : clock < low ? low : clock;
  return clock;
}

ret nvmlDeviceGetClockInfo(void *device, u32 type, u32 *out) {
  SAID(device);
  *out = type == 2 ? 877 : clock_of(GPU(device));
  return OK;
}

ret nvmlDeviceGetMaxClockInfo(void *device, u32 type, u32 *out) {
  SAID(device);
  *out = type == 2 ? 877 : 1530;
  return OK;
}

#ifdef OLD
NUMBER(nvmlDeviceGetCurrentClocksThrottleReasons, u64, get("reasons", GPU(device), 1))
#else
NUMBER(nvmlDeviceGetCurrentClocksEventReasons, u64, get("reasons", GPU(device), 1))
#endif
NUMBER(nvmlDeviceGetNumFans, u32, get("fans", GPU(device), 0))

ret nvmlDeviceGetFanSpeed_v2(void *device, u32 fan, u32 *out) {
  SAID(device);
  *out = (u32)get("fan", GPU(device), 30) + fan;
  return OK;
}

ret nvmlDeviceGetUtilizationRates(void *device, u32 *out) {
  SAID(device);
  out[0] = (u32)get("busy", GPU(device), 7);
  out[1] = 3;
  return OK;
}

#define GIB (1ULL << 30)
ret nvmlDeviceGetMemoryInfo(void *device, u64 *out) {
  SAID(device);
  out[0] = 32 * GIB; out[1] = 29 * GIB; out[2] = 3 * GIB;
  return OK;
}

#ifndef OLD
typedef struct { u32 version; u64 total, reserved, free, used; } memory_v2;
ret nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2 *out) {
  SAID(device);
  if (out->version != 0x02000028) return 25;
  out->total = 32 * GIB; out->reserved = GIB; out->free = 29 * GIB; out->used = 2 * GIB;
  return OK;
}
#endif

ret nvmlDeviceGetTotalEccErrors(void *device, u32 type, u32 counter, u64 *out) {
  SAID(device);
  (void)counter;
  *out = (u64)get(type ? "ecc2" : "ecc", GPU(device), 0);
  return OK;
}

ret nvmlDeviceGetRemappedRows(void *device, u32 *corrected, u32 *uncorrected, u32 *pending, u32 *failed) {
  SAID(device);
  *corrected = 1; *uncorrected = 2;
  *pending = (u32)get("pending", GPU(device), 0);
  *failed = (u32)get("failed", GPU(device), 0);
  return OK;
}

ret nvmlDeviceGetRetiredPages(void *device, u32 cause, u32 *count, u64 *pages) {
  SAID(device);
  u32 have = cause ? 0 : (u32)get("retired", GPU(device), 0);
  ret code = have > *count ? INSUFFICIENT : OK;
  (void)pages;
  *count = have;
  return code;
}

NUMBER(nvmlDeviceGetRetiredPagesPendingStatus, u32, get("pending", GPU(device), 0))
NUMBER(nvmlDeviceGetCurrPcieLinkGeneration, u32, get("gen", GPU(device), 3))
NUMBER(nvmlDeviceGetMaxPcieLinkGeneration, u32, 3)
NUMBER(nvmlDeviceGetCurrPcieLinkWidth, u32, get("width", GPU(device), 16))
NUMBER(nvmlDeviceGetMaxPcieLinkWidth, u32, 16)
NUMBER(nvmlDeviceGetPcieReplayCounter, u32, get("replays", GPU(device), 0))

ret nvmlEventSetCreate(void **set) { *set = (void *)1; return OK; }
ret nvmlDeviceRegisterEvents(void *device, u64 events, void *set) {
  SAID(device);
  (void)set;
  return events & 8 ? OK : INVALID;
}

typedef struct { void *device; u64 type, data; u32 gi, ci; } event_data;
ret nvmlEventSetWait_v2(void *set, event_data *out, u32 timeout) {
  static long long last[8];
  (void)set; (void)timeout;
  for (int gpu = 0; gpu < (int)get("gpus", 0, 1) && gpu < 8; gpu++) {
    long long xid = get("xid", gpu, 0);
    if (xid && xid != last[gpu]) {
      last[gpu] = xid;
      out->device = (void *)(intptr_t)(gpu + 1);
      out->type = 8;
      out->data = (u64)xid;
      return OK;
    }
  }
  return TIMEOUT;
}

static u32 limit_of(int gpu) {
  u32 limit = 300000, ignored;
  told(".limits", gpu, &limit, &ignored);
  return limit;
}

NUMBER(nvmlDeviceGetPowerManagementLimit, u32, limit_of(GPU(device)))
NUMBER(nvmlDeviceGetPowerManagementDefaultLimit, u32, 300000)

ret nvmlDeviceGetPowerManagementLimitConstraints(void *device, u32 *min, u32 *max) {
  SAID(device);
  *min = 150000; *max = 300000;
  return OK;
}

ret nvmlDeviceSetPowerManagementLimit(void *device, u32 milliwatts) {
  SAID(device);
  if (milliwatts < 150000 || milliwatts > 300000) return INVALID;
  tell(".limits", GPU(device), milliwatts, 0);
  note("limit", GPU(device), milliwatts, 0);
  return OK;
}

ret nvmlDeviceSetGpuLockedClocks(void *device, u32 min, u32 max) {
  SAID(device);
  tell(".locks", GPU(device), min, max);
  note("lock", GPU(device), min, max);
  return OK;
}

ret nvmlDeviceResetGpuLockedClocks(void *device) {
  SAID(device);
  tell(".locks", GPU(device), 0, 0);
  note("reset", GPU(device), 0, 0);
  return OK;
}

static ret list(u32 *count, u32 *out, const u32 *have, u32 n) {
  u32 room = *count;
  *count = n;
  if (room < n) return INSUFFICIENT;
  memcpy(out, have, n * sizeof *have);
  return OK;
}

ret nvmlDeviceGetSupportedMemoryClocks(void *device, u32 *count, u32 *out) {
  static const u32 clocks[] = {877};
  SAID(device);
  return list(count, out, clocks, 1);
}

ret nvmlDeviceGetSupportedGraphicsClocks(void *device, u32 memory, u32 *count, u32 *out) {
  static const u32 clocks[] = {1530, 1380, 1290, 1140, 960, 600, 300, 135};
  SAID(device);
  return memory == 877 ? list(count, out, clocks, 8) : INVALID;
}
