/* Pins that are one bit: enables, resets, good signals. board.h says which, and at what level. */
#include "pins.h"
#include "port.h"
#include "regs.h"

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
