/* The board: the control on the plant, a step at a time, with its link and its watchdog. */
#include "parts.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC uint32_t sim_size(void) { return sizeof(sim); }

PUBLIC void sim_start(sim *s, uint64_t seed, uint32_t now_ms) {
  static const char name[16] = "simulated";
  uint8_t *bytes = (uint8_t *)s;
  for (uint32_t i = 0; i < sizeof *s; i++) bytes[i] = 0;
  for (uint32_t i = 0; i < sizeof name; i++) s->board.name[i] = name[i];
  s->random = seed;
  s->now_ms = now_ms;
  s->board.now_ms = now_ms;
  plant_start(&s->plant);
  judge_start(&s->judge);
  player_start(&s->player);
  ctl_init(&s->control, now_ms);
}

/* All pins float, and the pull-downs hold everything off; memory stays. */
static void bite(sim *s) {
  uint8_t *bytes = (uint8_t *)&s->out;
  for (uint32_t i = 0; i < sizeof s->out; i++) bytes[i] = 0;
  bytes = (uint8_t *)&s->decoder;
  for (uint32_t i = 0; i < sizeof s->decoder; i++) bytes[i] = 0;
  s->memory.known = 0;
  s->resets++;
  ctl_resume(&s->control, s->now_ms);
}

static void step(sim *s) {
  uint64_t noise = draw(&s->random);
  plant_step(&s->plant, &s->out);
  s->now_ms++;
  s->steps++;
  s->in.now_ms = s->now_ms;
  s->board.now_ms = s->now_ms;
  plant_measure(&s->plant, noise, &s->in);
  if (s->hung_ms) {
    if (--s->hung_ms == 0) bite(s);
    return;
  }
  ctl_step(&s->control, &s->in, &s->out);
  judge_step(&s->judge, s->steps, &s->control, &s->in, &s->out);
}

PUBLIC void sim_step(sim *s, uint32_t ms) {
  while (ms-- > 0) step(s);
}

PUBLIC uint32_t sim_run(sim *s, uint64_t ms) {
  while (ms-- > 0) {
    player_step(s);
    step(s);
  }
  return s->judge.total;
}

static uint32_t answer(sim *s, const frame *request, uint8_t *answers, uint32_t room) {
  uint8_t bytes[FRAME_MOST];
  uint32_t length;
  s->board.bad_frames = s->decoder.bad;
  length = link_answer(&s->memory, &s->control, &s->board, request, bytes);
  if (length > room) return 0;
  for (uint32_t i = 0; i < length; i++) answers[i] = bytes[i];
  return length;
}

PUBLIC uint32_t sim_feed(sim *s, const uint8_t *bytes, uint32_t length, uint8_t *answers, uint32_t room) {
  uint32_t written = 0;
  frame request;
  if (s->hung_ms) return 0;
  for (uint32_t i = 0; i < length; i++) {
    int got = frame_feed(&s->decoder, bytes[i], &request);
    while (got) {
      written += answer(s, &request, answers + written, room - written);
      got = frame_next(&s->decoder, &request);
    }
  }
  return written;
}

PUBLIC uint32_t sim_quiet(sim *s, uint8_t *answers, uint32_t room) {
  uint32_t written = 0;
  frame request;
  if (s->hung_ms) return 0;
  while (frame_quiet(&s->decoder, &request)) written += answer(s, &request, answers + written, room - written);
  return written;
}

PUBLIC int sim_order(sim *s, uint32_t order, int32_t argument) {
  return s->hung_ms ? -1 : (int)ctl_order(&s->control, (uint8_t)order, (int16_t)argument);
}

PUBLIC void sim_inject(sim *s, uint32_t fault, int32_t value) {
  if (fault >= SIM_FAULT_COUNT) return;
  s->plant.faults |= BIT(fault);
  s->plant.values[fault] = value;
}

PUBLIC void sim_heal(sim *s, uint32_t fault) {
  if (fault < SIM_FAULT_COUNT) s->plant.faults &= ~BIT(fault);
}

PUBLIC void sim_glitch(sim *s, uint32_t fault, int32_t value, uint32_t samples) {
  s->plant.glitch = fault;
  s->plant.glitch_value = value;
  s->plant.glitch_left = samples;
}

PUBLIC void sim_press(sim *s, uint32_t ms) { s->plant.press_left = ms + 1; /* the next step takes one before it looks */ }

PUBLIC void sim_hang(sim *s) {
  if (!s->hung_ms) s->hung_ms = LIMIT_WATCHDOG;
}

PUBLIC int64_t sim_get(const sim *s, uint32_t value) {
  const plant *p = &s->plant;
  switch (value) {
    case SIM_STATE: return s->control.kept.state;
    case SIM_LATCHED: return s->control.kept.fault;
    case SIM_EN_AUX: return s->out.en_aux;
    case SIM_EN_CORE: return s->out.en_core;
    case SIM_EN_MODULE: return s->out.en_module;
    case SIM_PERST_N: return s->out.perst_n;
    case SIM_THROTTLE: return s->out.throttle;
    case SIM_FAN_PCT: return s->out.fan_pct;
    case SIM_LED: return s->out.led;
    case SIM_REAL_12V: return p->mv_12v;
    case SIM_REAL_AUX: return p->mv_aux;
    case SIM_REAL_CORE: return p->mv_core;
    case SIM_SINK: return p->sink_uc / 100000;
    case SIM_RPM_0: return p->rpm_256[0] / 256;
    case SIM_RPM_1: return p->rpm_256[1] / 256;
    case SIM_STEPS: return (int64_t)s->steps;
    case SIM_CLOCK: return s->now_ms;
    case SIM_RESETS: return s->resets;
    case SIM_INJECTED: return p->faults;
    case SIM_VIOLATIONS: return s->judge.total;
    case SIM_LAST_EVENT: return s->control.kept.last_event;
    case SIM_BAD_FRAMES: return s->decoder.bad;
    default: return 0;
  }
}

PUBLIC int sim_get_event(const sim *s, uint32_t number, ctl_event *event) {
  return ctl_get_event(&s->control, number, event);
}

PUBLIC uint32_t sim_allowed(uint32_t from) { return from < STATE_COUNT ? ctl_allowed[from] : 0; }
PUBLIC const uint32_t *sim_transitions(const sim *s) { return s->judge.transitions; }
PUBLIC const uint32_t *sim_faults(const sim *s) { return s->judge.faults; }
PUBLIC const uint32_t *sim_violations(const sim *s) { return s->judge.violations; }
PUBLIC const uint64_t *sim_first_violations(const sim *s) { return s->judge.first; }
