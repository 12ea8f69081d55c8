/* Requests, answered. */
#include "link.h"

/* Payloads are written front to back. */
typedef struct writer {
  uint32_t length;
  uint8_t bytes[FRAME_MOST_PAYLOAD];
} writer;

static void u8(writer *to, uint32_t value) { to->bytes[to->length++] = (uint8_t)value; }
static void u16(writer *to, uint32_t value) {
  u8(to, value);
  u8(to, value >> 8);
}
static void u32(writer *to, uint32_t value) {
  u16(to, value);
  u16(to, value >> 16);
}

static uint32_t u32_at(const uint8_t *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* As ctl_conditions has it. */
static void window(writer *to, uint32_t nominal, uint32_t percent) {
  u16(to, nominal - nominal * percent / 100);
  u16(to, nominal + nominal * percent / 100);
}

static void info(writer *to, const ctl *c, const link_board *board) {
  ctl_status status;
  ctl_get_status(c, &status);
  u8(to, FRAME_VERSION);
  u8(to, LINK_FIRMWARE_MAJOR);
  u8(to, LINK_FIRMWARE_MINOR);
  u8(to, LINK_FIRMWARE_PATCH);
  u8(to, status.boot);
  u8(to, status.after_watchdog);
  u16(to, CTL_EVENTS);
  for (uint32_t i = 0; i < sizeof board->name; i++) u8(to, (uint8_t)board->name[i]);
  window(to, LIMIT_V12_NOMINAL, LIMIT_V12_KEEP);
  window(to, LIMIT_AUX_NOMINAL, LIMIT_AUX_KEEP);
  window(to, LIMIT_CORE_NOMINAL, LIMIT_CORE_KEEP);
  u16(to, LIMIT_THROTTLE_ON);
  u16(to, LIMIT_TRIP);
}

static uint32_t flags(const ctl_status *status) {
  uint32_t set = 0;
  if (status->out.en_aux) set |= LINK_FLAG_EN_AUX;
  if (status->out.en_core) set |= LINK_FLAG_EN_CORE;
  if (status->out.en_module) set |= LINK_FLAG_EN_MODULE;
  if (status->out.perst_n) set |= LINK_FLAG_PERST_RELEASED;
  if (status->out.throttle) set |= LINK_FLAG_THROTTLE;
  if (status->in.psu_good) set |= LINK_FLAG_PSU_GOOD;
  if (status->in.vrm_good) set |= LINK_FLAG_VRM_GOOD;
  if (status->in.thermtrip) set |= LINK_FLAG_THERMTRIP;
  if (status->in.button) set |= LINK_FLAG_BUTTON;
  if (status->host_expected) set |= LINK_FLAG_HOST_EXPECTED;
  if (status->host_late) set |= LINK_FLAG_HOST_LATE;
  if (status->state == STATE_STOPPING) set |= LINK_FLAG_STOP_ASKED;
  return set;
}

static void status(writer *to, const ctl *c, const link_board *board) {
  ctl_status status;
  ctl_get_status(c, &status);
  u8(to, status.state);
  u8(to, status.fault);
  u16(to, flags(&status));
  u16(to, status.in.mv_12v);
  u16(to, status.in.mv_aux);
  u16(to, status.in.mv_core);
  u16(to, (uint16_t)status.in.ntc_dc);
  u16(to, (uint16_t)status.in.mcu_dc);
  u16(to, (uint16_t)status.host_dc);
  u8(to, status.out.fan_pct);
  u8(to, status.least_pct);
  u16(to, status.rpm[0]);
  u16(to, status.rpm[1]);
  u32(to, status.uptime_s);
  u16(to, status.uptime_ms);
  u16(to, status.heartbeat_ms);
  u32(to, status.last_event);
  u16(to, board->bad_frames > 0xffff ? 0xffff : board->bad_frames);
  u8(to, status.boot);
  u8(to, 0);
}

static void events(writer *to, const ctl *c, uint32_t number) {
  uint32_t first = ctl_first_event(c);
  ctl_event event;
  if (number < first) number = first;
  for (int i = 0; i < LINK_MOST_EVENTS && ctl_get_event(c, number, &event); i++, number++) {
    u32(to, event.number);
    u32(to, event.at_s);
    u16(to, event.at_ms);
    u8(to, event.boot);
    u8(to, event.fault);
    u8(to, event.from_to);
    u8(to, event.cause);
    u16(to, (uint16_t)event.value);
  }
}

/* A heartbeat may come again as it likes, and does not push out what must not be done twice. */
static uint8_t order(link_memory *memory, ctl *c, uint32_t now_ms, const frame *request) {
  uint16_t crc = frame_crc(request->payload, request->length);
  int16_t argument = 0;
  if (request->type == ORDER_HEARTBEAT) argument = (int16_t)(request->payload[0] | request->payload[1] << 8);
  if (request->type == ORDER_FAN) argument = request->payload[0];
  if (request->type == ORDER_HEARTBEAT) return (uint8_t)ctl_order(c, request->type, argument);
  if (memory->known && memory->type == request->type && memory->sequence == request->sequence && memory->crc == crc &&
      now_ms - memory->at_ms < LINK_REMEMBERED_MS)
    return memory->result;
  memory->known = 1;
  memory->at_ms = now_ms;
  memory->type = request->type;
  memory->sequence = request->sequence;
  memory->crc = crc;
  memory->result = (uint8_t)ctl_order(c, request->type, argument);
  return memory->result;
}

static int is_order(uint8_t type) { return type >= ORDER_HEARTBEAT && type <= ORDER_FAN; }

static uint32_t shortest(uint8_t type) {
  if (type == LINK_GET_EVENTS) return 4;
  if (type == ORDER_HEARTBEAT) return 2;
  return type == ORDER_FAN ? 1 : 0;
}

static uint8_t refuse(writer *to, uint8_t type, uint8_t error) {
  u8(to, type);
  u8(to, error);
  return LINK_ERROR;
}

/* Writes the answer's payload; returns its type. */
static uint8_t answer(writer *to, link_memory *memory, ctl *c, const link_board *board, const frame *request) {
  uint8_t type = request->type;
  if (request->version != FRAME_VERSION) return refuse(to, type, LINK_OTHER_VERSION);
  if (request->length < shortest(type)) return refuse(to, type, LINK_SHORT_PAYLOAD);
  if (is_order(type)) {
    u8(to, type);
    u8(to, order(memory, c, board->now_ms, request));
    return LINK_ACK;
  }
  switch (type) {
    case LINK_GET_INFO: info(to, c, board); return LINK_INFO;
    case LINK_GET_STATUS: status(to, c, board); return LINK_STATUS;
    case LINK_GET_EVENTS: events(to, c, u32_at(request->payload)); return LINK_EVENTS;
    default: return refuse(to, type, LINK_UNKNOWN_TYPE);
  }
}

uint32_t link_answer(link_memory *memory, ctl *c, const link_board *board, const frame *request, uint8_t *out) {
  writer payload;
  uint8_t type;
  if (request->type >= LINK_FIRST_ANSWER) return 0;
  payload.length = 0;
  type = answer(&payload, memory, c, board, request);
  return frame_encode(type, request->sequence, payload.bytes, (uint8_t)payload.length, out);
}
