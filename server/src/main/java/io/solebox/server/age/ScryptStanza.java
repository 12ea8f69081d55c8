package io.solebox.server.age;

import io.solebox.server.seal.Passphrase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The key of a file, wrapped by a passphrase. */
final class ScryptStanza {
  static final String KIND = "scrypt";

  /** Work of about a second, as the program age takes it. */
  static final int LOG_WORK = 18;

  /** More would let a file take minutes and gigabytes before it is known what it is. */
  private static final int MOST_LOG_WORK = 20;

  private static final int SALT_BYTES = 16;
  private static final byte[] LABEL =
      "age-encryption.org/v1/scrypt".getBytes(StandardCharsets.US_ASCII);

  private ScryptStanza() {}

  static Stanza wrap(Passphrase passphrase, byte[] fileKey) {
    byte[] salt = AgeCrypto.random(SALT_BYTES);
    byte[] key = passphrase.scrypt(AgeCrypto.join(LABEL, salt), LOG_WORK);
    return new Stanza(
        List.of(KIND, AgeHeader.base64(salt), Integer.toString(LOG_WORK)),
        AgeCrypto.wrap(key, fileKey));
  }

  /** Empty where that is not the passphrase. */
  static Optional<byte[]> unwrap(Stanza stanza, Passphrase.Source passphrase, String place) {
    List<String> words = stanza.arguments();
    if (words.size() != 3 || !words.get(2).matches("[1-9][0-9]?")) {
      throw AgeFault.damaged(place, "what it says of its passphrase cannot be read");
    }
    byte[] salt = AgeHeader.bytes(words.get(1), place);
    int work = Integer.parseInt(words.get(2));
    if (salt.length != SALT_BYTES || work > MOST_LOG_WORK) {
      throw AgeFault.damaged(place, "its passphrase would take 2^%d of work".formatted(work));
    }
    byte[] key = passphrase.ask().scrypt(AgeCrypto.join(LABEL, salt), work);
    return AgeCrypto.unwrap(key, stanza.body());
  }
}
