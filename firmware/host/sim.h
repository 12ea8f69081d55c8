/* A board without a board: the firmware's control and link on a plant of rails, a heat sink and fans, in simulated time.
 *
 * Everything is in one piece of memory of sim_size() bytes, 8-aligned, that the caller gives and owns; no other state, no
 * allocation, no threads, no clock. The same seed and the same calls do the same. One step is a millisecond.
 */
#ifndef SOLEBOX_SIM_H
#define SOLEBOX_SIM_H
#include "../core/link.h"

/* What can be wrong, each with a value; it stays until it is healed. */
enum sim_fault {
  SIM_V12_MV,        /* 12 V is at this many mV instead */
  SIM_AUX_MV,        /* auxiliary is, whatever its enable: 0 never rises, 3300 does not fall */
  SIM_CORE_MV,       /* core */
  SIM_PSU_LOST,      /* PSU good is low; 12 V follows */
  SIM_VRM_LOST,      /* the regulator's power good is low */
  SIM_SENSOR_DC,     /* the thermistor reads this, 0.1 C: -1000 is open, 2000 shorted */
  SIM_SINK_DC,       /* the heat sink has this temperature, 0.1 C */
  SIM_THERMTRIP,     /* the module asserts THERMTRIP# */
  SIM_FAN_0_STILL,   /* a fan does not turn */
  SIM_FAN_1_STILL,
  SIM_AMBIENT_DC,    /* the air, 0.1 C; 250 otherwise */
  SIM_LOAD_W,        /* what a running module burns; 150 otherwise */
  SIM_FAULT_COUNT
};

/* What the simulator finds wrong with the control; none of these may ever be. */
enum sim_violation {
  SIM_ENABLE_IN_FAULT,       /* an enable is high, or PERST# released, while a fault is latched */
  SIM_CORE_HELD_TOO_LONG,    /* core is on with PERST# asserted longer than its steps take */
  SIM_RELEASED_TOO_EARLY,    /* PERST# released though a rail was not good for all of RESET_HOLD */
  SIM_TRANSITION,            /* one that ctl_allowed has not */
  SIM_FAN_SLOW_WHEN_HOT,     /* less than 100 % in a fault of heat, or from FAN_HIGH on */
  SIM_TRIPPED_TOO_LATE,      /* no FAULT 3 ms after a condition that trips began */
  SIM_ENABLED_UNPOWERED,     /* core enabled without auxiliary, or the module without core */
  SIM_NOT_THROTTLED,         /* a module that runs, from THROTTLE_ON on */
  SIM_VIOLATION_COUNT
};

/* What can be asked for, one number each. */
enum sim_value {
  SIM_STATE,      /* enum ctl_state */
  SIM_LATCHED,    /* enum ctl_fault */
  SIM_EN_AUX,     /* what is driven, also while nothing steps */
  SIM_EN_CORE,
  SIM_EN_MODULE,
  SIM_PERST_N,
  SIM_THROTTLE,
  SIM_FAN_PCT,
  SIM_LED,
  SIM_REAL_12V,   /* mV, as they are before the converter */
  SIM_REAL_AUX,
  SIM_REAL_CORE,
  SIM_SINK,       /* 0.1 C */
  SIM_RPM_0,
  SIM_RPM_1,
  SIM_STEPS,      /* ms since sim_start */
  SIM_CLOCK,      /* the board's, wraps at 2^32 */
  SIM_RESETS,     /* by the watchdog */
  SIM_INJECTED,   /* enum sim_fault, by bit */
  SIM_VIOLATIONS, /* of all kinds */
  SIM_LAST_EVENT, /* its number */
  SIM_BAD_FRAMES,
  SIM_VALUE_COUNT
};

typedef struct sim sim;

uint32_t sim_size(void);

/* Power comes: the board is OFF and cool. seed is for noise and for sim_run; now_ms is where the board's clock begins. */
void sim_start(sim *s, uint64_t seed, uint32_t now_ms);

/* Goes on by so many milliseconds. */
void sim_step(sim *s, uint32_t ms);

/* Bytes of a host's; writes what the board answers, returns how many bytes that is. Answers that do not fit are lost: room for
 * FRAME_MOST for each FRAME_HEADER + 2 bytes always suffices. A board that hangs takes nothing and answers nothing. */
uint32_t sim_feed(sim *s, const uint8_t *bytes, uint32_t length, uint8_t *answers, uint32_t room);

/* The line has been quiet: as frame_quiet. Returns bytes as sim_feed does. */
uint32_t sim_quiet(sim *s, uint8_t *answers, uint32_t room);

/* An order without a frame around it: enum ctl_order; returns enum ctl_result. A board that hangs takes none: -1. */
int sim_order(sim *s, uint32_t order, int32_t argument);

void sim_inject(sim *s, uint32_t fault, int32_t value);
void sim_heal(sim *s, uint32_t fault);

/* Readings are wrong for so many samples from the next on: what is measured only, nothing real. fault is one of SIM_V12_MV to
 * SIM_SENSOR_DC, or SIM_THERMTRIP. */
void sim_glitch(sim *s, uint32_t fault, int32_t value, uint32_t samples);

/* Holds the button for so long from now on. */
void sim_press(sim *s, uint32_t ms);

/* The firmware hangs: it steps no more, its outputs stay, until the watchdog resets it after WATCHDOG. */
void sim_hang(sim *s);

/* 0 where there is no such value. */
int64_t sim_get(const sim *s, uint32_t value);

/* 1 and the event, or 0: as ctl_get_event. */
int sim_get_event(const sim *s, uint32_t number, ctl_event *event);

/* How often each state followed each other, STATE_COUNT x STATE_COUNT, from first. */
const uint32_t *sim_transitions(const sim *s);

/* How often each fault began, FAULT_COUNT of them; the first is how many transitions were without one. */
const uint32_t *sim_faults(const sim *s);

/* ctl_allowed. */
uint32_t sim_allowed(uint32_t from);

/* How often each enum sim_violation was found, and the step at which the first of each was. */
const uint32_t *sim_violations(const sim *s);
const uint64_t *sim_first_violations(const sim *s);

/* Lives for so long at maximum speed: faults come and go, a host orders and goes silent, somebody presses the button, as seed
 * has it. Returns how many violations there are by then. */
uint32_t sim_run(sim *s, uint64_t ms);

#endif
