/* The fans' tachometers. */
#include "parts.h"

#define WINDOW_MS 1000

_Static_assert(LIMIT_FANS <= 2, "there are two tachometers");

static void count(ctl *c, int fan, uint32_t ms) {
  uint16_t seen = c->in.tach_edges[fan];
  uint16_t more = (uint16_t)(seen - c->edges[fan]);
  c->edges[fan] = seen;
  if (!c->stepped) return;
  c->window_edges[fan] = add16(c->window_edges[fan], more);
  /* One that has no 12 V, or is driven too little, may stand. */
  if (more || c->out.fan_pct < LIMIT_FAN_STILL_DUTY || !ctl_v12_is_kept(c)) c->quiet_ms[fan] = 0;
  else c->quiet_ms[fan] = add16(c->quiet_ms[fan], ms);
}

int ctl_still_fan(const ctl *c, uint16_t ms) {
  for (int fan = 0; fan < LIMIT_FANS; fan++)
    if (c->quiet_ms[fan] >= ms) return fan + 1;
  return 0;
}

void ctl_fans(ctl *c, uint32_t ms) {
  int still;
  count(c, 0, ms);
  count(c, 1, ms);
  c->stepped = 1;
  c->window_ms = add16(c->window_ms, ms);
  if (c->window_ms >= WINDOW_MS) {
    for (int fan = 0; fan < 2; fan++) {
      uint32_t rpm = c->window_edges[fan] * 60000u / ((uint32_t)LIMIT_TACH_PULSES * c->window_ms);
      c->rpm[fan] = (uint16_t)(rpm > 0xffff ? 0xffff : rpm);
      c->window_edges[fan] = 0;
    }
    c->window_ms = 0;
  }
  still = running(c) ? ctl_still_fan(c, LIMIT_FAN_STILL_TRIP) : 0;
  if (still) ctl_trip(c, FAULT_FAN_STILL, still);
}
