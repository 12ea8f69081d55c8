#!/usr/bin/env bash
# Builds the firmware: firmware/target/solebox-board.elf, .bin and .uf2, and says how much flash and memory it takes.
# Needs gcc-arm-none-eabi, and a C compiler of this machine.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
target=${1:-target}
mkdir -p "$target"
arm=${ARM:-arm-none-eabi-}
flags=(-mcpu=cortex-m0plus -mthumb -std=gnu11 -Os -g -ffreestanding -ffunction-sections -fdata-sections
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wstack-usage=1024)
link=(-nostdlib -Wl,--gc-sections -Wl,--fatal-warnings -T rp2040/rp2040.ld)

"${CC:-cc}" -O1 -Wall -Wextra -Werror -o "$target/image" tools/image.c

# The second stage is linked into the program with its checksum, so that the ELF, too, is what a flash holds.
"${arm}gcc" "${flags[@]}" -c -o "$target/boot2.o" rp2040/boot2.S
"${arm}objcopy" -O binary -j .boot2 "$target/boot2.o" "$target/boot2.bin"
"$target/image" boot2 "$target/boot2.bin" "$target/boot2.padded"
printf '.section .boot2, "a"\n.incbin "%s"\n' "$target/boot2.padded" |
  "${arm}gcc" "${flags[@]}" -c -x assembler -o "$target/boot2.padded.o" -

"${arm}gcc" "${flags[@]}" "${link[@]}" -Wl,-Map="$target/solebox-board.map" -o "$target/solebox-board.elf" \
  "$target/boot2.padded.o" rp2040/*.c core/*.c -lgcc
"${arm}objcopy" -O binary "$target/solebox-board.elf" "$target/solebox-board.bin"
"$target/image" uf2 "$target/solebox-board.bin" "$target/solebox-board.uf2"

"${arm}size" -A "$target/solebox-board.elf" | awk '
  $1 == ".boot2" || $1 == ".first" || $1 == ".data" { flash += $2 }
  $1 == ".stack" || $1 == ".kept" || $1 == ".data" || $1 == ".bss" { memory += $2 }
  END { printf "solebox-board.uf2: %d bytes of flash, %d bytes of memory\n", flash, memory }'
