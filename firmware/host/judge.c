/* Judges each step of the control by rules of its own: none of the core's code, only its limits, its table of transitions and its
 * log. */
#include "parts.h"

enum { SLACK_MS = 10 };

void judge_start(judge *j) {
  uint8_t *bytes = (uint8_t *)j;
  for (uint32_t i = 0; i < sizeof *j; i++) bytes[i] = 0;
}

static void violate(judge *j, uint64_t step, int violation) {
  if (j->violations[violation]++ == 0) j->first[violation] = step;
  j->total++;
}

void judge_events(judge *j, uint64_t step, const ctl *control) {
  ctl_event event;
  while (ctl_get_event(control, j->last_event + 1, &event)) {
    uint8_t from = event.from_to >> 4, to = event.from_to & 15;
    j->last_event++;
    j->faults[event.fault]++;
    if (event.cause != CAUSE_START) {
      if (from != j->last_state || !(ctl_allowed[from] & BIT(to))) violate(j, step, SIM_TRANSITION);
      j->transitions[from * STATE_COUNT + to]++;
    }
    j->last_state = to;
  }
}

/* What is wrong with a sample, a bit for each: the control need not take two different ones in a row for one that lasts. */
enum {
  PSU = 1 << 0,
  VRM = 1 << 1,
  V12_LOW = 1 << 2,
  V12_HIGH = 1 << 3,
  AUX_LOW = 1 << 4,
  AUX_HIGH = 1 << 5,
  CORE_LOW = 1 << 6,
  CORE_HIGH = 1 << 7,
  HOT = 1 << 8,
  THERMTRIP = 1 << 9,
  WARM = 1 << 10,  /* asks for all of the fans */
  BRAKE = 1 << 11, /* and for the throttle */
  RAILS = HOT - 1,
  HEAT = HOT | THERMTRIP,
};

/* The bit of low or of high, where a voltage is so far away from nominal. */
static uint32_t outside(int32_t mv, int32_t nominal, int32_t percent, uint32_t low, uint32_t high) {
  if ((mv - nominal) * 100 > nominal * percent) return high;
  return (nominal - mv) * 100 > nominal * percent ? low : 0;
}

static uint32_t wrong(const ctl_in *in) {
  uint32_t found = outside(in->mv_12v, LIMIT_V12_NOMINAL, LIMIT_V12_KEEP, V12_LOW, V12_HIGH) |
                   outside(in->mv_aux, LIMIT_AUX_NOMINAL, LIMIT_AUX_KEEP, AUX_LOW, AUX_HIGH) |
                   outside(in->mv_core, LIMIT_CORE_NOMINAL, LIMIT_CORE_KEEP, CORE_LOW, CORE_HIGH);
  if (!in->psu_good) found |= PSU;
  if (!in->vrm_good) found |= VRM;
  if (in->thermtrip) found |= THERMTRIP;
  if (in->ntc_dc > LIMIT_SENSOR_HIGH) return found;
  if (in->ntc_dc >= LIMIT_FAN_HIGH) found |= WARM;
  if (in->ntc_dc >= LIMIT_THROTTLE_ON) found |= BRAKE;
  if (in->ntc_dc >= LIMIT_TRIP) found |= HOT;
  return found;
}

/* Which of these must not last in a state. */
static uint32_t trips(uint8_t state) {
  if (state == STATE_FAULT) return 0;
  if (state < STATE_RAMP_AUX || state > STATE_STOPPING) return HEAT;
  if (state == STATE_RAMP_AUX) return HEAT | PSU | V12_LOW | V12_HIGH | AUX_HIGH | CORE_HIGH;
  if (state == STATE_RAMP_CORE) return HEAT | PSU | V12_LOW | V12_HIGH | AUX_LOW | AUX_HIGH | CORE_HIGH;
  return HEAT | RAILS;
}

static void power(judge *j, uint64_t step, uint32_t now, const ctl_out *out) {
  j->held_ms = out->en_core && !out->perst_n ? j->held_ms + 1 : 0;
  if (j->held_ms > LIMIT_CORE_TIMEOUT + LIMIT_RESET_HOLD + SLACK_MS) violate(j, step, SIM_CORE_HELD_TOO_LONG);
  j->good_ms = now & j->before & RAILS ? 0 : j->good_ms + 1;
  if (out->perst_n && !j->released && j->good_ms < LIMIT_RESET_HOLD) violate(j, step, SIM_RELEASED_TOO_EARLY);
  j->released = out->perst_n;
  if ((out->en_core && !out->en_aux) || (out->en_module && !out->en_core) || (out->perst_n && !out->en_core))
    violate(j, step, SIM_ENABLED_UNPOWERED);
}

void judge_step(judge *j, uint64_t step, const ctl *control, const ctl_in *in, const ctl_out *out) {
  uint8_t state = control->kept.state, fault = control->kept.fault;
  uint32_t now = wrong(in), lasts = now & j->before & j->before_that;
  int enabled = out->en_aux || out->en_core || out->en_module || out->perst_n;
  if (j->last_event != control->kept.last_event) judge_events(j, step, control);
  power(j, step, now, out);
  if (enabled && (fault != FAULT_NONE || state == STATE_FAULT)) violate(j, step, SIM_ENABLE_IN_FAULT);
  if ((lasts & WARM || fault == FAULT_HOT || fault == FAULT_THERMTRIP || fault == FAULT_SENSOR_LOST) && out->fan_pct < 100)
    violate(j, step, SIM_FAN_SLOW_WHEN_HOT);
  if (lasts & BRAKE && out->perst_n && !out->throttle) violate(j, step, SIM_NOT_THROTTLED);
  if (lasts & trips(state)) violate(j, step, SIM_TRIPPED_TOO_LATE);
  j->before_that = j->before;
  j->before = now;
}
