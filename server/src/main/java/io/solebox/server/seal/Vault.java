package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.spill.FileSeal;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A database in which texts are sealed: each owner has a key, which the box's key wraps. Whose key
 * was destroyed nobody can read any more, in no copy of the database that was ever made. Safe for
 * many threads.
 */
public final class Vault {
  /** In place of a key that was destroyed, so that nobody makes another. */
  private static final byte[] DESTROYED = {};

  /** In place of an owner; no name of a key has a space. */
  private static final String PREFIXES = "saved prefixes";

  private final Database database;
  private final Path folder;
  private final Passphrase.Source passphrase;
  private final Keeping keeping;
  private Optional<BoxSecret> secret; // guarded by this

  private Vault(
      Database database,
      Path folder,
      Passphrase.Source passphrase,
      Keeping keeping,
      Optional<BoxSecret> secret) {
    this.database = database;
    this.folder = folder;
    this.passphrase = passphrase;
    this.keeping = keeping;
    this.secret = secret;
  }

  /**
   * Opens what is sealed in a database, and seals what earlier versions have left as it was.
   *
   * @param passphrase asked where one was set
   * @param keeping for whom something is kept
   * @param log hears how far that is, where it takes long
   * @throws SoleboxException {@code ACCESS_DENIED} if the passphrase is wrong, {@code IO_ERROR} if
   *     the box's key is gone
   */
  public static Vault open(
      Database database, Passphrase.Source passphrase, Keeping keeping, PrintStream log) {
    Path folder = database.file().getParent();
    Optional<BoxSecret> secret = BoxSecret.find(folder, passphrase);
    boolean needed =
        database.read(
            sql ->
                sql.first(
                        _ -> true,
                        "SELECT 1 FROM owner_key WHERE length(wrapped) >= ? LIMIT 1",
                        SecretKey.MORE_BYTES)
                    .isPresent());
    if (secret.isEmpty() && needed) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.resolve(BoxSecret.FILE).toString(),
          "It is gone, and without this key nobody can read what is kept here.",
          "Put it back from where you keep the keys, or begin anew in another folder with"
              + " --state.");
    }
    Vault vault = new Vault(database, folder, passphrase, keeping, secret);
    new PlainRows(vault, folder.resolve("files"), log).seal();
    return vault;
  }

  /** The same where things of everybody are kept. */
  public static Vault open(Database database, Passphrase.Source passphrase, PrintStream log) {
    return open(database, passphrase, Keeping.AS_THE_SERVER, log);
  }

  /** Whether anything of this owner is kept. */
  public boolean keeps(String owner) {
    return keeping.keeps(owner);
  }

  /** Where it is all kept. */
  public Database database() {
    return database;
  }

  /** The texts of an owner, to be read. */
  public OwnerTexts reading(Sql sql, String owner) throws SQLException {
    return new OwnerTexts(key(sql, owner));
  }

  /**
   * The texts of an owner, to be written and read, in a transaction.
   *
   * @throws SoleboxException {@code ACCESS_DENIED} if there is no such owner any more
   */
  public OwnerTexts writing(Sql sql, String owner) throws SQLException {
    return new OwnerTexts(Optional.of(keyOrNew(sql, owner)));
  }

  /** For saved prefixes, which are nobody's. */
  public FileSeal prefixSeal() {
    return new PrefixSeal(database.transaction(sql -> keyOrNew(sql, PREFIXES)));
  }

  /** For a new file of an owner. */
  public FileKey fileKey(String owner, String file) {
    Optional<SecretKey> known = database.read(sql -> key(sql, owner));
    return new FileKey(
        known.orElseGet(() -> database.transaction(sql -> keyOrNew(sql, owner))), file);
  }

  private SecretKey keyOrNew(Sql sql, String owner) throws SQLException {
    Optional<byte[]> wrapped = wrapped(sql, owner);
    if (wrapped.filter(HandOver::isSameKey).isPresent()) {
      return keyOrNew(sql, Owners.HERE);
    }
    if (wrapped.isPresent() && wrapped.get().length == 0) {
      throw new SoleboxException(
          ErrorCode.ACCESS_DENIED,
          "owner",
          "Whose this is was deleted, and nothing more is kept for them.",
          "Sign in as somebody else.");
    }
    if (wrapped.isPresent()) {
      return unwrapped(wrapped.get(), owner);
    }
    SecretKey fresh = SecretKey.random();
    sql.update(
        "INSERT INTO owner_key (owner, wrapped) VALUES (?, ?)", owner, secret().wrap(fresh, owner));
    return fresh;
  }

  private Optional<SecretKey> key(Sql sql, String owner) throws SQLException {
    Optional<byte[]> wrapped = wrapped(sql, owner);
    if (wrapped.filter(HandOver::isSameKey).isPresent()) {
      return key(sql, Owners.HERE);
    }
    return wrapped.filter(bytes -> bytes.length > 0).map(bytes -> unwrapped(bytes, owner));
  }

  private static Optional<byte[]> wrapped(Sql sql, String owner) throws SQLException {
    return sql.first(
        row -> row.getBytes(1), "SELECT wrapped FROM owner_key WHERE owner = ?", owner);
  }

  private SecretKey unwrapped(byte[] wrapped, String owner) {
    return secret()
        .unwrap(wrapped, owner)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.IO_ERROR,
                    folder.resolve(BoxSecret.FILE).toString(),
                    "It is not the key that locks what is kept here.",
                    "Put back the one that was here before."));
  }

  private synchronized BoxSecret secret() {
    if (secret.isEmpty()) {
      secret = Optional.of(BoxSecret.findOrMake(folder, passphrase));
    }
    return secret.get();
  }

  /** Destroys the key of an owner, in a transaction that deletes what it has sealed. */
  void destroyKey(Sql sql, String owner) throws SQLException {
    if (wrapped(sql, owner).filter(HandOver::isSameKey).isPresent()) {
      destroyKey(sql, Owners.HERE);
    }
    sql.update(
        "INSERT INTO owner_key (owner, wrapped) VALUES (?, ?)"
            + " ON CONFLICT (owner) DO UPDATE SET wrapped = excluded.wrapped",
        owner,
        DESTROYED);
  }
}
