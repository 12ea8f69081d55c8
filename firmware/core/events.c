/* The log of transitions, and the only place where the state changes. */
#include "parts.h"

#define MAGIC 0x501e0b0au

_Static_assert(sizeof(ctl_event) == 16, "events are 16 bytes on the link, too");
_Static_assert(STATE_COUNT <= 16, "two states share a byte");
_Static_assert(FAULT_COUNT <= 32, "faults are bits of a word");

/* FNV-1a of all that is kept behind the check: quick enough for a transition, where a CRC would cost half a millisecond. */
static uint32_t check_of(const ctl_kept *kept) {
  const uint8_t *bytes = (const uint8_t *)kept;
  uint32_t hash = 0x811c9dc5u;
  for (uint32_t i = 2 * sizeof(uint32_t); i < sizeof *kept; i++) hash = (hash ^ bytes[i]) * 0x01000193u;
  return hash;
}

void ctl_begin_log(ctl *c) {
  uint8_t *bytes = (uint8_t *)&c->kept;
  for (uint32_t i = 0; i < sizeof c->kept; i++) bytes[i] = 0;
  c->kept.magic = MAGIC;
}

int ctl_log_is_whole(const ctl *c) {
  return c->kept.magic == MAGIC && c->kept.check == check_of(&c->kept) && c->kept.state < STATE_COUNT &&
         c->kept.fault < FAULT_COUNT;
}

void ctl_go(ctl *c, uint8_t to, uint8_t cause, uint8_t fault, int16_t value) {
  ctl_kept *kept = &c->kept;
  uint32_t number = kept->last_event + 1;
  ctl_event *event = &kept->events[number % CTL_EVENTS];
  event->number = number;
  event->at_s = c->uptime_s;
  event->at_ms = c->uptime_ms;
  event->boot = kept->boot;
  event->fault = fault;
  event->from_to = (uint8_t)(kept->state << 4 | to);
  event->cause = cause;
  event->value = value;
  kept->last_event = number;
  kept->state = to;
  kept->check = check_of(kept);
  c->state_ms = 0;
  c->good_samples = 0;
  c->led_ms = 0;
  c->began = 1;
}

void ctl_trip(ctl *c, uint8_t fault, int32_t value) {
  c->kept.fault = fault;
  ctl_go(c, STATE_FAULT, CAUSE_FAULT, fault, (int16_t)(value > 0x7fff ? 0x7fff : value));
}

uint32_t ctl_first_event(const ctl *c) {
  uint32_t last = c->kept.last_event;
  return last < CTL_EVENTS ? 1 : last - CTL_EVENTS + 1;
}

int ctl_get_event(const ctl *c, uint32_t number, ctl_event *event) {
  const ctl_event *found = &c->kept.events[number % CTL_EVENTS];
  if (number == 0 || found->number != number) return 0;
  *event = *found;
  return 1;
}
