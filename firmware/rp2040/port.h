/* The parts of the port, each of which owns its peripheral. What begins is called once, in the order of main.c. */
#ifndef SOLEBOX_PORT_H
#define SOLEBOX_PORT_H
#include <stdint.h>
#include "../core/ctl.h"

/* start.c: outputs off, and nothing more until the watchdog. */
_Noreturn void stop(void);

/* clocks.c. clk_sys and clk_peri run at CLOCK_HZ after clocks_begin. */
#define CLOCK_HZ 125000000u
void clocks_begin(void);
void clocks_unreset(uint32_t resets); /* takes peripherals out of reset, and waits until they are */

/* watchdog.c */
void watchdog_begin(void);
void watchdog_feed(void);
int watchdog_was_ours(void); /* this start is because the loop did not feed it */

/* tick.c */
void tick_begin(void);
void tick_wait(void);      /* until the next millisecond begins */
int tick_has_time(void);   /* in this millisecond, for what is not the control */
uint32_t tick_ms(void);    /* since the timer began, wraps */

/* pins.c */
void pins_begin(void);
void pins_use(uint32_t pin, uint32_t function, uint32_t pad);
void pins_read(ctl_in *in);
void pins_write(const ctl_out *out);

/* adc.c */
void adc_begin(void);
void adc_read(ctl_in *in); /* all voltages and temperatures */

/* fan.c */
void fan_begin(void);
void fan_write(uint8_t percent);
void fan_count(ctl_in *in); /* once per millisecond: the tachometers' edges */

/* uart.c and spi.c: bytes of the two links. */
void uart_begin(void);
int uart_take(uint8_t *byte);                           /* 0 where there is none */
void uart_send(const uint8_t *bytes, uint32_t length);  /* whole, or not at all where there is no room */
void uart_run(void);                                    /* once per millisecond */
void spi_begin(void);
int spi_take(uint8_t *byte);
void spi_send(const uint8_t *bytes, uint32_t length);   /* in place of what was not fetched yet */
void spi_run(void);

#endif
