/* What the simulator consists of; no business of anybody outside host/. */
#ifndef SOLEBOX_SIM_PARTS_H
#define SOLEBOX_SIM_PARTS_H
#include "sim.h"

/* Rails, heat sink, fans, supply: as they are. */
typedef struct plant {
  uint32_t faults; /* enum sim_fault, by bit */
  int32_t values[SIM_FAULT_COUNT];
  int32_t mv_12v, mv_aux, mv_core;
  int32_t sink_uc; /* millionths of a degree */
  uint32_t rpm_256[2], phase[2];
  uint16_t edges[2];
  uint32_t tick;
  uint32_t glitch, glitch_left; /* enum sim_fault, and samples to come */
  int32_t glitch_value;
  uint32_t press_left; /* ms */
} plant;

/* What was seen so far, to judge the control by. */
typedef struct judge {
  uint32_t held_ms;    /* core on with PERST# asserted */
  uint32_t good_ms;    /* nothing wrong with rails for two samples in a row */
  uint32_t before, before_that; /* what was wrong with the last two samples, by bit */
  uint32_t last_event;
  uint8_t last_state, released;
  uint32_t total;
  uint32_t violations[SIM_VIOLATION_COUNT];
  uint64_t first[SIM_VIOLATION_COUNT];
  uint32_t transitions[STATE_COUNT * STATE_COUNT];
  uint32_t faults[FAULT_COUNT]; /* by events */
} judge;

/* Who plays with the board in sim_run. */
typedef struct player {
  uint32_t wait_ms, heal_ms, beat_ms, answer_ms;
  uint8_t host_alive, sequence;
} player;

struct sim {
  ctl control;
  ctl_out out;
  ctl_in in;
  frame_decoder decoder;
  link_memory memory;
  link_board board;
  plant plant;
  judge judge;
  player player;
  uint64_t random, steps;
  uint32_t now_ms;
  uint32_t hung_ms; /* what is left until the watchdog bites; 0 where the firmware runs */
  uint32_t resets;
};

#define BIT(number) (1u << (number))

static inline int has(const plant *p, uint32_t fault) { return (p->faults & BIT(fault)) != 0; }

/* SplitMix64: public domain, Sebastiano Vigna. */
static inline uint64_t draw(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* Of 0 to below. */
static inline uint32_t below(uint64_t *state, uint32_t bound) { return (uint32_t)((draw(state) >> 32) * bound >> 32); }

void plant_start(plant *p);
void plant_step(plant *p, const ctl_out *out);
void plant_measure(plant *p, uint64_t noise, ctl_in *in);

void judge_start(judge *j);
void judge_step(judge *j, uint64_t step, const ctl *control, const ctl_in *in, const ctl_out *out);
/* Looks through what was logged since, and goes on from there. */
void judge_events(judge *j, uint64_t step, const ctl *control);

void player_start(player *p);
void player_step(sim *s);

#endif
