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

PUBLIC void sim_get_status(const sim *s, sim_status *status) {
  const plant *p = &s->plant;
  ctl_get_status(&s->control, &status->board);
  status->board.out = s->out; /* what is driven, also while nothing steps */
  status->mv_12v = p->mv_12v;
  status->mv_aux = p->mv_aux;
  status->mv_core = p->mv_core;
  status->sink_dc = p->sink_uc / 100000;
  status->rpm[0] = p->rpm_256[0] / 256;
  status->rpm[1] = p->rpm_256[1] / 256;
  status->steps = s->steps;
  status->resets = s->resets;
  status->faults = p->faults;
  status->violations = s->judge.total;
}

PUBLIC int sim_get_event(const sim *s, uint32_t number, ctl_event *event) {
  return ctl_get_event(&s->control, number, event);
}

PUBLIC const uint32_t *sim_transitions(const sim *s) { return s->judge.transitions; }
PUBLIC const uint32_t *sim_violations(const sim *s) { return s->judge.violations; }
PUBLIC const uint64_t *sim_first_violations(const sim *s) { return s->judge.first; }
