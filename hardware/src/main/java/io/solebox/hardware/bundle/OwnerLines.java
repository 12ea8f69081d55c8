package io.solebox.hardware.bundle;

import java.nio.charset.StandardCharsets;

/** What the owner says of the box, as far as it may leave it. */
final class OwnerLines {
  private OwnerLines() {}

  /** Without the plug: no check reads its address, its user, and where its password lies. */
  static byte[] withoutPlug(byte[] lines) {
    String text = new String(lines, StandardCharsets.ISO_8859_1);
    return text.replaceAll("(?m)^[ \\t]*plug.*(?:\\R|\\z)", "")
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
