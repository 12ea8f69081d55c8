/* Hostile bytes into everything of core/ that takes them, and then half an hour of sim_run: for a build with sanitizers, which
 * end the program where memory or arithmetic goes wrong. Says what it did; ends with 1 where a frame that was whole is not
 * found, or the board breaks a rule.
 *
 *   fuzz SEED FRAMES
 */
#include "../parts.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct bytes {
  uint32_t length;
  uint8_t at[4 * FRAME_MOST];
} bytes;

static void put_frame(bytes *to, uint64_t *random) {
  static const uint8_t types[] = {1, 2, 3, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x82, 0xff};
  uint8_t payload[FRAME_MOST_PAYLOAD];
  uint32_t length = below(random, 4) ? below(random, 9) : below(random, FRAME_MOST_PAYLOAD + 1);
  for (uint32_t i = 0; i < length; i++) payload[i] = (uint8_t)draw(random);
  to->length += frame_encode(types[below(random, sizeof types)], (uint8_t)draw(random), payload, (uint8_t)length,
                             to->at + to->length);
}

static void put_noise(bytes *to, uint64_t *random) {
  uint32_t length = below(random, 40);
  for (uint32_t i = 0; i < length; i++) {
    uint8_t byte = (uint8_t)draw(random);
    if (below(random, 3) == 0) byte = i % 2 ? FRAME_MAGIC_1 : FRAME_MAGIC_0;
    to->at[to->length++] = byte;
  }
}

/* Random, whole, with a bit changed, cut in front or behind, or two joined in the middle. */
static void hostile(bytes *to, uint64_t *random) {
  uint32_t cut;
  to->length = 0;
  switch (below(random, 6)) {
    case 0: put_noise(to, random); break;
    case 1: put_frame(to, random); break;
    case 2:
      put_frame(to, random);
      to->at[below(random, to->length)] ^= (uint8_t)(1u << below(random, 8));
      break;
    case 3:
      put_frame(to, random);
      to->length = 1 + below(random, to->length);
      break;
    case 4:
      put_frame(to, random);
      cut = below(random, to->length);
      to->length -= cut;
      memmove(to->at, to->at + cut, to->length);
      break;
    default:
      put_frame(to, random);
      to->length = 1 + below(random, to->length);
      put_frame(to, random);
      break;
  }
}

/* Exactly as long as it is, so that what reads beyond its end is found. */
static uint32_t feed(sim *board, const bytes *from, uint8_t *answers) {
  uint8_t *copy = malloc(from->length ? from->length : 1);
  uint32_t written;
  memcpy(copy, from->at, from->length);
  written = sim_feed(board, copy, from->length, answers, 100 * FRAME_MOST);
  free(copy);
  return written;
}

/* After silence a whole frame is found, whatever came before. */
static int finds(sim *board, uint8_t *answers) {
  uint8_t whole[FRAME_MOST];
  bytes question;
  sim_quiet(board, answers, 100 * FRAME_MOST);
  question.length = frame_encode(LINK_GET_STATUS, 77, whole, 0, question.at);
  return feed(board, &question, answers) == FRAME_HEADER + 38 + 2 && answers[3] == LINK_STATUS && answers[4] == 77;
}

int main(int count, char **arguments) {
  uint64_t random = count > 1 ? strtoull(arguments[1], 0, 0) : 1;
  uint32_t frames = count > 2 ? (uint32_t)strtoul(arguments[2], 0, 0) : 1000000;
  sim *board = malloc(sim_size());
  uint8_t *answers = malloc(100 * FRAME_MOST);
  uint64_t fed = 0, answered = 0;
  uint32_t violations;
  bytes piece;
  sim_start(board, random, 0);
  for (uint32_t i = 0; i < frames; i++) {
    hostile(&piece, &random);
    fed += piece.length;
    answered += feed(board, &piece, answers);
    if (i % 8 == 0) sim_step(board, 1 + below(&random, 50));
    if (i % 64 == 0 && !finds(board, answers)) {
      printf("a whole frame was not found after %u pieces\n", i);
      return 1;
    }
  }
  sim_run(board, 30 * 60 * 1000);
  printf("%u pieces, %llu bytes, %u frames found, %u bad, %u bytes let go, %llu bytes answered, %u violations\n", frames,
         (unsigned long long)fed, board->decoder.good, board->decoder.bad, board->decoder.skipped, (unsigned long long)answered,
         board->judge.total);
  violations = board->judge.total;
  free(board);
  free(answers);
  return violations != 0;
}
