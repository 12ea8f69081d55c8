/* The loop: once per millisecond it measures, steps the control and drives what it says; then it hears the links. */
#include "../core/link.h"
#include "board.h"
#include "port.h"

#define QUIET_MS 20 /* a frame's bytes follow each other within less */

/* A link: its bytes, and what is known of who speaks there. */
typedef struct link_port {
  int (*take)(uint8_t *byte);
  void (*send)(const uint8_t *bytes, uint32_t length);
  void (*run)(void);
  uint32_t heard_ms;
  frame_decoder decoder;
  link_memory memory;
} link_port;

/* What a watchdog reset leaves alone; ctl_resume looks whether it did. */
static ctl control __attribute__((section(".kept")));

static link_port links[] = {
    {.take = uart_take, .send = uart_send, .run = uart_run},
    {.take = spi_take, .send = spi_send, .run = spi_run},
};

static void begin(void) {
  int again = watchdog_was_ours();
  watchdog_begin();
  clocks_begin();
  tick_begin();
  pins_begin();
  fan_begin();
  adc_begin();
  uart_begin();
  spi_begin();
  // Where the log of before was damaged, an empty one begins; it is a fault all the same.
  if (again)
    ctl_resume(&control, tick_ms());
  else
    ctl_init(&control, tick_ms());
}

static void answer(link_port *link, const frame *request, uint32_t now_ms) {
  link_board board = {.name = BOARD_NAME, .now_ms = now_ms, .bad_frames = link->decoder.bad};
  uint8_t bytes[FRAME_MOST];
  uint32_t length = link_answer(&link->memory, &control, &board, request, bytes);
  if (length > 0) link->send(bytes, length);
}

static void hear(link_port *link, uint32_t now_ms) {
  frame request;
  uint8_t byte;
  link->run();
  // What is made to look like a frame at every other byte costs 40 us per byte: who sends nothing else must not keep the control
  // waiting.
  while (tick_has_time() && link->take(&byte)) {
    link->heard_ms = now_ms;
    for (int found = frame_feed(&link->decoder, byte, &request); found; found = frame_next(&link->decoder, &request))
      answer(link, &request, now_ms);
  }
  if (now_ms - link->heard_ms >= QUIET_MS)
    while (frame_quiet(&link->decoder, &request)) answer(link, &request, now_ms);
  link->run();
}

int main(void) {
  begin();
  for (;;) {
    tick_wait();
    ctl_in in = {.now_ms = tick_ms()};
    ctl_out out;
    pins_read(&in);
    adc_read(&in);
    fan_count(&in);
    ctl_step(&control, &in, &out);
    pins_write(&out);
    fan_write(out.fan_pct);
    watchdog_feed();
    for (uint32_t i = 0; i < sizeof links / sizeof *links; i++) hear(&links[i], in.now_ms);
  }
}
