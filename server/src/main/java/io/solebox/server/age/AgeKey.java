package io.solebox.server.age;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.Passphrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** With what somebody opens a file. */
public sealed interface AgeKey {
  /** What they know, and are asked for where the file takes one. */
  record ByPassphrase(Passphrase.Source passphrase) implements AgeKey {}

  /**
   * What they have: one of these must fit.
   *
   * @param secrets of X25519, 32 bytes each
   */
  record BySecrets(List<byte[]> secrets) implements AgeKey {
    private static final String PREFIX = "age-secret-key-";

    public BySecrets {
      secrets = List.copyOf(secrets);
    }

    /**
     * Those of a file, as {@code age-keygen} writes it: one in each line, and remarks.
     *
     * @throws SoleboxException {@code INVALID_PARAMETER} where there is none in it, {@code
     *     IO_ERROR}
     */
    public static BySecrets read(Path file) {
      List<byte[]> secrets = new ArrayList<>();
      try {
        for (String line : Files.readAllLines(file)) {
          Bech32.read(PREFIX, line.strip())
              .filter(key -> key.length == AgeCrypto.KEY_BYTES)
              .ifPresent(secrets::add);
        }
      } catch (IOException e) {
        throw new SoleboxException(
            ErrorCode.IO_ERROR,
            file.toString(),
            "It cannot be read: " + e.getMessage() + ".",
            "Give the file that 'age-keygen' has written.",
            e);
      }
      if (secrets.isEmpty()) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            "There is no secret key of age in it.",
            "Give the file that 'age-keygen' has written; a line begins with AGE-SECRET-KEY-1.");
      }
      return new BySecrets(secrets);
    }

    @Override
    public String toString() {
      return secrets.size() + " secret keys";
    }
  }
}
