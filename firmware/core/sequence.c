/* What each state waits for, what it drives, and which may follow. */
#include "parts.h"

const uint16_t ctl_allowed[STATE_COUNT] = {
    [STATE_OFF] = BIT(STATE_WAIT_12V) | BIT(STATE_FAULT),
    [STATE_WAIT_12V] = BIT(STATE_RAMP_AUX) | BIT(STATE_OFF) | BIT(STATE_FAULT),
    [STATE_RAMP_AUX] = BIT(STATE_RAMP_CORE) | BIT(STATE_POWER_DOWN) | BIT(STATE_FAULT),
    [STATE_RAMP_CORE] = BIT(STATE_HOLD_RESET) | BIT(STATE_POWER_DOWN) | BIT(STATE_FAULT),
    [STATE_HOLD_RESET] = BIT(STATE_RUN) | BIT(STATE_POWER_DOWN) | BIT(STATE_FAULT),
    [STATE_RUN] = BIT(STATE_STOPPING) | BIT(STATE_POWER_DOWN) | BIT(STATE_FAULT),
    [STATE_STOPPING] = BIT(STATE_POWER_DOWN) | BIT(STATE_FAULT),
    [STATE_POWER_DOWN] = BIT(STATE_OFF) | BIT(STATE_CYCLE) | BIT(STATE_FAULT),
    [STATE_CYCLE] = BIT(STATE_WAIT_12V) | BIT(STATE_OFF) | BIT(STATE_FAULT),
    [STATE_FAULT] = BIT(STATE_OFF),
};

_Static_assert(LIMIT_CORE_OFF_DELAY <= LIMIT_AUX_OFF_DELAY, "core goes before auxiliary");
_Static_assert(LIMIT_AUX_OFF_DELAY < LIMIT_DISCHARGE_TIMEOUT, "discharging begins with the enables low");

/* Goes on where that was so for GOOD_DEBOUNCE samples; trips where it was not in time. */
static void await(ctl *c, int so, uint8_t next, uint32_t timeout, uint8_t fault, int32_t mv) {
  if (!so) c->good_samples = 0;
  else if (++c->good_samples >= LIMIT_GOOD_DEBOUNCE) {
    ctl_go(c, next, CAUSE_DONE, FAULT_NONE, 0);
    return;
  }
  if (c->state_ms >= timeout) ctl_trip(c, fault, mv);
}

static void await_12v(ctl *c) {
  int32_t stuck = ctl_stuck_mv(c);
  if (stuck) await(c, 0, STATE_RAMP_AUX, LIMIT_V12_TIMEOUT, FAULT_RAIL_STUCK, stuck);
  else await(c, ctl_v12_is_good(c), STATE_RAMP_AUX, LIMIT_V12_TIMEOUT, FAULT_12V_LATE, c->in.mv_12v);
}

static void await_core(ctl *c) {
  await(c, ctl_core_is_good(c), STATE_HOLD_RESET, LIMIT_CORE_TIMEOUT, FAULT_CORE_LATE, c->in.mv_core);
  if (c->kept.state == STATE_HOLD_RESET) c->up |= UP_CORE;
}

static void await_aux(ctl *c) {
  await(c, ctl_aux_is_good(c), STATE_RAMP_CORE, LIMIT_AUX_TIMEOUT, FAULT_AUX_LATE, c->in.mv_aux);
  if (c->kept.state == STATE_RAMP_CORE) c->up |= UP_AUX;
}

static void await_discharge(ctl *c) {
  int32_t stuck = ctl_stuck_mv(c);
  uint8_t next = c->cycle ? STATE_CYCLE : STATE_OFF;
  if (c->state_ms >= LIMIT_AUX_OFF_DELAY) await(c, !stuck, next, LIMIT_DISCHARGE_TIMEOUT, FAULT_RAIL_STUCK, stuck);
}

void ctl_sequence(ctl *c) {
  switch (c->kept.state) {
    case STATE_WAIT_12V: await_12v(c); break;
    case STATE_RAMP_AUX: await_aux(c); break;
    case STATE_RAMP_CORE: await_core(c); break;
    case STATE_HOLD_RESET:
      /* Not with a sample that is wrong: the next one says whether it trips. A thermistor is given longer than that. */
      if (c->state_ms >= LIMIT_RESET_HOLD && !(c->counting & ~BIT(FAULT_SENSOR_LOST)))
        ctl_go(c, STATE_RUN, CAUSE_DONE, FAULT_NONE, 0);
      break;
    case STATE_STOPPING:
      if (c->state_ms >= LIMIT_SOFT_OFF) ctl_power_down(c, CAUSE_TIMEOUT, 0);
      break;
    case STATE_POWER_DOWN: await_discharge(c); break;
    case STATE_CYCLE:
      if (c->state_ms >= LIMIT_CYCLE_OFF) ctl_go(c, STATE_WAIT_12V, CAUSE_DONE, FAULT_NONE, 0);
      break;
    default: break; /* OFF, RUN and FAULT wait for somebody */
  }
}

void ctl_power_down(ctl *c, uint8_t cause, uint8_t cycle) {
  c->cycle = cycle;
  ctl_go(c, STATE_POWER_DOWN, cause, FAULT_NONE, 0);
}

void ctl_reset(ctl *c, uint8_t cause) {
  c->kept.fault = FAULT_NONE;
  ctl_go(c, STATE_OFF, cause, FAULT_NONE, 0);
}

void ctl_drive(ctl *c) {
  uint8_t state = c->kept.state;
  int down = state == STATE_POWER_DOWN;
  int up = state >= STATE_RAMP_AUX && state <= STATE_STOPPING;
  ctl_out *out = &c->out;
  /* On the way down nothing goes on that was not. */
  out->en_core = (uint8_t)((up && state != STATE_RAMP_AUX) || (down && out->en_core && c->state_ms < LIMIT_CORE_OFF_DELAY));
  out->en_aux = (uint8_t)(up || (down && out->en_aux && c->state_ms < LIMIT_AUX_OFF_DELAY));
  out->perst_n = out->en_module = (uint8_t)running(c);
  if (!out->en_core) c->up &= (uint8_t)~UP_CORE;
  if (!out->en_aux) c->up = 0;
}
