package io.solebox.server.accounts.totp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes that change every 30 seconds (RFC 6238 with SHA-1 and 6 digits, which is what authenticator
 * apps have in common). Remembers nothing: which codes were used is told to it.
 */
public final class Totp {
  /** Of a secret: as long as the digest that it goes into, as RFC 4226 section 4 advises. */
  public static final int SECRET_BYTES = 20;

  private static final int STEP_SECONDS = 30;
  private static final int DIGITS = 6;
  private static final int POWER = 1_000_000;

  /** Clocks of telephones go wrong by about this many steps, and people type slowly. */
  private static final int SKEW_STEPS = 1;

  private final byte[] secret;

  public Totp(byte[] secret) {
    this.secret = secret.clone();
  }

  /** One with a new secret. */
  public static Totp random(SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new Totp(secret);
  }

  public byte[] secret() {
    return secret.clone();
  }

  /** The step that a moment lies in. */
  public static long step(Instant moment) {
    return Math.floorDiv(moment.getEpochSecond(), STEP_SECONDS);
  }

  /** The code of a step. */
  public String code(long step) {
    byte[] hash = hmac(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
    int offset = hash[hash.length - 1] & 0xf;
    int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
    String digits = Integer.toString(number % POWER);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /**
   * The step that a code is of, among the one of {@code now} and its neighbours; empty where it is
   * of none of them, or of one that was used. Looks at all of them, whichever matches.
   *
   * @param code as typed; spaces in it count for nothing
   * @param lastUsed no code of this step or an earlier one is taken again (RFC 6238 section 5.2)
   */
  public OptionalLong accept(String code, Instant now, OptionalLong lastUsed) {
    byte[] given = code.replace(" ", "").getBytes(StandardCharsets.UTF_8);
    OptionalLong found = OptionalLong.empty();
    for (long step = step(now) - SKEW_STEPS; step <= step(now) + SKEW_STEPS; step++) {
      boolean equal = MessageDigest.isEqual(given, code(step).getBytes(StandardCharsets.UTF_8));
      boolean fresh = lastUsed.isEmpty() || step > lastUsed.getAsLong();
      found = equal && fresh ? OptionalLong.of(step) : found;
    }
    return found;
  }

  private byte[] hmac(byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "RAW"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Totp totp && MessageDigest.isEqual(secret, totp.secret);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(secret);
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "Totp";
  }
}
