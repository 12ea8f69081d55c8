/* The outputs as bits of a word, and how all of them go off. */
#ifndef SOLEBOX_PINS_H
#define SOLEBOX_PINS_H
#include "board.h"
#include "regs.h"

#define MASK(pin) (1u << (pin))
#define OUTPUT(field, pin, level) | MASK(pin)
#define OUTPUT_OFF_HIGH(field, pin, level) | ((level) ? 0 : MASK(pin))
#define OUTPUTS (0 BOARD_OUTPUTS(OUTPUT))
#define OFF_HIGH (0 BOARD_OUTPUTS(OUTPUT_OFF_HIGH))
#define PAD_OUTPUT (PADS_DRIVE_4MA | PADS_PDE | PADS_SCHMITT)

/* Every output is what it is when nothing is powered. Needs no memory and nothing before it, and is part of whoever calls it, so
 * that it is in the flash at the start and in memory later. */
static inline __attribute__((always_inline)) void pins_off(void) {
  SIO_GPIO_OUT_CLR = OUTPUTS & ~OFF_HIGH;
  SIO_GPIO_OUT_SET = OFF_HIGH;
  SIO_GPIO_OE_SET = OUTPUTS;
  reg_clear(&RESETS_RESET, RESETS_IO_BANK0 | RESETS_PADS_BANK0);
  while ((RESETS_RESET_DONE & (RESETS_IO_BANK0 | RESETS_PADS_BANK0)) != (RESETS_IO_BANK0 | RESETS_PADS_BANK0)) {
  }
#define DRIVE(field, pin, level) IO_GPIO_CTRL(pin) = IO_FUNCTION_SIO;
  BOARD_OUTPUTS(DRIVE)
#undef DRIVE
}

#endif
