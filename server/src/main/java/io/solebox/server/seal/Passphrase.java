package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** What a person knows, and what becomes a key by long work. */
public final class Passphrase {
  private static final int LEAST_CHARACTERS = 8;

  /** Tells a passphrase when it is needed; it may ask somebody. */
  @FunctionalInterface
  public interface Source {
    /**
     * @throws SoleboxException if there is nobody to ask
     */
    Passphrase ask();
  }

  /** Nobody knows one. */
  public static final Source NONE =
      () -> {
        throw new SoleboxException(
            ErrorCode.ACCESS_DENIED,
            "state-passphrase",
            "What is kept here is locked with a passphrase.",
            "Give --state-passphrase-file FILE, or start at a terminal, which asks for it.");
      };

  /**
   * How much work it is; kept beside what it locks, so that it can grow.
   *
   * <p>Source: RFC 9106, Argon2id, whose second recommended choice this is.
   */
  record Work(int kibibytes, int passes, int lanes) {
    static final Work USUAL = new Work(64 << 10, 3, 4);

    boolean isSane() {
      return kibibytes >= 8
          && kibibytes <= 4 << 20
          && passes >= 1
          && passes <= 100
          && lanes >= 1
          && lanes <= 64;
    }
  }

  private final char[] characters;

  private Passphrase(char[] characters) {
    this.characters = characters;
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if anybody could guess it
   */
  public static Passphrase of(char[] characters) {
    if (characters.length < LEAST_CHARACTERS) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "passphrase",
          "It has %d characters, but at least %d make one."
              .formatted(characters.length, LEAST_CHARACTERS),
          "Take several words that nobody else puts side by side.");
    }
    return new Passphrase(characters.clone());
  }

  SecretKey key(byte[] salt, Work work) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withSalt(salt)
            .withMemoryAsKB(work.kibibytes())
            .withIterations(work.passes())
            .withParallelism(work.lanes())
            .build());
    byte[] key = new byte[SecretKey.BYTES];
    generator.generateBytes(characters, key);
    return new SecretKey(key);
  }

  /**
   * The key of 32 bytes that it makes in formats of others (RFC 7914, scrypt with blocks of 8).
   *
   * @param logWork 2 to its power rounds, in a kibibyte of memory each
   */
  public byte[] scrypt(byte[] salt, int logWork) {
    byte[] utf8 = new String(characters).getBytes(StandardCharsets.UTF_8);
    return SCrypt.generate(utf8, salt, 1 << logWork, 8, 1, SecretKey.BYTES);
  }

  /** Whether it is the same. */
  public boolean matches(Passphrase other) {
    return Arrays.equals(characters, other.characters);
  }

  @Override
  public String toString() {
    return "a passphrase";
  }
}
