/* Pins that are one bit: enables, resets, good signals. board.h says which, and at what level. */
#include "board.h"
#include "port.h"
#include "regs.h"

#define MASK(pin) (1u << (pin))
#define OUTPUT(field, pin, level) | MASK(pin)
#define OUTPUT_OFF_HIGH(field, pin, level) | ((level) ? 0 : MASK(pin))
#define OUTPUTS (0 BOARD_OUTPUTS(OUTPUT))
#define OFF_HIGH (0 BOARD_OUTPUTS(OUTPUT_OFF_HIGH))
#define PAD_OUTPUT (PADS_DRIVE_4MA | PADS_PDE | PADS_SCHMITT)

void pins_off(void) {
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

void pins_use(uint32_t pin, uint32_t function, uint32_t pad) {
  PADS_GPIO(pin) = pad;
  IO_GPIO_CTRL(pin) = function;
}

void pins_begin(void) {
#define BEGIN(field, pin, level) pins_use(pin, IO_FUNCTION_SIO, PAD_OUTPUT);
  BOARD_OUTPUTS(BEGIN)
#undef BEGIN
#define BEGIN(field, pin, level, pull) pins_use(pin, IO_FUNCTION_SIO, PADS_IE | PADS_SCHMITT | (pull));
  BOARD_INPUTS(BEGIN)
#undef BEGIN
}

void pins_read(ctl_in *in) {
  uint32_t levels = SIO_GPIO_IN;
#define READ(field, pin, level, pull) in->field = (levels >> (pin) & 1) == (level);
  BOARD_INPUTS(READ)
#undef READ
}

void pins_write(const ctl_out *out) {
#define HIGH(field, pin, level) | ((out->field != 0) == (level) ? MASK(pin) : 0)
  uint32_t high = 0 BOARD_OUTPUTS(HIGH);
#undef HIGH
  // What goes low goes first: no moment has a module without its reset on a rail that drops.
  SIO_GPIO_OUT_CLR = OUTPUTS & ~high;
  SIO_GPIO_OUT_SET = high;
}
