package io.solebox.store.sign;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The keys with which this person signs, {@code keys/NAME.key}: a PKCS#8 block and the public half
 * behind it. Nobody else may read them.
 */
public final class KeyFolder {
  private static final String ENDING = ".key";
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path folder;

  /**
   * @param dataFolder in which {@code keys} is made with the first key
   */
  public KeyFolder(Path dataFolder) {
    this.folder = dataFolder.resolve("keys");
  }

  /**
   * Makes a key. It is there whole or not at all, and never in place of another.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where there is one of this name
   */
  public SigningKey make(KeyName name) {
    SigningKey key = SigningKey.generate();
    Path file = file(name);
    Path fresh = folder.resolve(name + "." + UUID.randomUUID() + ".new");
    try {
      Disk.SYSTEM.createFolders(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      write(fresh, key.pem());
      try {
        Files.createLink(file, fresh); // which replaces nothing, as a rename would
      } finally {
        Files.delete(fresh);
      }
      Disk.SYSTEM.forceFolder(folder);
      return key;
    } catch (FileAlreadyExistsException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "there is a key of this name, which nothing replaces",
          "Take another name, or move that file away yourself.",
          e);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  /** Never readable by others, not even for a moment. */
  private static void write(Path file, String text) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, owner)) {
      ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where there is none; {@code ACCESS_DENIED}
   *     where others may read it; {@code BAD_STORE} where it is no key
   */
  public SigningKey read(KeyName name) {
    Path file = file(name);
    try {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
      if (rights.stream().anyMatch(OTHERS::contains)) {
        throw new SoleboxException(
            ErrorCode.ACCESS_DENIED,
            file.toString(),
            "others may read or change this private key, so it may be theirs already",
            "If you are sure that nobody did: chmod 600 " + file + ". Else make a new key.");
      }
      return SigningKey.read(Files.readString(file, StandardCharsets.ISO_8859_1))
          .orElseThrow(() -> damaged(file));
    } catch (NoSuchFileException e) {
      throw unknown(name, e);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private static SoleboxException damaged(Path file) {
    return new SoleboxException(
        ErrorCode.BAD_STORE,
        file.toString(),
        "this is no key: it wants a PKCS#8 private key on P-256 and its public half, both as PEM",
        "Take the file from a backup; a key that OpenSSL made becomes one by 'openssl pkey -pubout'"
            + " appended to it.");
  }

  private SoleboxException unknown(KeyName name, NoSuchFileException cause) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        name.toString(),
        "there is no key of this name",
        names().isEmpty()
            ? "'solebox keys make NAME' makes one."
            : "There are: " + String.join(", ", names().stream().map(KeyName::text).toList()) + ".",
        cause);
  }

  /** All, in alphabetical order. */
  public List<KeyName> names() {
    return namesIn(folder, ENDING);
  }

  /**
   * Names of the files of a folder with an ending; those that are no names of keys are not ours.
   */
  static List<KeyName> namesIn(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      List<KeyName> names = new ArrayList<>();
      for (String file : files.map(f -> f.getFileName().toString()).sorted().toList()) {
        if (file.endsWith(ending)) {
          KeyName.find(file.substring(0, file.length() - ending.length())).ifPresent(names::add);
        }
      }
      return names;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  /** Where a key is or would be. */
  public Path file(KeyName name) {
    return folder.resolve(name + ENDING);
  }
}
