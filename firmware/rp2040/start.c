/* Vectors, and the way from a reset to main. The outputs are switched off before anything else is done. */
#include "pins.h"
#include "port.h"
#include "regs.h"

int main(void);
void reset_handler(void);
void timer_irq(void);
void spi_irq(void);
extern uint32_t stack_top, data_source, data_start, data_end, bss_start, bss_end;

typedef union vector {
  uint32_t *stack;
  void (*handler)(void);
} vector;

extern const vector vectors[];

_Noreturn void stop(void) {
  pins_off();
  // A fault before the watchdog began must end, too.
  reg_set(&WATCHDOG_CTRL, WATCHDOG_CTRL_ENABLE);
  for (;;) {
  }
}

/* Runs from the flash, since all else is not in memory yet. */
__attribute__((section(".first"))) void reset_handler(void) {
  pins_off();
  const uint32_t *source = &data_source;
  for (uint32_t *word = &data_start; word < &data_end;) *word++ = *source++;
  for (uint32_t *word = &bss_start; word < &bss_end;) *word++ = 0;
  M0PLUS_VTOR = (uint32_t)vectors;
  main();
  stop();
}

#define EXCEPTIONS 16
#define INTERRUPT(number) [EXCEPTIONS + (number)]
#define UNEXPECTED(from, to) [(from) ... (to)] = {.handler = stop}

/* Whatever is not expected ends in stop: NMI, HardFault, and each interrupt that nobody asked for. */
__attribute__((section(".vectors"), used)) const vector vectors[EXCEPTIONS + IRQ_COUNT] = {
    [0] = {.stack = &stack_top},
    [1] = {.handler = reset_handler},
    UNEXPECTED(2, EXCEPTIONS + IRQ_TIMER_0 - 1),
    INTERRUPT(IRQ_TIMER_0) = {.handler = timer_irq},
    UNEXPECTED(EXCEPTIONS + IRQ_TIMER_0 + 1, EXCEPTIONS + IRQ_SPI0 - 1),
    INTERRUPT(IRQ_SPI0) = {.handler = spi_irq},
    UNEXPECTED(EXCEPTIONS + IRQ_SPI0 + 1, EXCEPTIONS + IRQ_COUNT - 1),
};

/* Until there are vectors in memory: off, and nothing more. */
__attribute__((section(".first"))) _Noreturn static void trap(void) {
  pins_off();
  for (;;) {
  }
}

/* What the second stage looks at, with NMI and HardFault. */
__attribute__((section(".entry"), used)) static const vector entry[] = {
    {.stack = &stack_top}, {.handler = reset_handler}, {.handler = trap}, {.handler = trap}};
