package io.solebox.server.box;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The file of a {@link BoxKey}. It is there whole or not at all, is never replaced, and at no
 * moment can anybody but its owner read it.
 */
final class KeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNERS_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final Path file;

  KeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  BoxKey readOrMake() {
    return read().orElseGet(this::make);
  }

  Optional<BoxKey> read() {
    try {
      return Files.exists(file) ? Optional.of(parsed()) : Optional.empty();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private SoleboxException failure(IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file.toString(),
        "The key with which this box signs cannot be read or written: " + cause.getMessage() + ".",
        "See that its folder can be written, or name another with --state.",
        cause);
  }

  private BoxKey make() {
    try {
      publish();
      return parsed();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void publish() throws IOException {
    Path folder = file.getParent();
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNERS_FOLDER));
    }
    Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
    try {
      write(fresh, BoxKey.generate().secretPem());
      Files.createLink(file, fresh); // which replaces nothing, as a rename would
      force(folder);
    } catch (FileAlreadyExistsException e) {
      // Somebody else was first: theirs is the box's key.
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static void write(Path file, String text) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var rights = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    try (FileChannel channel = FileChannel.open(file, options, rights)) {
      ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Linux opens folders to be read and forced. */
  private static void force(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private BoxKey parsed() throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    if (rights.stream().anyMatch(OTHERS::contains)) {
      throw new SoleboxException(
          ErrorCode.ACCESS_DENIED,
          file.toString(),
          "Others may read or change the key with which this box signs.",
          "If you are sure that nobody did: chmod 600 "
              + file
              + ". Else move it away, and a new key is made.");
    }
    return BoxKey.read(Files.readString(file, StandardCharsets.ISO_8859_1))
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    file.toString(),
                    "This is no key of Ed25519: it wants a PKCS#8 private key and its public half,"
                        + " both as PEM.",
                    "Take the file from a backup, or move it away, and a new key is made."));
  }
}
