/* Fans: one PWM line for all, and a tachometer each. */
#include "board.h"
#include "port.h"
#include "regs.h"

#define SLICE PWM_SLICE(BOARD_FAN)
#define CHANNEL_B (BOARD_FAN & 1)
#define PERIOD (CLOCK_HZ / BOARD_FAN_HZ)

static uint16_t edges[2];
static const uint8_t tach_pins[2] = {BOARD_TACH_0, BOARD_TACH_1};

void fan_begin(void) {
  clocks_unreset(RESETS_PWM);
  PWM_DIV(SLICE) = PWM_DIV_1;
  PWM_TOP(SLICE) = PERIOD - 1;
  fan_write(100);
  PWM_CSR(SLICE) = PWM_CSR_EN | (BOARD_FAN_INVERTED ? (CHANNEL_B ? PWM_CSR_B_INV : PWM_CSR_A_INV) : 0);
  // Only now, that it says full speed.
  pins_use(BOARD_FAN, IO_FUNCTION_PWM, PADS_DRIVE_4MA | PADS_PDE);
  for (int fan = 0; fan < 2; fan++) {
    pins_use(tach_pins[fan], IO_FUNCTION_SIO, PADS_IE | PADS_SCHMITT | PADS_PUE);
    IO_INTR(tach_pins[fan]) = IO_INTR_EDGE_LOW(tach_pins[fan]);
  }
}

void fan_write(uint8_t percent) { PWM_CC(SLICE) = PERIOD * percent / 100 << (CHANNEL_B ? 16 : 0); }

/* The pad remembers that there was an edge until it is cleared, also without an interrupt. So a line that is torn off and
 * collects noise counts one per millisecond at most, and cannot keep the loop from its work; a fan of 20000 rpm has one in
 * 1.5 ms. */
void fan_count(ctl_in *in) {
  for (int fan = 0; fan < 2; fan++) {
    uint32_t pin = tach_pins[fan], edge = IO_INTR_EDGE_LOW(pin);
    if (IO_INTR(pin) & edge) {
      IO_INTR(pin) = edge;
      edges[fan]++;
    }
    in->tach_edges[fan] = edges[fan];
  }
}
