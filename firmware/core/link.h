/* What the board answers: one frame for each frame of a host, in its sequence; it says nothing unasked. */
#ifndef SOLEBOX_LINK_H
#define SOLEBOX_LINK_H
#include "ctl.h"
#include "frame.h"

/* Requests besides enum ctl_order, and answers. Multi-byte fields are little endian; receivers pass over what follows the
 * fields that they know, so that later versions of a payload may grow. */
enum link_type {
  LINK_GET_INFO = 0x01,
  LINK_GET_STATUS = 0x02,
  LINK_GET_EVENTS = 0x03, /* payload: u32, the first number wanted */
  LINK_INFO = 0x81,
  LINK_STATUS = 0x82,
  LINK_EVENTS = 0x83, /* at most LINK_MOST_EVENTS, oldest first; none where there are none from there on */
  LINK_ACK = 0x90,    /* to an order: u8 its type, u8 enum ctl_result */
  LINK_ERROR = 0x9f,  /* u8 the request's type, u8 enum link_error */
};
#define LINK_MOST_EVENTS 8
#define LINK_FIRST_ANSWER 0x80 /* types from here on are a board's, and a board answers none of them */

enum { LINK_FIRMWARE_MAJOR = 1, LINK_FIRMWARE_MINOR = 0, LINK_FIRMWARE_PATCH = 0 };

enum link_error {
  LINK_OTHER_VERSION = 1, /* of the frame; the answer's version is the board's */
  LINK_UNKNOWN_TYPE = 2,
  LINK_SHORT_PAYLOAD = 3,
};

/* LINK_INFO: u8 version of the link, u8[3] version of the firmware, u8 boot, u8 reset (0 power, 1 watchdog), u16 size of the
 * event log, char[16] board, ASCII, padded with zeroes; 24 bytes. Then its limits, 16 bytes: u16[2] mV within which 12 V must
 * stay, u16[2] of auxiliary, u16[2] of core, i16 0.1 C at which it throttles, i16 0.1 C at which it trips.
 *
 * LINK_STATUS, 38 bytes:
 *   0 u8 state, 1 u8 fault (latched), 2 u16 flags (enum link_flag),
 *   4 u16 mV 12 V, 6 u16 mV auxiliary, 8 u16 mV core, 10 i16 heat sink 0.1 C, 12 i16 controller 0.1 C,
 *   14 i16 host 0.1 C or CTL_NO_TEMPERATURE, 16 u8 fan duty %, 17 u8 least duty %, 18 u16[2] rpm, 22 u32 uptime s,
 *   26 u16 rest of uptime ms, 28 u16 ms since the last heartbeat (0xffff: none, or longer), 30 u32 number of the last event,
 *   34 u16 bad frames so far, saturating, 36 u8 boot, 37 u8 0.
 *
 * LINK_EVENTS: events of 16 bytes, as ctl_event. */
enum link_flag {
  LINK_FLAG_EN_AUX = 1 << 0,
  LINK_FLAG_EN_CORE = 1 << 1,
  LINK_FLAG_EN_MODULE = 1 << 2,
  LINK_FLAG_PERST_RELEASED = 1 << 3,
  LINK_FLAG_THROTTLE = 1 << 4,
  LINK_FLAG_PSU_GOOD = 1 << 5,
  LINK_FLAG_VRM_GOOD = 1 << 6,
  LINK_FLAG_THERMTRIP = 1 << 7,
  LINK_FLAG_BUTTON = 1 << 8,
  LINK_FLAG_HOST_EXPECTED = 1 << 9,  /* heartbeats came, and no goodbye since */
  LINK_FLAG_HOST_LATE = 1 << 10,
  LINK_FLAG_STOP_ASKED = 1 << 11,    /* the host is asked to stop (STOPPING) */
};

/* Remembers the last order, so that one that was sent again because its answer was lost is not done again: the same type,
 * sequence and payload as the one before, within LINK_REMEMBERED_MS, gets the same answer. Heartbeats are not remembered.
 * Zeroes are a fresh one. */
#define LINK_REMEMBERED_MS 2000
typedef struct link_memory {
  uint32_t at_ms;
  uint8_t known, type, sequence, result;
  uint16_t crc;
  uint16_t reserved;
} link_memory;

/* What only the owner of the line knows. */
typedef struct link_board {
  char name[16];       /* padded with zeroes */
  uint32_t now_ms;     /* as in ctl_in */
  uint32_t bad_frames; /* the decoder's */
} link_board;

/* Writes the answer to a frame that was decoded, of whatever version; returns its bytes, at most FRAME_MOST, and 0 where the
 * frame is an answer itself, as on a line that echoes. */
uint32_t link_answer(link_memory *memory, ctl *c, const link_board *board, const frame *request, uint8_t *out);

#endif
