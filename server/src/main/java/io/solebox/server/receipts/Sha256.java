package io.solebox.server.receipts;

import io.solebox.server.http.Digests;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Digests of what is no secret. */
final class Sha256 {
  private Sha256() {}

  static String of(String text) {
    return HexFormat.of().formatHex(Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
