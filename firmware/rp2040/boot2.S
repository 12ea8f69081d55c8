/* The second stage. The boot ROM copies these 252 bytes and their CRC to the top of the memory and jumps there; it sets the
 * flash interface to plain serial reads (command 03h), which every NOR flash knows, and enters the program by its vectors.
 *
 * RP2040 datasheet, 2.8.1 (boot sequence) and 4.10 (SSI). */
.syntax unified
.cpu cortex-m0plus
.thumb

.equ XIP_SSI_BASE, 0x18000000
.equ SSI_CTRLR0, 0x00
.equ SSI_CTRLR1, 0x04
.equ SSI_SSIENR, 0x08
.equ SSI_BAUDR, 0x14
.equ SSI_SPI_CTRLR0, 0xf4
.equ M0PLUS_VTOR, 0xe000ed08
.equ VECTORS, 0x10000100

.section .boot2, "ax"
.global boot2
boot2:
  ldr r3, =XIP_SSI_BASE
  movs r1, #0
  str r1, [r3, #SSI_SSIENR]
  movs r1, #4 /* 125 MHz / 4: 03h is good for 33 MHz at least */
  str r1, [r3, #SSI_BAUDR]
  ldr r1, =0x001f0300 /* frames of 32 bits, read as from an EEPROM, one wire */
  str r1, [r3, #SSI_CTRLR0]
  movs r1, #0
  str r1, [r3, #SSI_CTRLR1]
  ldr r0, =XIP_SSI_BASE + SSI_SPI_CTRLR0
  ldr r1, =0x03000218 /* command 03h, 8 bits of it, 24 bits of address */
  str r1, [r0]
  movs r1, #1
  str r1, [r3, #SSI_SSIENR]

  ldr r0, =VECTORS
  ldr r1, =M0PLUS_VTOR
  str r0, [r1]
  ldmia r0, {r0, r1}
  msr msp, r0
  bx r1
.ltorg
