/* The light: dark when off, steady when running, blinking in between; a fault blinks its number, tens long and ones short. */
#include "parts.h"

/* On for the first half of each period. */
static uint8_t blink(ctl *c, uint32_t period_ms) {
  if (c->led_ms >= period_ms) c->led_ms = 0;
  return c->led_ms < period_ms / 2;
}

enum { SHORT_MS = 200, LONG_MS = 800, GAP_MS = 300, PAUSE_MS = 1500 };

static uint8_t number(ctl *c, uint8_t fault) {
  uint32_t longs = fault / 10u, shorts = fault % 10u;
  uint32_t ones = longs * (LONG_MS + GAP_MS);
  uint32_t end = ones + shorts * (SHORT_MS + GAP_MS);
  if (c->led_ms >= end + PAUSE_MS) c->led_ms = 0;
  if (c->led_ms >= end) return 0;
  return c->led_ms < ones ? c->led_ms % (LONG_MS + GAP_MS) < LONG_MS : (c->led_ms - ones) % (SHORT_MS + GAP_MS) < SHORT_MS;
}

void ctl_led(ctl *c, uint32_t ms) {
  c->led_ms = add32(c->led_ms, ms);
  switch (c->kept.state) {
    case STATE_OFF: c->out.led = 0; break;
    case STATE_RUN: c->out.led = c->out.throttle ? blink(c, 250) : 1; break;
    case STATE_STOPPING:
    case STATE_POWER_DOWN:
    case STATE_CYCLE: c->out.led = blink(c, 2000); break;
    case STATE_FAULT: c->out.led = number(c, c->kept.fault); break;
    default: c->out.led = blink(c, 500); break;
  }
}
