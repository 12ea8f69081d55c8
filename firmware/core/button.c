/* The power button: debounced, short or long. */
#include "parts.h"

static void short_press(ctl *c) {
  if (c->kept.state == STATE_OFF) ctl_go(c, STATE_WAIT_12V, CAUSE_BUTTON, FAULT_NONE, 0);
  else if (c->kept.state == STATE_RUN) ctl_go(c, STATE_STOPPING, CAUSE_BUTTON, FAULT_NONE, 0);
}

static void long_press(ctl *c) {
  switch (c->kept.state) {
    case STATE_OFF: break;
    case STATE_WAIT_12V:
    case STATE_CYCLE: ctl_go(c, STATE_OFF, CAUSE_BUTTON, FAULT_NONE, 0); break;
    case STATE_POWER_DOWN: c->cycle = 0; break;
    case STATE_FAULT:
      if (ctl_can_reset(c)) ctl_reset(c, CAUSE_BUTTON);
      break;
    default: ctl_power_down(c, CAUSE_BUTTON, 0);
  }
}

/* pressed: 0 no; 1 yes; 2 yes, and nothing more is to come of it. */
void ctl_button(ctl *c, uint32_t ms) {
  uint8_t down = c->in.button != 0;
  if (down == (c->pressed != 0)) {
    c->bounce_ms = 0;
    c->held_ms = add16(c->held_ms, ms);
  } else {
    c->bounce_ms = add16(c->bounce_ms, ms);
    if (c->bounce_ms >= LIMIT_BUTTON_DEBOUNCE) {
      uint8_t was = c->pressed;
      c->pressed = down;
      c->bounce_ms = 0;
      c->held_ms = 0;
      if (was == 1) short_press(c);
    }
  }
  if (c->pressed == 1 && c->held_ms >= LIMIT_BUTTON_LONG) {
    c->pressed = 2;
    long_press(c);
  }
}
