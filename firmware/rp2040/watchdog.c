/* The watchdog. Only the loop that steps the control feeds it, never an interrupt: a loop that hangs with interrupts running must
 * not pass for one that works. */
#include "../core/limits.h"
#include "port.h"
#include "regs.h"

#define XOSC_MHZ 12
/* Erratum RP2040-E1: it counts down twice per microsecond. */
#define LOAD (LIMIT_WATCHDOG * 1000u * 2u)
/* In a scratch register, which outlives a watchdog reset and nothing else. The boot ROM, too, restarts by the watchdog, after it
 * has written the flash; it leaves this at 0. */
#define OURS 0x50b0feedu

/* To be asked before watchdog_begin. */
int watchdog_was_ours(void) { return WATCHDOG_REASON != 0 && WATCHDOG_SCRATCH0 == OURS; }

void watchdog_feed(void) { WATCHDOG_LOAD = LOAD; }

/* Before the crystal runs, the tick is made of the ring oscillator, which is slower than the crystal: a longer time, not a
 * shorter one. */
void watchdog_begin(void) {
  // All but the oscillators begins anew, also the pads and what drives them.
  PSM_WDSEL = PSM_ALL & ~(PSM_ROSC | PSM_XOSC);
  WATCHDOG_SCRATCH0 = OURS;
  WATCHDOG_TICK = XOSC_MHZ | WATCHDOG_TICK_ENABLE;
  watchdog_feed();
  // It goes on while a debugger halts the core: that is a core that controls nothing.
  WATCHDOG_CTRL = WATCHDOG_CTRL_ENABLE;
}
