package io.solebox.server.accounts;

import io.solebox.server.http.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** Random texts that open something, and what is kept of them. */
public final class Secrets {
  private static final int TOKEN_BYTES = 32;
  private static final int ID_BYTES = 12;

  /** Crockford's base 32: nothing in it looks like something else. */
  private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private static final int CODE_LETTERS = 25;
  private static final int GROUP = 5;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** 256 bits, for programs. */
  public static String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** 125 bits that people can type, as in {@code 7Q2FK-...}. */
  public static String code() {
    return code(CODE_LETTERS);
  }

  /**
   * A shorter one, for what is good for minutes and for a few tries.
   *
   * @param letters of 5 bits each
   */
  public static String code(int letters) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < letters; i++) {
      if (i > 0 && i % GROUP == 0) {
        code.append('-');
      }
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  /** As the code was made, however it was typed. */
  public static String typed(String code) {
    return code.toUpperCase(Locale.ROOT)
        .replaceAll("[^0-9A-Z]", "")
        .replace('O', '0')
        .replace('I', '1')
        .replace('L', '1')
        .replaceAll("(.{5})(?=.)", "$1-");
  }

  /** What nothing else is called, as in {@code user_0123456789abcdef01234567}. */
  static String id(String kind) {
    byte[] bytes = new byte[ID_BYTES];
    RANDOM.nextBytes(bytes);
    return kind + "_" + HexFormat.of().formatHex(bytes);
  }

  /** SHA-256, in hexadecimal. What is random needs no slower one. */
  public static String digest(String secret) {
    return HexFormat.of()
        .formatHex(Digests.sha256().digest(secret.getBytes(StandardCharsets.UTF_8)));
  }
}
