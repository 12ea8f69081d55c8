/* The second link: SPI0 as a slave, mode 3, in which its select may stay low over many bytes. The host clocks, so what is sent
 * when there is nothing to say is 0, and an answer comes up to nine bytes late, since that many zeroes are on their way: the host
 * clocks two frames or more and looks for one in what it read. At most 1 MHz. */
#include "board.h"
#include "port.h"
#include "regs.h"

#define RECEIVED 1024 /* powers of two */
#define SENDING 512

static struct {
  volatile uint32_t put, got; // put by the interrupt, got by the loop
  volatile uint8_t bytes[RECEIVED];
} received;
static struct {
  volatile uint32_t put, got; // put by the loop, got by the interrupt
  volatile uint8_t bytes[SENDING];
} sending;

static void exchange(void) {
  while (SPI0_SR & SPI_SR_RNE) {
    uint8_t byte = (uint8_t)SPI0_DR;
    if (received.put - received.got < RECEIVED) received.bytes[received.put++ % RECEIVED] = byte;
  }
  while (SPI0_SR & SPI_SR_TNF) SPI0_DR = sending.got != sending.put ? sending.bytes[sending.got++ % SENDING] : 0;
}

void spi_irq(void) { exchange(); }

void spi_begin(void) {
  clocks_unreset(RESETS_SPI0);
  SPI0_CR0 = SPI_CR0_SPH | SPI_CR0_SPO | SPI_CR0_8_BITS;
  SPI0_CPSR = 2;
  SPI0_CR1 = SPI_CR1_SLAVE;
  SPI0_CR1 = SPI_CR1_SLAVE | SPI_CR1_SSE;
  exchange(); // zeroes to begin with
  // Pulled up, what is not connected is not selected.
  pins_use(BOARD_SPI_CSN, IO_FUNCTION_SPI, PADS_IE | PADS_SCHMITT | PADS_PUE);
  pins_use(BOARD_SPI_SCK, IO_FUNCTION_SPI, PADS_IE | PADS_SCHMITT | PADS_PUE);
  pins_use(BOARD_SPI_RX, IO_FUNCTION_SPI, PADS_IE | PADS_SCHMITT | PADS_PUE);
  pins_use(BOARD_SPI_TX, IO_FUNCTION_SPI, PADS_DRIVE_4MA | PADS_PDE);
  SPI0_IMSC = SPI_IMSC_RXIM; // at four bytes; fewer wait for spi_run
  NVIC_ISER = 1u << IRQ_SPI0;
}

int spi_take(uint8_t *byte) {
  if (received.got == received.put) return 0;
  *byte = received.bytes[received.got % RECEIVED];
  received.got++;
  return 1;
}

static void quiet_begin(void) { __asm volatile("cpsid i" ::: "memory"); }
static void quiet_end(void) { __asm volatile("cpsie i" ::: "memory"); }

void spi_send(const uint8_t *bytes, uint32_t length) {
  if (length > SENDING) return;
  quiet_begin();
  sending.got = sending.put;
  quiet_end();
  for (uint32_t i = 0; i < length; i++) sending.bytes[(sending.put + i) % SENDING] = bytes[i];
  sending.put += length; // all at once, so that none of it goes with a gap
}

void spi_run(void) {
  quiet_begin();
  exchange();
  quiet_end();
}
