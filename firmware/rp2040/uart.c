/* The first link: UART0, 115200 8N1. A millisecond brings 11 bytes and the receiver holds 32, so that the loop alone is quick
 * enough and no interrupt is needed. */
#include "../core/frame.h"
#include "board.h"
#include "port.h"
#include "regs.h"

#define RING 1024 /* a power of two, room for five answers */

static struct {
  uint32_t put, got; // ever, so their difference is what is held
  uint8_t bytes[RING];
} sending;

void uart_begin(void) {
  clocks_unreset(RESETS_UART0);
  // The divider is in 1/64; 16 periods make a bit.
  const uint32_t divider = (CLOCK_HZ * 4u + BOARD_UART_BAUD / 2) / BOARD_UART_BAUD;
  UART0_IBRD = divider / 64;
  UART0_FBRD = divider % 64;
  UART0_LCR_H = UART_LCR_H_8N1 | UART_LCR_H_FEN; // after the divider, which this takes over
  UART0_CR = UART_CR_UARTEN | UART_CR_TXE | UART_CR_RXE;
  pins_use(BOARD_UART_TX, IO_FUNCTION_UART, PADS_DRIVE_4MA | PADS_PUE);
  pins_use(BOARD_UART_RX, IO_FUNCTION_UART, PADS_IE | PADS_SCHMITT | PADS_PUE);
}

/* What came with a wrong stop bit is passed on as it is: the frame's CRC decides. */
int uart_take(uint8_t *byte) {
  if (UART0_FR & UART_FR_RXFE) return 0;
  *byte = (uint8_t)UART0_DR;
  return 1;
}

void uart_send(const uint8_t *bytes, uint32_t length) {
  if (RING - (sending.put - sending.got) < length) return;
  for (uint32_t i = 0; i < length; i++) sending.bytes[sending.put++ % RING] = bytes[i];
}

void uart_run(void) {
  while (sending.got != sending.put && !(UART0_FR & UART_FR_TXFF)) UART0_DR = sending.bytes[sending.got++ % RING];
}
