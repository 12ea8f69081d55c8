/* The windows of the rails and what else trips: conditions of one sample, counted until they are believed. */
#include "parts.h"

/* Bounds in millivolts, percent of nominal away from it. */
#define BELOW(nominal, percent) ((nominal) - (nominal) * (percent) / 100)
#define ABOVE(nominal, percent) ((nominal) + (nominal) * (percent) / 100)
#define WITHIN(mv, nominal, percent) ((mv) >= BELOW(nominal, percent) && (mv) <= ABOVE(nominal, percent))

int ctl_v12_is_good(const ctl *c) {
  return c->in.psu_good && WITHIN(c->in.mv_12v, LIMIT_V12_NOMINAL, LIMIT_V12_GOOD);
}
int ctl_aux_is_good(const ctl *c) { return WITHIN(c->in.mv_aux, LIMIT_AUX_NOMINAL, LIMIT_AUX_GOOD); }
int ctl_core_is_good(const ctl *c) {
  return c->in.vrm_good && WITHIN(c->in.mv_core, LIMIT_CORE_NOMINAL, LIMIT_CORE_GOOD);
}
int ctl_v12_is_kept(const ctl *c) { return WITHIN(c->in.mv_12v, LIMIT_V12_NOMINAL, LIMIT_V12_KEEP); }

int32_t ctl_stuck_mv(const ctl *c) {
  if (c->in.mv_core > LIMIT_CORE_NOMINAL * LIMIT_RAIL_OFF / 100) return c->in.mv_core;
  if (c->in.mv_aux > LIMIT_AUX_NOMINAL * LIMIT_RAIL_OFF / 100) return c->in.mv_aux;
  return 0;
}

static int in_range(int16_t ntc_dc) { return ntc_dc >= LIMIT_SENSOR_LOW && ntc_dc <= LIMIT_SENSOR_HIGH; }

uint32_t ctl_conditions(const ctl_in *in) {
  uint32_t found = 0;
  if (!in->psu_good) found |= BIT(FAULT_PSU_LOST);
  if (in->mv_12v < BELOW(LIMIT_V12_NOMINAL, LIMIT_V12_KEEP)) found |= BIT(FAULT_12V_LOW);
  if (in->mv_12v > ABOVE(LIMIT_V12_NOMINAL, LIMIT_V12_KEEP)) found |= BIT(FAULT_12V_HIGH);
  if (in->mv_aux < BELOW(LIMIT_AUX_NOMINAL, LIMIT_AUX_KEEP)) found |= BIT(FAULT_AUX_LOW);
  if (in->mv_aux > ABOVE(LIMIT_AUX_NOMINAL, LIMIT_AUX_KEEP)) found |= BIT(FAULT_AUX_HIGH);
  if (in->mv_core < BELOW(LIMIT_CORE_NOMINAL, LIMIT_CORE_KEEP)) found |= BIT(FAULT_CORE_LOW);
  if (in->mv_core > ABOVE(LIMIT_CORE_NOMINAL, LIMIT_CORE_KEEP)) found |= BIT(FAULT_CORE_HIGH);
  if (!in->vrm_good) found |= BIT(FAULT_VRM_LOST);
  if (in->thermtrip) found |= BIT(FAULT_THERMTRIP);
  if (!in_range(in->ntc_dc)) found |= BIT(FAULT_SENSOR_LOST);
  else if (in->ntc_dc >= LIMIT_TRIP) found |= BIT(FAULT_HOT);
  return found;
}

/* What is watched now: heat always, but where a fault is latched already; that no rail is too high, from when the first is
 * enabled; that one does not fall, from when it was good. */
static uint32_t watched(const ctl *c) {
  uint32_t faults = BIT(FAULT_SENSOR_LOST);
  if (c->kept.state != STATE_FAULT) faults |= BIT(FAULT_HOT) | BIT(FAULT_THERMTRIP);
  if (c->out.en_aux)
    faults |= BIT(FAULT_PSU_LOST) | BIT(FAULT_12V_LOW) | BIT(FAULT_12V_HIGH) | BIT(FAULT_AUX_HIGH) | BIT(FAULT_CORE_HIGH);
  if (c->up & UP_AUX) faults |= BIT(FAULT_AUX_LOW);
  if (c->up & UP_CORE) faults |= BIT(FAULT_CORE_LOW) | BIT(FAULT_VRM_LOST);
  return faults;
}

static int32_t measured(const ctl_in *in, uint8_t fault) {
  switch (fault) {
    case FAULT_PSU_LOST:
    case FAULT_12V_LOW:
    case FAULT_12V_HIGH: return in->mv_12v;
    case FAULT_AUX_LOW:
    case FAULT_AUX_HIGH: return in->mv_aux;
    case FAULT_CORE_LOW:
    case FAULT_CORE_HIGH:
    case FAULT_VRM_LOST: return in->mv_core;
    default: return in->ntc_dc;
  }
}

void ctl_watch(ctl *c) {
  uint32_t now = ctl_conditions(&c->in) & watched(c);
  uint32_t left = now | c->counting;
  uint8_t tripped = FAULT_NONE;
  c->counting = now;
  if (!left) return;
  for (uint8_t fault = 1; fault < FAULT_COUNT; fault++) {
    uint8_t most = fault == FAULT_SENSOR_LOST ? LIMIT_SENSOR_DEBOUNCE : LIMIT_TRIP_DEBOUNCE;
    if (!(left & BIT(fault))) continue;
    if (!(now & BIT(fault))) c->samples[fault] = 0;
    else if (c->samples[fault] < most) c->samples[fault]++;
    if (c->samples[fault] == most && tripped == FAULT_NONE) tripped = fault;
  }
  /* Where several are true, the first in the list: what feeds the others. */
  if (tripped != FAULT_NONE && c->kept.state != STATE_FAULT) ctl_trip(c, tripped, measured(&c->in, tripped));
}

int ctl_sensor_is_bad(const ctl *c) { return c->samples[FAULT_SENSOR_LOST] >= LIMIT_TRIP_DEBOUNCE; }
