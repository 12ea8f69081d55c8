package io.solebox.server.age;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.Passphrase;

/** For whom a file is written. */
public sealed interface AgeLock {
  /** Whoever knows a passphrase. */
  record ForPassphrase(Passphrase passphrase) implements AgeLock {}

  /**
   * Whoever has the secret key of a public one.
   *
   * @param key of X25519, 32 bytes
   */
  record ForKey(byte[] key) implements AgeLock {
    private static final String PREFIX = "age";

    /**
     * That of a text.
     *
     * @param text as in {@code age1…}
     * @throws SoleboxException {@code INVALID_PARAMETER} where it is none
     */
    public static ForKey parse(String text) {
      return Bech32.read(PREFIX, text)
          .filter(key -> key.length == AgeCrypto.KEY_BYTES)
          .map(ForKey::new)
          .orElseThrow(
              () ->
                  new SoleboxException(
                      ErrorCode.INVALID_PARAMETER,
                      text,
                      "This is no public key of age.",
                      "Give the line that begins with age1, as 'age-keygen' shows it."));
    }

    @Override
    public String toString() {
      return Bech32.write(PREFIX, key);
    }
  }
}
