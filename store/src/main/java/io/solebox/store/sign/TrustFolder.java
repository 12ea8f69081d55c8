package io.solebox.store.sign;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys that this machine trusts, {@code trust.d/NAME.pub}. None is trusted until whoever runs
 * the machine adds it: nothing is learnt from what comes in.
 */
public final class TrustFolder {
  private static final String ENDING = ".pub";

  /** A public key takes 178 bytes; more is something else. */
  private static final int MOST_BYTES = 10_000;

  private final Path folder;

  /**
   * @param dataFolder in which {@code trust.d} is made with the first key
   */
  public TrustFolder(Path dataFolder) {
    this.folder = dataFolder.resolve("trust.d");
  }

  /** A key that is trusted, and its name here. */
  public record Trusted(KeyName name, VerifyKey key) {}

  /**
   * Whose payload it is. Only after this is what an envelope holds to be believed.
   *
   * @param place for errors
   * @throws SoleboxException {@code UNTRUSTED} where no trusted key has signed it as it is
   */
  public Trusted verify(Envelope envelope, String place) {
    Trusted signer =
        all().stream()
            .filter(trusted -> trusted.key().fingerprint().equals(envelope.signer()))
            .findFirst()
            .orElseThrow(() -> unknown(envelope, place));
    if (!envelope.isSignedBy(signer.key())) {
      throw new SoleboxException(
          ErrorCode.UNTRUSTED,
          place,
          "it says that '%s' signed it, but has been changed since, or somebody else wrote that"
              .formatted(signer.name()),
          "Get it again from whoever has that key.");
    }
    return signer;
  }

  private SoleboxException unknown(Envelope envelope, String place) {
    return new SoleboxException(
        ErrorCode.UNTRUSTED,
        place,
        "this is signed with key %s, and this machine %s"
            .formatted(
                envelope.signer(),
                all().isEmpty() ? "trusts no key yet" : "does not trust that one"),
        "If you know whose key that is, get its public half from them, not from where this came"
            + " from, and 'solebox keys trust FILE'.");
  }

  /** Whether a key is trusted, and under which name. */
  public Optional<Trusted> find(String fingerprint) {
    return all().stream().filter(t -> t.key().fingerprint().equals(fingerprint)).findFirst();
  }

  /**
   * All, in alphabetical order.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for a file that is no key; {@code
   *     ACCESS_DENIED} for one that everybody may write
   */
  public List<Trusted> all() {
    List<Trusted> all = new ArrayList<>();
    for (KeyName name : KeyFolder.namesIn(folder, ENDING)) {
      Path file = file(name);
      try {
        requireOurs(folder);
        requireOurs(file);
        all.add(new Trusted(name, readKey(file)));
      } catch (NoSuchFileException e) {
        // Somebody has just removed it.
      } catch (IOException e) {
        throw StoreFailure.of(file, e);
      }
    }
    return all;
  }

  private static void requireOurs(Path path) throws IOException {
    if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new SoleboxException(
          ErrorCode.ACCESS_DENIED,
          path.toString(),
          "everybody on this machine may say there whom it trusts",
          "Look at what is there, then: chmod o-w " + path);
    }
  }

  /**
   * Reads a public key.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for a private one or none
   */
  public static VerifyKey readKey(Path file) throws IOException {
    String text =
        Files.size(file) > MOST_BYTES ? "" : Files.readString(file, StandardCharsets.ISO_8859_1);
    if (Pem.holdsPrivateKey(text)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "this is a private key, which belongs to whoever signs and to nobody else",
          "Take its public half: 'solebox keys show NAME --pem' where it was made.");
    }
    return VerifyKey.read(text)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    file.toString(),
                    "this is no public key on P-256 in PEM",
                    "Take what 'solebox keys show NAME --pem' says where the key was made."));
  }

  /**
   * Trusts a key from now on. One that is trusted under this name already stays as it is.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where another key has the name, or this key
   *     another name
   */
  public Trusted add(KeyName name, VerifyKey key) {
    Optional<Trusted> known = find(key.fingerprint());
    if (known.filter(trusted -> !trusted.name().equals(name)).isPresent()) {
      throw taken(name, "this key is trusted already, as '%s'".formatted(known.get().name()));
    }
    if (known.isEmpty() && Files.exists(file(name))) {
      throw taken(name, "another key is trusted under this name");
    }
    try {
      Disk.SYSTEM.createFolders(folder);
      Disk.SYSTEM.replace(file(name), key.pem().getBytes(StandardCharsets.US_ASCII));
      return new Trusted(name, key);
    } catch (IOException e) {
      throw StoreFailure.of(file(name), e);
    }
  }

  private static SoleboxException taken(KeyName name, String how) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        name.toString(),
        how,
        "Take another name with --name, or 'solebox keys distrust' the other first.");
  }

  /**
   * Trusts a key no longer. What it brought stays.
   *
   * @return the key
   * @throws SoleboxException {@code INVALID_PARAMETER} where there is none of this name
   */
  public Trusted remove(KeyName name) {
    Trusted trusted =
        all().stream()
            .filter(t -> t.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.INVALID_PARAMETER,
                        name.toString(),
                        "no key of this name is trusted",
                        "'solebox keys ls' shows which are."));
    try {
      Disk.SYSTEM.delete(file(name));
      Disk.SYSTEM.forceFolder(folder);
      return trusted;
    } catch (IOException e) {
      throw StoreFailure.of(file(name), e);
    }
  }

  /** Where a key is or would be. */
  public Path file(KeyName name) {
    return folder.resolve(name + ENDING);
  }
}
