/* What the firmware's build needs besides a compiler.
 *
 *   image boot2 IN OUT       pads a second stage to 252 bytes and appends its CRC, which the boot ROM looks at
 *   image uf2 IN OUT         packs a flash image for the boot ROM's USB drive (github.com/microsoft/uf2)
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOOT2 256
#define MOST (2u << 20)
#define FLASH 0x10000000u
#define FAMILY_RP2040 0xe48bff56u
#define FAMILY_PRESENT 0x2000u
#define BLOCK 512
#define PAYLOAD 256

static void fail(const char *what, const char *name) {
  fprintf(stderr, "image: %s: %s\n", name, what);
  exit(1);
}

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> 8 * i);
}

/* RP2040 datasheet, 2.8.1.3.1: CRC-32, polynomial 0x04c11db7, all ones to begin with, neither reflected nor inverted. */
static uint32_t checksum(const uint8_t *bytes, uint32_t length) {
  uint32_t crc = 0xffffffff;
  for (uint32_t i = 0; i < length; i++) {
    crc ^= (uint32_t)bytes[i] << 24;
    for (int bit = 0; bit < 8; bit++) crc = crc & 0x80000000u ? crc << 1 ^ 0x04c11db7u : crc << 1;
  }
  return crc;
}

static void boot2(uint8_t *bytes, uint32_t length, FILE *out, const char *name) {
  if (length > BOOT2 - 4) fail("the second stage is longer than 252 bytes", name);
  put32(bytes + BOOT2 - 4, checksum(bytes, BOOT2 - 4));
  fwrite(bytes, 1, BOOT2, out);
}

static void uf2(const uint8_t *bytes, uint32_t length, FILE *out) {
  uint32_t blocks = (length + PAYLOAD - 1) / PAYLOAD;
  for (uint32_t number = 0; number < blocks; number++) {
    uint8_t block[BLOCK] = {0};
    const uint32_t head[] = {0x0a324655, 0x9e5d5157, FAMILY_PRESENT, FLASH + number * PAYLOAD, PAYLOAD,
                             number,     blocks,     FAMILY_RP2040};
    for (uint32_t i = 0; i < sizeof head / sizeof *head; i++) put32(block + 4 * i, head[i]);
    memcpy(block + sizeof head, bytes + number * PAYLOAD, PAYLOAD);
    put32(block + BLOCK - 4, 0x0ab16f30);
    fwrite(block, 1, BLOCK, out);
  }
}

int main(int count, char **arguments) {
  if (count != 4 || (strcmp(arguments[1], "boot2") && strcmp(arguments[1], "uf2"))) {
    fputs("usage: image boot2|uf2 IN OUT\n", stderr);
    return 2;
  }
  uint8_t *bytes = calloc(1, MOST + PAYLOAD);
  FILE *in = fopen(arguments[2], "rb"), *out = fopen(arguments[3], "wb");
  if (!bytes || !in) fail("cannot be read", arguments[2]);
  if (!out) fail("cannot be written", arguments[3]);
  uint32_t length = (uint32_t)fread(bytes, 1, MOST + 1, in);
  if (length > MOST || length == 0) fail("is empty, or larger than the flash", arguments[2]);
  if (!strcmp(arguments[1], "boot2"))
    boot2(bytes, length, out, arguments[2]);
  else
    uf2(bytes, length, out);
  if (ferror(in) || fclose(out)) fail("was not written whole", arguments[3]);
  return 0;
}
