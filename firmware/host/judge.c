/* Judges each step of the control by rules of its own: none of the core's code, only its limits and its log. */
#include "parts.h"

enum { SLACK_MS = 10, TRIP_MS = 3 };

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

static int outside(int32_t mv, int32_t nominal, int32_t percent) {
  int32_t off = mv > nominal ? mv - nominal : nominal - mv;
  return off * 100 > nominal * percent;
}

static int rails_wrong(const ctl_in *in) {
  return outside(in->mv_12v, LIMIT_V12_NOMINAL, LIMIT_V12_KEEP) || outside(in->mv_aux, LIMIT_AUX_NOMINAL, LIMIT_AUX_KEEP) ||
         outside(in->mv_core, LIMIT_CORE_NOMINAL, LIMIT_CORE_KEEP) || !in->psu_good || !in->vrm_good;
}

static int is_hot(const ctl_in *in) {
  return in->thermtrip || (in->ntc_dc >= LIMIT_TRIP && in->ntc_dc <= LIMIT_SENSOR_HIGH);
}

/* Whether this sample is one that must not last in a state that enables something. */
static int must_trip(uint8_t state, const ctl_in *in) {
  if (state < STATE_RAMP_AUX || state > STATE_STOPPING) return 0;
  if (!in->psu_good || outside(in->mv_12v, LIMIT_V12_NOMINAL, LIMIT_V12_KEEP)) return 1;
  if (in->mv_aux * 100 > LIMIT_AUX_NOMINAL * (100 + LIMIT_AUX_KEEP)) return 1;
  if (state >= STATE_RAMP_CORE && in->mv_core * 100 > LIMIT_CORE_NOMINAL * (100 + LIMIT_CORE_KEEP)) return 1;
  return state >= STATE_HOLD_RESET && rails_wrong(in);
}

static void power(judge *j, uint64_t step, const ctl_in *in, const ctl_out *out) {
  j->held_ms = out->en_core && !out->perst_n ? j->held_ms + 1 : 0;
  if (j->held_ms > LIMIT_CORE_TIMEOUT + LIMIT_RESET_HOLD + SLACK_MS) violate(j, step, SIM_CORE_HELD_TOO_LONG);
  j->bad_run = rails_wrong(in) ? j->bad_run + 1 : 0;
  j->good_ms = j->bad_run < LIMIT_TRIP_DEBOUNCE ? j->good_ms + 1 : 0;
  if (out->perst_n && !j->released && j->good_ms < LIMIT_RESET_HOLD) violate(j, step, SIM_RELEASED_TOO_EARLY);
  j->released = out->perst_n;
  if ((out->en_core && !out->en_aux) || (out->en_module && !out->en_core) || (out->perst_n && !out->en_core))
    violate(j, step, SIM_ENABLED_UNPOWERED);
}

void judge_step(judge *j, uint64_t step, const ctl *control, const ctl_in *in, const ctl_out *out) {
  uint8_t state = control->kept.state, fault = control->kept.fault;
  int enabled = out->en_aux || out->en_core || out->en_module || out->perst_n;
  if (j->last_event != control->kept.last_event) judge_events(j, step, control);
  power(j, step, in, out);
  if (enabled && (fault != FAULT_NONE || state == STATE_FAULT)) violate(j, step, SIM_ENABLE_IN_FAULT);
  if ((fault == FAULT_HOT || fault == FAULT_THERMTRIP || fault == FAULT_SENSOR_LOST) && out->fan_pct < 100)
    violate(j, step, SIM_FAN_SLOW_WHEN_HOT);
  j->wrong_ms = state != STATE_FAULT && (is_hot(in) || must_trip(state, in)) ? j->wrong_ms + 1 : 0;
  if (j->wrong_ms >= TRIP_MS) violate(j, step, SIM_TRIPPED_TOO_LATE);
}
