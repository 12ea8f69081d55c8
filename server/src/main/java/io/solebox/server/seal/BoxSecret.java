package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The key of a box, which wraps the keys of its owners. It lies in {@code box.key} beside the
 * database, as it is or wrapped by a passphrase:
 *
 * <pre>
 * solebox-box-key 1
 * key BASE64
 * </pre>
 *
 * or, in place of the second line, {@code argon2id KIBIBYTES PASSES LANES SALT SEALED}.
 */
final class BoxSecret {
  static final String FILE = "box.key";

  private static final String FIRST_LINE = "solebox-box-key 1";
  private static final byte[] BOUND = FIRST_LINE.getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_BYTES = 16;

  private final SecretKey key;

  private BoxSecret(SecretKey key) {
    this.key = key;
  }

  /** That of a folder; empty where it has none. */
  static Optional<BoxSecret> find(Path folder, Passphrase.Source passphrase) {
    SecretFile file = new SecretFile(folder.resolve(FILE));
    return file.read().map(text -> read(text, file.path(), passphrase));
  }

  /** That of a folder, which is made where there is none. */
  static BoxSecret findOrMake(Path folder, Passphrase.Source passphrase) {
    Optional<BoxSecret> found = find(folder, passphrase);
    if (found.isPresent()) {
      return found.get();
    }
    new SecretFile(folder.resolve(FILE)).make(new BoxSecret(SecretKey.random()).plain());
    return find(folder, passphrase).orElseThrow(); // somebody else may have been first
  }

  /** Whether the one of a folder takes a passphrase. */
  static boolean isLocked(Path folder) {
    return new SecretFile(folder.resolve(FILE))
        .read()
        .filter(text -> !text.contains("\nkey "))
        .isPresent();
  }

  private static BoxSecret read(String text, Path file, Passphrase.Source passphrase) {
    List<String> lines = text.lines().toList();
    if (lines.size() != 2 || !lines.getFirst().equals(FIRST_LINE)) {
      throw noKey(file);
    }
    String[] words = lines.get(1).split(" ", -1);
    try {
      if (words.length == 2 && words[0].equals("key")) {
        return new BoxSecret(new SecretKey(Base64.getDecoder().decode(words[1])));
      } else if (words.length == 6 && words[0].equals("argon2id")) {
        return unlocked(words, file, passphrase.ask());
      }
    } catch (IllegalArgumentException e) {
      // The same as for any other text.
    }
    throw noKey(file);
  }

  private static BoxSecret unlocked(String[] words, Path file, Passphrase passphrase) {
    Passphrase.Work work =
        new Passphrase.Work(
            Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
    if (!work.isSane()) {
      throw noKey(file);
    }
    SecretKey lock = passphrase.key(Base64.getDecoder().decode(words[4]), work);
    byte[] opened =
        lock.open(Base64.getDecoder().decode(words[5]), BOUND)
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.ACCESS_DENIED,
                        file.toString(),
                        "That is not the passphrase.",
                        "Try again; nothing was changed. Without the passphrase nobody can read"
                            + " what is kept here."));
    return new BoxSecret(new SecretKey(opened));
  }

  private static SoleboxException noKey(Path file) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        "This is not the key of a box.",
        "Take the file from where you keep the keys; without it what is kept here cannot be read.");
  }

  private String plain() {
    return FIRST_LINE + "\nkey " + Base64.getEncoder().encodeToString(key.bytes()) + "\n";
  }

  private String locked(Passphrase passphrase, Passphrase.Work work) {
    byte[] salt = SecretKey.randomBytes(SALT_BYTES);
    byte[] sealed = passphrase.key(salt, work).seal(key.bytes(), BOUND);
    Base64.Encoder encoder = Base64.getEncoder();
    return "%s%nargon2id %d %d %d %s %s%n"
        .formatted(
            FIRST_LINE,
            work.kibibytes(),
            work.passes(),
            work.lanes(),
            encoder.encodeToString(salt),
            encoder.encodeToString(sealed));
  }

  /** Writes it anew, so that it takes this passphrase, or none. */
  void write(Path folder, Optional<Passphrase> passphrase, Passphrase.Work work) {
    new SecretFile(folder.resolve(FILE))
        .replace(passphrase.map(given -> locked(given, work)).orElseGet(this::plain));
  }

  byte[] wrap(SecretKey ownerKey, String owner) {
    return key.seal(ownerKey.bytes(), bound(owner));
  }

  Optional<SecretKey> unwrap(byte[] wrapped, String owner) {
    return key.open(wrapped, bound(owner)).map(SecretKey::new);
  }

  private static byte[] bound(String owner) {
    return new Cell("owner_key", owner, "wrapped").bytes();
  }
}
