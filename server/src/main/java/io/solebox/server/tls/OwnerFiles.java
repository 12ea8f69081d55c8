package io.solebox.server.tls;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Files that nobody but their owner may read, and that are there whole or not at all. */
public final class OwnerFiles {
  private static final String REMEDY =
      "Look at the folder's permissions, and whether the disk is full.";

  private static final int MOST_BYTES = 1 << 20;

  private OwnerFiles() {}

  /** Replaces what is there; nobody sees half of it. */
  public static void write(Path file, String text) {
    Path folder = file.getParent();
    Path made = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      try {
        try (FileChannel out =
            FileChannel.open(
                made,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")))) {
          ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
          out.force(true);
        }
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        force(folder);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /**
   * Makes a file where there is none.
   *
   * @return whether this did, and nobody else was first
   */
  static boolean writeFirst(Path file, String text) {
    Path made = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    write(made, text);
    try {
      try {
        Files.createLink(file, made);
        force(file.getParent());
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /**
   * @throws SoleboxException if it cannot be read, or is longer than any of ours
   */
  static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] all = in.readNBytes(MOST_BYTES + 1);
      if (all.length > MOST_BYTES) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            "It is too long to be a certificate or a key.",
            "Give another file.");
      }
      return all;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The file cannot be read: " + e + ".",
          "Look whether it is there, and who may read it.",
          e);
    }
  }

  /**
   * Where a file lets every user of the machine read what is for one.
   *
   * @throws SoleboxException if it does
   */
  static void refuseOpen(Path file) {
    try {
      var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (view != null
          && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            "Every user of this machine can read it, and it is secret.",
            "Run: chmod o= " + file);
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The file cannot be read: " + e + ".",
          "Look whether it is there, and who may read it.",
          e);
    }
  }

  private static SoleboxException cannotWrite(Path file, IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR, file.toString(), "The file cannot be written: " + e + ".", REMEDY, e);
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel in = FileChannel.open(folder)) {
      in.force(true);
    }
  }
}
