/* The board's control: rails in their order, trips, fans, throttle, faults, button, host.
 *
 * One step is a millisecond. Portable C11: no HAL, no globals, no malloc, no floats; all that it knows is in ctl, which its
 * owner keeps (the firmware in memory that a watchdog reset leaves alone, a test where it likes). Nothing but the functions
 * below changes it. Time is in->now_ms, which may wrap.
 */
#ifndef SOLEBOX_CTL_H
#define SOLEBOX_CTL_H
#include "limits.h"
#include <stdint.h>

/* Each state, and what is powered in it. In FAULT, every enable is low and PERST# asserted. */
enum ctl_state {
  STATE_OFF,        /* nothing, waits for an order or the button */
  STATE_WAIT_12V,   /* nothing; waits for PSU good, 12 V in its window, and the other rails to be discharged */
  STATE_RAMP_AUX,   /* 3.3 V auxiliary; waits for its window */
  STATE_RAMP_CORE,  /* + core; waits for its window and the regulator's power good */
  STATE_HOLD_RESET, /* all rails good, PERST# still asserted, for RESET_HOLD */
  STATE_RUN,        /* + PERST# released, module enabled */
  STATE_STOPPING,   /* as RUN; the host was asked to stop and has SOFT_OFF for that */
  STATE_POWER_DOWN, /* PERST# asserted, then core, then auxiliary off, and all of it discharged */
  STATE_CYCLE,      /* as OFF, for CYCLE_OFF, then on again */
  STATE_FAULT,      /* nothing, latched until the fault is reset */
  STATE_COUNT
};

/* What is latched. A fault stands until ORDER_RESET_FAULT (or a long press) finds its cause gone. */
enum ctl_fault {
  FAULT_NONE,
  FAULT_PSU_LOST,       /* PSU good went away */
  FAULT_12V_LATE,       /* 12 V did not come in V12_TIMEOUT */
  FAULT_12V_LOW,
  FAULT_12V_HIGH,
  FAULT_AUX_LATE,
  FAULT_AUX_LOW,
  FAULT_AUX_HIGH,
  FAULT_CORE_LATE,
  FAULT_CORE_LOW,
  FAULT_CORE_HIGH,
  FAULT_VRM_LOST,       /* the core regulator's power good went away */
  FAULT_RAIL_STUCK,     /* a rail did not fall in DISCHARGE_TIMEOUT, though its enable is low */
  FAULT_HOT,            /* TRIP */
  FAULT_THERMTRIP,      /* the module itself says so */
  FAULT_SENSOR_LOST,    /* a thermistor open or shorted counts as hot */
  FAULT_FAN_STILL,      /* driven, and does not turn */
  FAULT_HOST_SILENT,    /* no heartbeat for HOST_SILENT, after there were some */
  FAULT_EMERGENCY_STOP, /* the host, or its guard, asked for it */
  FAULT_WATCHDOG,       /* the firmware hung, and began anew */
  FAULT_COUNT
};

/* Why a transition was. */
enum ctl_cause {
  CAUSE_START,    /* the firmware began */
  CAUSE_ORDER,    /* of the host */
  CAUSE_BUTTON,
  CAUSE_DONE,     /* the step before is done */
  CAUSE_TIMEOUT,  /* of an orderly stop; those of rails are faults */
  CAUSE_FAULT,
  CAUSE_COUNT
};

/* What the board reads; levels are logical, 1 is asserted, whatever the pin's polarity. */
typedef struct ctl_in {
  uint32_t now_ms;
  uint16_t mv_12v, mv_aux, mv_core; /* millivolts */
  int16_t ntc_dc;                   /* the module's heat sink, 0.1 C */
  int16_t mcu_dc;                   /* the controller's own, 0.1 C; told, and trips nothing */
  uint16_t tach_edges[2];           /* falling edges so far, wraps */
  uint8_t psu_good, vrm_good, thermtrip, button;
} ctl_in;

/* What the board drives; logical as well but for perst_n, where 0 holds the module in reset. */
typedef struct ctl_out {
  uint8_t en_aux, en_core, en_module, perst_n;
  uint8_t throttle; /* the module's power brake */
  uint8_t fan_pct;  /* duty, 0 to 100 */
  uint8_t led;
  uint8_t reserved;
} ctl_out;

#define CTL_EVENTS 64

/* One transition. */
typedef struct ctl_event {
  uint32_t number; /* from 1, goes on over watchdog resets */
  uint32_t at_s;   /* since the firmware began, whole seconds and the rest */
  uint16_t at_ms;
  uint8_t boot;    /* which start of the firmware since power came, wraps */
  uint8_t fault;   /* enum ctl_fault, FAULT_NONE where none began */
  uint8_t from_to; /* enum ctl_state, from << 4 | to */
  uint8_t cause;   /* enum ctl_cause */
  int16_t value;   /* what was measured where that is the reason: mV, 0.1 C, the number of the fan (from 1), else 0 */
} ctl_event;

/* What is kept over a watchdog reset. It changes with transitions alone, so a hang seldom finds it half written; where it
 * does, the check tells. */
typedef struct ctl_kept {
  uint32_t magic, check;
  uint32_t last_event; /* its number, 0 where there is none */
  uint8_t state, fault, boot, reserved;
  ctl_event events[CTL_EVENTS]; /* number n at n % CTL_EVENTS */
} ctl_kept;

