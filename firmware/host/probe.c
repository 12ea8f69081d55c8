/* Doors to core/ for tests. */
#include "probe.h"
#include "../core/ctl.h"

#define PUBLIC __attribute__((visibility("default")))

PUBLIC int32_t probe_ntc_dc(uint32_t counts) { return ctl_ntc_dc((uint16_t)counts); }

PUBLIC uint32_t probe_decoder_size(void) { return sizeof(frame_decoder); }

static uint32_t write(const frame *got, uint8_t *out, uint32_t room) {
  if (4u + got->length > room) return 0;
  out[0] = got->version;
  out[1] = got->type;
  out[2] = got->sequence;
  out[3] = got->length;
  for (uint32_t i = 0; i < got->length; i++) out[4 + i] = got->payload[i];
  return 4u + got->length;
}

PUBLIC uint32_t probe_decode(frame_decoder *decoder, const uint8_t *bytes, uint32_t length, int quiet, uint8_t *out,
                             uint32_t room) {
  uint32_t written = 0;
  frame got;
  for (uint32_t i = 0; i < length; i++) {
    int found = frame_feed(decoder, bytes[i], &got);
    while (found) {
      written += write(&got, out + written, room - written);
      found = frame_next(decoder, &got);
    }
  }
  while (quiet && frame_quiet(decoder, &got)) written += write(&got, out + written, room - written);
  return written;
}

PUBLIC uint32_t probe_decoder_count(const frame_decoder *decoder, uint32_t which) {
  switch (which) {
    case 0: return decoder->good;
    case 1: return decoder->bad;
    case 2: return decoder->skipped;
    default: return decoder->held;
  }
}

PUBLIC uint32_t probe_encode(uint32_t type, uint32_t sequence, const uint8_t *payload, uint32_t length, uint8_t *out) {
  return frame_encode((uint8_t)type, (uint8_t)sequence, payload, (uint8_t)length, out);
}
