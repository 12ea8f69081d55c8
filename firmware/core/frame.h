/* Frames of the link: magic, version, type, sequence, length, payload, CRC. docs/board.md has the table.
 *
 * The decoder takes bytes one by one and never believes what it cannot check: where a frame is wrong it lets go of one byte
 * and looks again in all that it holds, so a cut frame swallows no whole one behind it.
 */
#ifndef SOLEBOX_FRAME_H
#define SOLEBOX_FRAME_H
#include <stdint.h>

#define FRAME_MAGIC_0 0x53
#define FRAME_MAGIC_1 0xb0
#define FRAME_VERSION 1
#define FRAME_HEADER 6 /* magic 2, version, type, sequence, length */
#define FRAME_MOST_PAYLOAD 192
#define FRAME_MOST (FRAME_HEADER + FRAME_MOST_PAYLOAD + 2)

typedef struct frame {
  uint8_t version, type, sequence, length;
  uint8_t payload[FRAME_MOST_PAYLOAD];
} frame;

/* Owned by one reader. Zeroes are a fresh one. */
typedef struct frame_decoder {
  uint32_t good, bad, skipped; /* frames, frames whose length or CRC is wrong, bytes let go */
  uint16_t held;               /* bytes in window */
  uint8_t window[FRAME_MOST];
} frame_decoder;

/* CRC-16/CCITT-FALSE: poly 0x1021, init 0xffff, no reflection, no xor at the end. */
uint16_t frame_crc(const uint8_t *bytes, uint32_t length);

/* Writes a frame of FRAME_VERSION; returns its bytes, at most FRAME_MOST. length is at most FRAME_MOST_PAYLOAD. */
uint32_t frame_encode(uint8_t type, uint8_t sequence, const uint8_t *payload, uint8_t length, uint8_t *out);

/* Takes a byte. Returns 1 where *out now holds a frame whose CRC is right, of whatever version. Where one byte completes
 * several, the others come with frame_next. */
int frame_feed(frame_decoder *decoder, uint8_t byte, frame *out);

/* The next frame in what is held already; 0 where there is none. */
int frame_next(frame_decoder *decoder, frame *out);

/* Says that the line has been quiet: what has begun will not be completed, and is looked through for whole frames behind
 * its first byte. Call until it returns 0. */
int frame_quiet(frame_decoder *decoder, frame *out);

#endif
