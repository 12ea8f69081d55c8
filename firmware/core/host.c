/* What the host asks for, and whether it is there at all. */
#include "parts.h"

int ctl_host_is_late(const ctl *c) { return c->expected && c->heartbeat_ms >= LIMIT_HOST_LATE; }

void ctl_host(ctl *c, uint32_t ms) {
  c->heartbeat_ms = add16(c->heartbeat_ms, ms);
  if (!running(c)) c->expected = 0; /* nothing depends on it */
  if (!c->expected || c->heartbeat_ms < LIMIT_HOST_SILENT) return;
  /* One that was asked to stop, and went silent, has stopped. */
  if (c->kept.state == STATE_STOPPING) ctl_power_down(c, CAUSE_TIMEOUT, 0);
  else ctl_trip(c, FAULT_HOST_SILENT, 0);
}

/* Whether what the fault is about is gone, as far as it can be seen with everything off; and nothing else is wrong that would
 * trip again at once. */
uint8_t ctl_can_reset(const ctl *c) {
  uint32_t found = ctl_conditions(&c->in) | (ctl_sensor_is_bad(c) ? BIT(FAULT_SENSOR_LOST) : 0);
  uint32_t causes = BIT(FAULT_HOT) | BIT(FAULT_THERMTRIP) | BIT(FAULT_SENSOR_LOST);
  uint8_t fault = c->kept.fault;
  int heat = fault == FAULT_HOT || fault == FAULT_THERMTRIP || fault == FAULT_SENSOR_LOST;
  if (fault == FAULT_PSU_LOST) causes |= BIT(FAULT_PSU_LOST);
  if (fault == FAULT_12V_LOW || fault == FAULT_12V_HIGH || fault == FAULT_12V_LATE)
    causes |= BIT(FAULT_12V_LOW) | BIT(FAULT_12V_HIGH);
  if (found & causes || ctl_stuck_mv(c)) return 0;
  if (heat && c->in.ntc_dc >= LIMIT_RESET_BELOW) return 0;
  return !(fault == FAULT_FAN_STILL && ctl_still_fan(c, LIMIT_FAN_STILL_THROTTLE));
}

static enum ctl_result heartbeat(ctl *c, int16_t dc) {
  if (dc != CTL_NO_TEMPERATURE && (dc < LIMIT_SENSOR_LOW || dc > LIMIT_SENSOR_HIGH)) return RESULT_BAD_ARGUMENT;
  c->heartbeat_ms = 0;
  c->host_dc = dc;
  c->expected = (uint8_t)running(c);
  return RESULT_DONE;
}

static enum ctl_result goodbye(ctl *c) {
  if (!c->expected) return RESULT_ALREADY;
  c->expected = 0;
  return RESULT_DONE;
}

static enum ctl_result on(ctl *c) {
  switch (c->kept.state) {
    case STATE_OFF: ctl_go(c, STATE_WAIT_12V, CAUSE_ORDER, FAULT_NONE, 0); return RESULT_DONE;
    case STATE_STOPPING: return RESULT_REFUSED_STATE;
    case STATE_POWER_DOWN: return c->cycle ? RESULT_ALREADY : RESULT_REFUSED_STATE;
    case STATE_FAULT: return RESULT_REFUSED_FAULT;
    default: return RESULT_ALREADY;
  }
}

static enum ctl_result off(ctl *c) {
  switch (c->kept.state) {
    case STATE_OFF:
    case STATE_FAULT: return RESULT_ALREADY;
    case STATE_WAIT_12V:
    case STATE_CYCLE: ctl_go(c, STATE_OFF, CAUSE_ORDER, FAULT_NONE, 0); return RESULT_DONE;
    case STATE_POWER_DOWN: break;
    default: ctl_power_down(c, CAUSE_ORDER, 0); return RESULT_DONE;
  }
  if (!c->cycle) return RESULT_ALREADY;
  c->cycle = 0;
  return RESULT_DONE;
}

static enum ctl_result cycle(ctl *c) {
  switch (c->kept.state) {
    case STATE_OFF:
    case STATE_WAIT_12V: return RESULT_REFUSED_STATE;
    case STATE_POWER_DOWN: return c->cycle ? RESULT_ALREADY : RESULT_REFUSED_STATE;
    case STATE_CYCLE: return RESULT_ALREADY;
    case STATE_FAULT: return RESULT_REFUSED_FAULT;
    default: ctl_power_down(c, CAUSE_ORDER, 1); return RESULT_DONE;
  }
}

static enum ctl_result reset_fault(ctl *c) {
  if (c->kept.state != STATE_FAULT) return RESULT_ALREADY;
  if (!ctl_can_reset(c)) return RESULT_REFUSED_CAUSE;
  ctl_reset(c, CAUSE_ORDER);
  return RESULT_DONE;
}

static enum ctl_result emergency_stop(ctl *c) {
  if (c->kept.state == STATE_FAULT) return RESULT_ALREADY;
  ctl_trip(c, FAULT_EMERGENCY_STOP, 0);
  return RESULT_DONE;
}

static enum ctl_result fan(ctl *c, int16_t percent) {
  if (percent < 0 || percent > 100) return RESULT_BAD_ARGUMENT;
  if (percent == c->least_pct) return RESULT_ALREADY;
  c->least_pct = (uint8_t)percent;
  return RESULT_DONE;
}

enum ctl_result ctl_order(ctl *c, uint8_t order, int16_t argument) {
  switch (order) {
    case ORDER_HEARTBEAT: return heartbeat(c, argument);
    case ORDER_GOODBYE: return goodbye(c);
    case ORDER_ON: return on(c);
    case ORDER_OFF: return off(c);
    case ORDER_CYCLE: return cycle(c);
    case ORDER_RESET_FAULT: return reset_fault(c);
    case ORDER_EMERGENCY_STOP: return emergency_stop(c);
    case ORDER_FAN: return fan(c, argument);
    default: return RESULT_UNKNOWN_ORDER;
  }
}
