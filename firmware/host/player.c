/* Whoever plays with the board in sim_run: things break and are mended, a host speaks and falls silent, a button is pressed.
 * Short pauses between two deeds reach what lasts a few milliseconds, long ones what lasts minutes. */
#include "parts.h"

void player_start(player *p) { p->wait_ms = 1; }

static void send(sim *s, uint8_t type, int16_t argument) {
  uint8_t payload[2] = {(uint8_t)argument, (uint8_t)(argument >> 8)};
  uint8_t length = type == ORDER_HEARTBEAT ? 2 : type == ORDER_FAN;
  uint8_t bytes[FRAME_MOST], answers[FRAME_MOST];
  uint32_t size = frame_encode(type, s->player.sequence++, payload, length, bytes);
  sim_feed(s, bytes, size, answers, sizeof answers);
}

static uint32_t pause(uint64_t *random) {
  static const uint32_t longest[] = {10, 30, 30, 100, 100, 400, 400, 1000, 5000, 5000, 20000, 20000};
  uint32_t which = below(random, 12);
  return below(random, 150) == 0 ? 1 + below(random, 200000) : 1 + below(random, longest[which]);
}

static int32_t some_value(uint32_t fault, uint64_t *random) {
  switch (fault) {
    case SIM_V12_MV: return (int32_t)below(random, 15000);
    case SIM_AUX_MV: return (int32_t)below(random, 4500);
    case SIM_CORE_MV: return (int32_t)below(random, 1200);
    case SIM_SENSOR_DC: return below(random, 2) ? -1000 : 2000;
    case SIM_SINK_DC: return 200 + (int32_t)below(random, 1000);
    case SIM_AMBIENT_DC: return 100 + (int32_t)below(random, 350);
    case SIM_LOAD_W: return (int32_t)below(random, 700);
    default: return 1;
  }
}

static void order(sim *s) {
  static const uint8_t orders[] = {ORDER_ON,  ORDER_ON,    ORDER_ON,          ORDER_ON,          ORDER_ON,
                                   ORDER_OFF, ORDER_CYCLE, ORDER_RESET_FAULT, ORDER_RESET_FAULT, ORDER_RESET_FAULT,
                                   ORDER_FAN, ORDER_OFF,   ORDER_CYCLE,       ORDER_GOODBYE,     ORDER_EMERGENCY_STOP};
  uint8_t type = orders[below(&s->random, sizeof orders)];
  send(s, type, type == ORDER_FAN ? (int16_t)below(&s->random, 101) : 0);
}

static void press(sim *s) {
  static const uint32_t least[] = {1, 30, 30, LIMIT_BUTTON_LONG + 100};
  sim_press(s, least[below(&s->random, 4)] + below(&s->random, 500));
}

static void act(sim *s) {
  uint64_t *random = &s->random;
  uint32_t fault = below(random, SIM_FAULT_COUNT);
  uint32_t deed = below(random, 40);
  if (deed < 16) order(s);
  else if (deed < 22) press(s);
  else if (deed < 30) {
    sim_inject(s, fault, some_value(fault, random));
    s->player.heal_ms = pause(random);
  } else if (deed < 34) sim_glitch(s, below(random, SIM_SENSOR_DC + 1), some_value(fault % 3, random), 1);
  else if (deed < 38) s->player.host_alive = (uint8_t)below(random, 2);
  else if (deed < 39) sim_hang(s);
  else sim_glitch(s, SIM_SENSOR_DC, some_value(SIM_SENSOR_DC, random), 1 + below(random, 50));
}

/* A host that beats each second, and obeys, sooner or later, when it is asked to stop. */
static void host(sim *s) {
  player *p = &s->player;
  if (!p->host_alive || p->beat_ms-- > 0) return;
  p->beat_ms = 999;
  send(s, ORDER_HEARTBEAT, (int16_t)(300 + below(&s->random, 600)));
  if (s->control.kept.state == STATE_STOPPING && below(&s->random, 60) == 0) send(s, ORDER_OFF, 0);
}

void player_step(sim *s) {
  player *p = &s->player;
  host(s);
  if (p->heal_ms && --p->heal_ms == 0) s->plant.faults = 0;
  if (--p->wait_ms) return;
  act(s);
  p->wait_ms = pause(&s->random);
}
