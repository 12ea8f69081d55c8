package io.solebox.server.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as they are kept: Argon2id (<a href="https://www.rfc-editor.org/rfc/rfc9106">RFC
 * 9106</a>) with 19 MiB, two passes and one lane, the least that OWASP's password storage cheat
 * sheet names, as PHC strings. At most two are computed at once, so that a crowd at the door takes
 * neither memory nor cores from answers. Safe for many threads.
 */
public final class Passwords {
  private static final int MEMORY_KIB = 19 << 10;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** What another version may have written; more than that nobody computes. */
  private static final int MOST_MEMORY_KIB = 256 << 10;

  private static final int MOST_PASSES = 16;

  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=1\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private final Semaphore turns = new Semaphore(2, true);
  private final SecureRandom random = new SecureRandom();

  /** What is computed for whoever has no password, so that the time tells nothing. */
  private final String nobodys;

  public Passwords() {
    byte[] salt = new byte[SALT_BYTES];
    nobodys = phc(MEMORY_KIB, PASSES, salt, new byte[HASH_BYTES]);
  }

  /** What is kept of a password. */
  public String hash(String password) throws InterruptedException {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return phc(MEMORY_KIB, PASSES, salt, compute(password, MEMORY_KIB, PASSES, salt, HASH_BYTES));
  }

  /**
   * Whether it is the password; takes as long where there is none.
   *
   * @param kept as {@link #hash} made it; empty for whoever has no password, or is nobody
   */
  public boolean matches(String password, Optional<String> kept) throws InterruptedException {
    Matcher phc = PHC.matcher(kept.orElse(nobodys));
    if (!phc.matches()
        || Integer.parseInt(phc.group(1)) > MOST_MEMORY_KIB
        || Integer.parseInt(phc.group(2)) > MOST_PASSES) {
      throw new IllegalStateException("a password that this version has not hashed");
    }
    byte[] salt = Base64.getDecoder().decode(phc.group(3));
    byte[] hash = Base64.getDecoder().decode(phc.group(4));
    byte[] given =
        compute(
            password,
            Integer.parseInt(phc.group(1)),
            Integer.parseInt(phc.group(2)),
            salt,
            hash.length);
    return MessageDigest.isEqual(hash, given) && kept.isPresent();
  }

  private byte[] compute(String password, int memoryKib, int passes, byte[] salt, int length)
      throws InterruptedException {
    // One and the same text can be typed as different characters.
    byte[] text =
        Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    turns.acquire();
    try {
      Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
      argon2.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(memoryKib)
              .withIterations(passes)
              .withParallelism(LANES)
              .withSalt(salt)
              .build());
      byte[] hash = new byte[length];
      argon2.generateBytes(text, hash);
      return hash;
    } finally {
      turns.release();
      Arrays.fill(text, (byte) 0);
    }
  }

  private static String phc(int memoryKib, int passes, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, LANES, base64.encodeToString(salt), base64.encodeToString(hash));
  }
}
