/* Begins, steps, and tells. What a step consists of is in the other files. */
#include "parts.h"

static void begin(ctl *c, uint32_t now_ms) {
  uint8_t *bytes = (uint8_t *)c;
  for (uint32_t i = sizeof c->kept; i < sizeof *c; i++) bytes[i] = 0;
  c->in.now_ms = now_ms;
  c->heartbeat_ms = 0xffff;
  c->host_dc = CTL_NO_TEMPERATURE;
  c->pressed = 2; /* one that is held while we begin asks for nothing */
}

void ctl_init(ctl *c, uint32_t now_ms) {
  begin(c, now_ms);
  ctl_begin_log(c);
  ctl_go(c, STATE_OFF, CAUSE_START, FAULT_NONE, 0);
}

int ctl_resume(ctl *c, uint32_t now_ms) {
  int whole = ctl_log_is_whole(c);
  begin(c, now_ms);
  if (!whole) ctl_begin_log(c);
  c->kept.boot++;
  c->after_watchdog = 1;
  if (c->kept.fault == FAULT_NONE) c->kept.fault = FAULT_WATCHDOG;
  ctl_go(c, STATE_FAULT, CAUSE_START, FAULT_WATCHDOG, 0);
  return whole;
}

/* A copy without memcpy, which is not everywhere. */
static void copy(void *restrict to, const void *restrict from, uint32_t size) {
  for (uint32_t i = 0; i < size; i++) ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
}

/* How long since the last step; the clock may wrap meanwhile. */
static uint32_t advance(ctl *c, uint32_t now_ms) {
  uint32_t ms = now_ms - c->in.now_ms;
  uint32_t rest = ms;
  if (rest >= 1000) {
    c->uptime_s += rest / 1000;
    rest %= 1000;
  }
  rest += c->uptime_ms;
  if (rest >= 1000) {
    c->uptime_s++;
    rest -= 1000;
  }
  c->uptime_ms = (uint16_t)rest;
  /* A state counts from the step that first drives it. */
  c->state_ms = c->began ? 0 : add32(c->state_ms, ms);
  c->began = 0;
  return ms;
}

void ctl_step(ctl *c, const ctl_in *in, ctl_out *out) {
  uint32_t ms = advance(c, in->now_ms);
  uint32_t before = c->kept.last_event;
  copy(&c->in, in, sizeof *in);
  if (!c->stepped) c->ntc_dc = c->ntc_before = in->ntc_dc; /* it may be hot from before */
  ctl_watch(c);
  ctl_fans(c, ms);
  ctl_host(c, ms);
  ctl_button(c, ms);
  if (c->kept.last_event == before) ctl_sequence(c);
  c->began = 0; /* what begins in this step is driven in it */
  ctl_drive(c);
  ctl_cool(c, ms);
  ctl_led(c, ms);
  copy(out, &c->out, sizeof *out);
}

void ctl_get_status(const ctl *c, ctl_status *status) {
  status->state = c->kept.state;
  status->fault = c->kept.fault;
  status->boot = c->kept.boot;
  status->after_watchdog = c->after_watchdog;
  copy(&status->in, &c->in, sizeof c->in);
  copy(&status->out, &c->out, sizeof c->out);
  status->least_pct = c->least_pct;
  status->host_expected = c->expected;
  status->host_late = (uint8_t)ctl_host_is_late(c);
  status->reserved = 0;
  status->host_dc = c->heartbeat_ms < LIMIT_HOST_LATE ? c->host_dc : (int16_t)CTL_NO_TEMPERATURE;
  status->heartbeat_ms = c->heartbeat_ms;
  status->rpm[0] = c->rpm[0];
  status->rpm[1] = c->rpm[1];
  status->uptime_s = c->uptime_s;
  status->uptime_ms = c->uptime_ms;
  status->last_event = c->kept.last_event;
}
