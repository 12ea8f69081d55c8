package io.solebox.scout.page;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A picture that a browser may be given: of a kind that is told by its first bytes, whatever its
 * sender calls it, and not larger than a browser takes easily. SVG is none, as it is a program.
 *
 * @param type as in {@code image/png}
 */
record Picture(String type, byte[] bytes) {
  /** Of each side, in pixels: shown, it takes at most 16 MiB. */
  static final int MOST_SIDE = 2048;

  /** Width and height in pixels. */
  private record Size(int width, int height) {
    private boolean isFine() {
      return width > 0 && height > 0 && width <= MOST_SIDE && height <= MOST_SIDE;
    }
  }

  /** Empty where it is none, is too large, or is cut before its size. */
  static Optional<Picture> of(byte[] bytes) {
    var reader = new Reader(bytes);
    if (reader.begins(0, "\211PNG\r\n\032\n")) {
      return made("image/png", bytes, reader.begins(12, "IHDR") ? reader.png() : Optional.empty());
    }
    if (reader.begins(0, "\377\330\377")) {
      return made("image/jpeg", bytes, reader.jpeg());
    }
    if (reader.begins(0, "GIF87a") || reader.begins(0, "GIF89a")) {
      return made("image/gif", bytes, reader.gif());
    }
    if (reader.begins(0, "RIFF") && reader.begins(8, "WEBP")) {
      return made("image/webp", bytes, reader.webp());
    }
    return Optional.empty();
  }

  private static Optional<Picture> made(String type, byte[] bytes, Optional<Size> size) {
    return size.filter(Size::isFine).map(_ -> new Picture(type, bytes));
  }

  /** Finds sizes in heads; empty wherever the bytes end too early. */
  private record Reader(byte[] bytes) {
    private boolean begins(int at, String magic) {
      byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
      return has(at + wanted.length)
          && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private boolean has(int length) {
      return bytes.length >= length;
    }

    private int at(int place) {
      return bytes[place] & 0xff;
    }

    private int big16(int place) {
      return at(place) << 8 | at(place + 1);
    }

    private int little16(int place) {
      return at(place) | at(place + 1) << 8;
    }

    private int little24(int place) {
      return little16(place) | at(place + 2) << 16;
    }

    private Optional<Size> png() {
      return has(24) && big16(16) == 0 && big16(20) == 0
          ? Optional.of(new Size(big16(18), big16(22)))
          : Optional.empty();
    }

    private Optional<Size> gif() {
      return has(10) ? Optional.of(new Size(little16(6), little16(8))) : Optional.empty();
    }

    /** From segment to segment until the one with the frame's head. */
    private Optional<Size> jpeg() {
      for (int place = 2; has(place + 9) && at(place) == 0xff; ) {
        int marker = at(place + 1);
        boolean frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame) {
          return Optional.of(new Size(big16(place + 7), big16(place + 5)));
        }
        place += marker == 0xff ? 1 : 2 + big16(place + 2);
      }
      return Optional.empty();
    }

    private Optional<Size> webp() {
      if (!has(30)) {
        return Optional.empty();
      }
      if (begins(12, "VP8X")) {
        return Optional.of(new Size(little24(24) + 1, little24(27) + 1));
      }
      if (begins(12, "VP8L")) {
        int bits = little16(21) | little16(23) << 16;
        return Optional.of(new Size((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
      }
      return begins(12, "VP8 ")
          ? Optional.of(new Size(little16(26) & 0x3fff, little16(28) & 0x3fff))
          : Optional.empty();
    }
  }
}