/* All state: for those who keep it, to give it room; only core/ looks inside. */
typedef struct ctl {
  ctl_kept kept;
  ctl_in in;   /* of the last step */
  ctl_out out; /* of the last step */
  uint32_t uptime_s;
  uint32_t state_ms; /* in this state, stops at the highest */
  uint32_t counting; /* faults whose condition the last sample had, by bit */
  uint32_t led_ms;
  uint16_t uptime_ms;
  uint16_t heartbeat_ms; /* since the last, stops at the highest, which is also "none" */
  int16_t host_dc;       /* what it told, or CTL_NO_TEMPERATURE */
  int16_t ntc_dc;        /* as far as it is believed */
  int16_t ntc_before;    /* the last sample that was a temperature */
  uint16_t edges[2];     /* as the last step saw them */
  uint16_t window_ms, window_edges[2], rpm[2];
  uint16_t quiet_ms[2];  /* since a fan that is driven turned, stops at the highest */
  uint16_t fall_ms;      /* since the duty fell by a percent */
  uint16_t bounce_ms;    /* since the button's level differs from what it is taken for */
  uint16_t held_ms;      /* since it was taken for that */
  uint8_t samples[FAULT_COUNT]; /* in a row with the condition of each fault */
  uint8_t good_samples;  /* in a row that what the state waits for is so */
  uint8_t began;         /* this state, since the last step */
  uint8_t up;            /* rails that were good since they were enabled: 1 auxiliary, 2 core */
  uint8_t cycle;         /* what POWER_DOWN leads to: 0 OFF, 1 CYCLE */
  uint8_t expected;      /* heartbeats are */
  uint8_t hot;           /* throttles for the temperature's sake */
  uint8_t least_pct;     /* what the host wants of the fans */
  uint8_t pressed;       /* the button, debounced: 0 no, 1 yes, 2 yes and that was dealt with */
  uint8_t after_watchdog;
  uint8_t stepped; /* at all, since it began */
} ctl;

/* What the host may ask for; the numbers are those of the link. */
enum ctl_order {
  ORDER_HEARTBEAT = 0x10, /* argument: the hottest temperature that the host knows, 0.1 C, or CTL_NO_TEMPERATURE */
  ORDER_GOODBYE = 0x11,   /* no more heartbeats are to be expected */
  ORDER_ON = 0x12,
  ORDER_OFF = 0x13,       /* orderly, now; what the host answers when it was asked to stop, too */
  ORDER_CYCLE = 0x14,
  ORDER_RESET_FAULT = 0x15,
  ORDER_EMERGENCY_STOP = 0x16,
  ORDER_FAN = 0x17,       /* argument: the least duty in percent, 0 to 100; the curve is never undercut */
};
#define CTL_NO_TEMPERATURE 0x7fff

/* What becomes of an order. */
enum ctl_result {
  RESULT_DONE,            /* accepted; what takes time is seen in the state */
  RESULT_ALREADY,         /* it is so already */
  RESULT_REFUSED_FAULT,   /* a fault is latched */
  RESULT_REFUSED_CAUSE,   /* the fault's cause is still there */
  RESULT_REFUSED_STATE,   /* not in this state: on while it powers down, say */
  RESULT_BAD_ARGUMENT,
  RESULT_UNKNOWN_ORDER,
};

/* How the board is. */
typedef struct ctl_status {
  uint8_t state, fault, boot, after_watchdog;
  ctl_in in;
  ctl_out out;
  uint8_t least_pct, host_expected, host_late, reserved;
  int16_t host_dc;       /* CTL_NO_TEMPERATURE where it told none, or none of late */
  uint16_t heartbeat_ms; /* 0xffff: none, or longer ago */
  uint16_t rpm[2];
  uint32_t uptime_s, last_event;
  uint16_t uptime_ms;
} ctl_status;

/* Begins where power came, with an empty log. Everything is off. */
void ctl_init(ctl *c, uint32_t now_ms);

/* Begins where the watchdog bit: in FAULT, with FAULT_WATCHDOG unless another fault stood already, and with the log of before.
 * Returns 0 where that was damaged, and begins an empty one. */
int ctl_resume(ctl *c, uint32_t now_ms);

/* One sample, one step. What trips in it is off in its *out already. */
void ctl_step(ctl *c, const ctl_in *in, ctl_out *out);

/* What a host asks for, between two steps; the next step drives what follows. argument is 0 where the order has none. */
enum ctl_result ctl_order(ctl *c, uint8_t order, int16_t argument);

void ctl_get_status(const ctl *c, ctl_status *status);

/* Copies the event of this number, or says with 0 that it is not there (any more). */
int ctl_get_event(const ctl *c, uint32_t number, ctl_event *event);

/* The number of the oldest event kept, or of the next where there is none. */
uint32_t ctl_first_event(const ctl *c);

/* Which states may follow each: bit 1 << to. That the firmware began (CAUSE_START) is none of these. */
extern const uint16_t ctl_allowed[STATE_COUNT];

/* The temperature, in 0.1 C, of a thermistor between the input and ground with NTC_PULL_UP to the converter's reference, from
 * 12 bits. Below SENSOR_LOW where it is open, above SENSOR_HIGH where it is shorted. */
int16_t ctl_ntc_dc(uint16_t counts);

#endif
