/* The millisecond, and the sleep until the next. */
#include "port.h"
#include "regs.h"

#define PERIOD_US 1000
#define SPARE_AFTER_US 700

static uint32_t due; // in TIMERAWL's microseconds, wraps with it

void timer_irq(void) { TIMER_INTR = TIMER_ALARM0_BIT; }

void tick_begin(void) {
  clocks_unreset(RESETS_TIMER);
  due = TIMER_TIMERAWL;
  TIMER_INTE = TIMER_ALARM0_BIT;
  NVIC_ISER = 1u << IRQ_TIMER_0;
}

static int is_due(void) { return (int32_t)(TIMER_TIMERAWL - due) >= 0; }

void tick_wait(void) {
  due += PERIOD_US;
  // What is late already is begun now, and not made up for.
  if (is_due()) due = TIMER_TIMERAWL + PERIOD_US;
  // The alarm compares for equality: armed a moment too late, it would ring in 71 minutes. So the time decides, and not the
  // alarm, which only ends the sleep.
  TIMER_ALARM0 = due;
  while (!is_due()) {
    // With interrupts off, one that comes between the look and the sleep still ends the sleep.
    __asm volatile("cpsid i" ::: "memory");
    if (TIMER_ARMED & TIMER_ALARM0_BIT && !is_due()) __asm volatile("wfi" ::: "memory");
    __asm volatile("cpsie i" ::: "memory");
  }
}

int tick_has_time(void) { return TIMER_TIMERAWL - due < SPARE_AFTER_US; }

uint32_t tick_ms(void) {
  uint32_t high, low;
  do {
    high = TIMER_TIMERAWH;
    low = TIMER_TIMERAWL;
  } while (high != TIMER_TIMERAWH);
  return (uint32_t)(((uint64_t)high << 32 | low) / PERIOD_US);
}
