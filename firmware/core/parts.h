/* What the parts of the control tell each other; no business of anybody outside core/. */
#ifndef SOLEBOX_PARTS_H
#define SOLEBOX_PARTS_H
#include "ctl.h"

enum { UP_AUX = 1, UP_CORE = 2 };

#define BIT(number) (1u << (number))

/* Counts on and stops at the highest, so that no age wraps. */
static inline uint16_t add16(uint16_t age, uint32_t ms) { return ms >= 0xffffu - age ? 0xffff : (uint16_t)(age + ms); }
static inline uint32_t add32(uint32_t age, uint32_t ms) { return ms >= 0xffffffffu - age ? 0xffffffff : age + ms; }

/* Whether a module has power and was let go: RUN, or STOPPING. */
static inline int running(const ctl *c) { return c->kept.state == STATE_RUN || c->kept.state == STATE_STOPPING; }

/* Goes to another state, and logs it. events.c */
void ctl_go(ctl *c, uint8_t to, uint8_t cause, uint8_t fault, int16_t value);
void ctl_begin_log(ctl *c);
int ctl_log_is_whole(const ctl *c);

/* Latches a fault: FAULT from here on. */
void ctl_trip(ctl *c, uint8_t fault, int32_t value);

/* rails.c: what is measured, against its windows. */
void ctl_watch(ctl *c);
int ctl_v12_is_good(const ctl *c);
int ctl_aux_is_good(const ctl *c);
int ctl_core_is_good(const ctl *c);
int ctl_v12_is_kept(const ctl *c);
/* The millivolts of a rail that still has some though it should not; 0 where all are discharged. */
int32_t ctl_stuck_mv(const ctl *c);
/* What one sample says of each fault's condition, by bit. */
uint32_t ctl_conditions(const ctl_in *in);

/* heat.c */
void ctl_cool(ctl *c, uint32_t ms); /* drives the fans, and the brake */

/* fans.c: what they turn, and whether they do. */
void ctl_fans(ctl *c, uint32_t ms);
/* The number, from 1, of a fan that stands for so long though it is driven; 0 where none does. */
int ctl_still_fan(const ctl *c, uint16_t ms);

/* host.c */
void ctl_host(ctl *c, uint32_t ms);
int ctl_host_is_late(const ctl *c);
uint8_t ctl_can_reset(const ctl *c);

/* Whether the temperature is not known: the thermistor is open or shorted, and not for one sample alone. */
int ctl_sensor_is_bad(const ctl *c);

/* sequence.c: what the state waits for, and what it drives. */
void ctl_sequence(ctl *c);
void ctl_drive(ctl *c);
void ctl_power_down(ctl *c, uint8_t cause, uint8_t cycle);
void ctl_reset(ctl *c, uint8_t cause);

/* button.c, led.c */
void ctl_button(ctl *c, uint32_t ms);
void ctl_led(ctl *c, uint32_t ms);

#endif
