package io.solebox.server.accounts.totp;

import io.solebox.server.http.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A code on paper that stands in for the authenticator once. It has 120 bits of chance, so that a
 * plain SHA-256 of it keeps it: no list of likely codes exists.
 *
 * @param text as it is shown, in groups of four
 */
public record RecoveryCode(String text) {
  /** How many somebody gets at once. */
  public static final int COUNT = 10;

  private static final int GROUPS = 6;
  private static final int GROUP = 4;

  /** A new set, to be shown once. */
  public static List<RecoveryCode> fresh(SecureRandom random) {
    List<RecoveryCode> codes = new ArrayList<>();
    while (codes.size() < COUNT) {
      List<String> groups = new ArrayList<>();
      while (groups.size() < GROUPS) {
        groups.add(Base32.random(random, GROUP));
      }
      codes.add(new RecoveryCode(String.join("-", groups)));
    }
    return codes;
  }

  /** What is kept of it; how it was typed, with which case and which lines, changes nothing. */
  public String digest() {
    String bare = text.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "");
    byte[] digest = Digests.sha256().digest(bare.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  /** Says nothing of the code. */
  @Override
  public String toString() {
    return "RecoveryCode";
  }
}
