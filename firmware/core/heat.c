/* What the temperature asks of the fans and of the module. */
#include "parts.h"

/* What two samples in a row agree on: one wrong sample moves nothing, and fans that it would start are heard for long. */
static void believe(ctl *c) {
  int16_t now = c->in.ntc_dc, before = c->ntc_before;
  if (c->counting & BIT(FAULT_SENSOR_LOST)) return; /* no temperature at all */
  if (now > c->ntc_dc && before > c->ntc_dc) c->ntc_dc = now < before ? now : before;
  if (now < c->ntc_dc && before < c->ntc_dc) c->ntc_dc = now > before ? now : before;
  c->ntc_before = now;
}

/* The hottest that is known: the thermistor's, or what the host told, unless that is old. */
static int32_t hottest(const ctl *c) {
  int fresh = c->heartbeat_ms < LIMIT_HOST_LATE && c->host_dc != CTL_NO_TEMPERATURE;
  return fresh && c->host_dc > c->ntc_dc ? c->host_dc : c->ntc_dc;
}

static uint8_t curve(int32_t dc) {
  if (dc <= LIMIT_FAN_LOW) return LIMIT_FAN_DUTY_LOW;
  if (dc >= LIMIT_FAN_HIGH) return 100;
  return (uint8_t)(LIMIT_FAN_DUTY_LOW +
                   (uint32_t)(dc - LIMIT_FAN_LOW) * (100 - LIMIT_FAN_DUTY_LOW) / (LIMIT_FAN_HIGH - LIMIT_FAN_LOW));
}

static int is_hot_fault(uint8_t fault) {
  return fault == FAULT_HOT || fault == FAULT_THERMTRIP || fault == FAULT_SENSOR_LOST || fault == FAULT_FAN_STILL;
}

/* Rises at once, falls a percent at a time. */
static void turn(ctl *c, uint8_t wanted, uint32_t ms) {
  if (wanted >= c->out.fan_pct) {
    c->out.fan_pct = wanted;
    c->fall_ms = 0;
    return;
  }
  c->fall_ms = add16(c->fall_ms, ms);
  if (c->fall_ms >= 1000 / LIMIT_FAN_FALL) {
    c->out.fan_pct--;
    c->fall_ms = 0;
  }
}

void ctl_cool(ctl *c, uint32_t ms) {
  int32_t dc;
  int bad = ctl_sensor_is_bad(c);
  int braked = running(c) && (ctl_host_is_late(c) || ctl_still_fan(c, LIMIT_FAN_STILL_THROTTLE));
  uint8_t wanted;
  believe(c);
  dc = hottest(c);
  wanted = curve(dc);
  if (wanted < c->least_pct) wanted = c->least_pct;
  if (bad || braked || is_hot_fault(c->kept.fault)) wanted = 100;
  turn(c, wanted, ms);

  if (bad || dc >= LIMIT_THROTTLE_ON) c->hot = 1;
  else if (dc < LIMIT_THROTTLE_OFF) c->hot = 0;
  c->out.throttle = running(c) && (c->hot || braked);
}
