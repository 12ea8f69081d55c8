/* The board's control: rails in their order, trips, fans, throttle, faults, button, host.
 *
 * One step is a millisecond. Portable C11: no HAL, no globals, no malloc, no floats; all that it knows is in ctl, which its
 * owner keeps (the firmware in memory that a watchdog reset leaves alone, a test where it likes). Nothing but ctl_step and
 * ctl_order changes it. Time is in->now_ms, which may wrap.
 */
#ifndef SOLEBOX_CTL_H
#define SOLEBOX_CTL_H
#include <stdint.h>

/* Each state, and what is powered in it. In FAULT, every enable is low and PERST# asserted. */
enum ctl_state {
  STATE_OFF,        /* nothing, waits for an order or the button */
  STATE_WAIT_12V,   /* nothing; waits for PSU good and 12 V in its window */
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
  int16_t value;   /* what was measured where that is the reason: mV, 0.1 C, rpm, else 0 */
} ctl_event;

/* All state. Opaque to all but ctl.c and its tests; its size is fixed so that others can keep it. */
typedef struct ctl ctl;

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

#endif
