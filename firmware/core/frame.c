/* Frames, written and read. */
#include "frame.h"

enum { VERSION = 2, TYPE = 3, SEQUENCE = 4, LENGTH = 5, CRC = 2 };

/* CRC-16 of a nibble, four shifts at once: a bit at a time takes too long at a megabaud. */
static const uint16_t nibbles[16] = {0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7,
                                     0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad, 0xe1ce, 0xf1ef};

uint16_t frame_crc(const uint8_t *bytes, uint32_t length) {
  uint32_t crc = 0xffff;
  for (uint32_t i = 0; i < length; i++) {
    crc = ((crc << 4) & 0xffff) ^ nibbles[(crc >> 12) ^ (bytes[i] >> 4)];
    crc = ((crc << 4) & 0xffff) ^ nibbles[(crc >> 12) ^ (bytes[i] & 15u)];
  }
  return (uint16_t)crc;
}

uint32_t frame_encode(uint8_t type, uint8_t sequence, const uint8_t *payload, uint8_t length, uint8_t *out) {
  uint32_t end = FRAME_HEADER + (uint32_t)length;
  uint16_t crc;
  out[0] = FRAME_MAGIC_0;
  out[1] = FRAME_MAGIC_1;
  out[VERSION] = FRAME_VERSION;
  out[TYPE] = type;
  out[SEQUENCE] = sequence;
  out[LENGTH] = length;
  for (uint32_t i = 0; i < length; i++) out[FRAME_HEADER + i] = payload[i];
  crc = frame_crc(out, end);
  out[end] = (uint8_t)crc;
  out[end + 1] = (uint8_t)(crc >> 8);
  return end + CRC;
}

static void drop(frame_decoder *decoder, uint32_t count) {
  decoder->held = (uint16_t)(decoder->held - count);
  for (uint32_t i = 0; i < decoder->held; i++) decoder->window[i] = decoder->window[i + count];
}

/* Lets go of what cannot begin a frame: everything before the next magic, or before a first half of it at the end. */
static void skip_to_magic(frame_decoder *decoder, uint32_t from) {
  const uint8_t *window = decoder->window;
  uint32_t at = from;
  while (at < decoder->held &&
         !(window[at] == FRAME_MAGIC_0 && (at + 1u == decoder->held || window[at + 1] == FRAME_MAGIC_1)))
    at++;
  if (at == 0) return;
  decoder->skipped += at;
  drop(decoder, at);
}

static void take(frame_decoder *decoder, frame *out) {
  const uint8_t *window = decoder->window;
  out->version = window[VERSION];
  out->type = window[TYPE];
  out->sequence = window[SEQUENCE];
  out->length = window[LENGTH];
  for (uint32_t i = 0; i < out->length; i++) out->payload[i] = window[FRAME_HEADER + i];
  decoder->good++;
  drop(decoder, FRAME_HEADER + (uint32_t)out->length + CRC);
}

int frame_next(frame_decoder *decoder, frame *out) {
  const uint8_t *window = decoder->window;
  skip_to_magic(decoder, 0);
  while (decoder->held >= FRAME_HEADER) {
    uint32_t length = window[LENGTH], end = FRAME_HEADER + length;
    int sane = length <= FRAME_MOST_PAYLOAD;
    if (sane && decoder->held < end + CRC) return 0;
    if (sane && frame_crc(window, end) == (window[end] | window[end + 1] << 8)) {
      take(decoder, out);
      return 1;
    }
    decoder->bad++;
    skip_to_magic(decoder, 1);
  }
  return 0;
}

int frame_feed(frame_decoder *decoder, uint8_t byte, frame *out) {
  decoder->window[decoder->held++] = byte;
  return frame_next(decoder, out);
}

int frame_quiet(frame_decoder *decoder, frame *out) {
  if (frame_next(decoder, out)) return 1; /* behind the one that the call before found */
  while (decoder->held) {
    if (decoder->held >= 2) decoder->bad++;
    skip_to_magic(decoder, 1);
    if (frame_next(decoder, out)) return 1;
  }
  return 0;
}
