/* Single functions of core/, for tests that hold them to something else. */
#ifndef SOLEBOX_PROBE_H
#define SOLEBOX_PROBE_H
#include "../core/frame.h"

int32_t probe_ntc_dc(uint32_t counts);

uint32_t probe_decoder_size(void);

/* Feeds a decoder that began as zeroes; each frame is written as version, type, sequence, length and its payload. Returns the
 * bytes written; frames that do not fit are lost. quiet says that the line has been quiet behind these bytes. */
uint32_t probe_decode(frame_decoder *decoder, const uint8_t *bytes, uint32_t length, int quiet, uint8_t *out, uint32_t room);

/* Frames, bad ones, bytes let go, bytes held: 0 to 3. */
uint32_t probe_decoder_count(const frame_decoder *decoder, uint32_t which);

uint32_t probe_encode(uint32_t type, uint32_t sequence, const uint8_t *payload, uint32_t length, uint8_t *out);

#endif
