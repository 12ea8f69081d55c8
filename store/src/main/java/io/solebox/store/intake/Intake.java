package io.solebox.store.intake;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/** Brings one file into a partial, in the way that was asked for or the cheapest that is safe. */
final class Intake {
  private static final Set<String> SHARING_FILE_SYSTEMS = Set.of("btrfs", "xfs", "bcachefs", "zfs");
  private static final int COPY_BYTES = 1 << 20;

  private final Partial partial;
  private final Optional<ImportWay> wanted;
  private final LongConsumer progress;
  private int taken;

  /**
   * @param wanted empty for the cheapest way that is safe
   * @param progress hears how many bytes of the files were read
   */
  Intake(Partial partial, Optional<ImportWay> wanted, LongConsumer progress) {
    this.partial = partial;
    this.wanted = wanted;
    this.progress = progress;
  }

  /**
   * A file that became one of the store's.
   *
   * @param from where it lies, or lay
   * @param file in the partial
   */
  record Taken(Path from, Path file, Digest digest, long size, ImportWay way) {}

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where the wanted way cannot be gone; {@code
   *     DISK_FULL} before a copy that has no room; {@code MODEL_FILE_CHANGED}
   */
  Taken take(Path named) {
    try {
      Path from = named.toRealPath();
      FileStamp stamp = FileStamp.of(from);
      ImportWay way = wanted.isPresent() ? possible(from, wanted.get()) : cheapest(from);
      Path to = partial.file("file-" + taken++);
      Files.deleteIfExists(to); // of a run that broke off
      long free = freeBytes();
      Digest digest = take(from, to, way);
      boolean isCopied = way == ImportWay.REFLINK && free - freeBytes() > stamp.bytes() / 2;
      stamp.checkStill(from);
      return new Taken(named, to, digest, stamp.bytes(), isCopied ? ImportWay.COPY : way);
    } catch (IOException e) {
      throw StoreFailure.of(named, e);
    }
  }

  private Digest take(Path from, Path to, ImportWay way) throws IOException {
    switch (way) {
      case REFLINK -> Files.copy(from, to); // by copy_file_range, which shares the bytes there
      case HARDLINK -> Files.createLink(to, from);
      case MOVE -> { // the name there goes when the model has its new one
        if (isSameFileSystem(from)) {
          Files.createLink(to, from);
        } else {
          return copy(from, to);
        }
      }
      case COPY -> {
        return copy(from, to);
      }
    }
    return Digest.of(to, progress);
  }

  /** Reads once, for the copy and for its digest. */
  private Digest copy(Path from, Path to) throws IOException {
    requireRoom(from);
    MessageDigest sha256 = Digest.sha256();
    ByteBuffer part = ByteBuffer.allocateDirect(COPY_BYTES);
    try (FileChannel in = FileChannel.open(from);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        sha256.update(part.flip());
        part.rewind();
        while (part.hasRemaining()) {
          out.write(part);
        }
        part.clear();
        progress.accept(read);
      }
    }
    return Digest.ofFinished(sha256);
  }

  private void requireRoom(Path from) throws IOException {
    long needed = Files.size(from);
    long free = freeBytes();
    if (free < needed) {
      throw new SoleboxException(
          ErrorCode.DISK_FULL,
          partial.folder().toString(),
          "a copy of %s needs %d bytes, and %d are free"
              .formatted(from.getFileName(), needed, free),
          "Make room, or take --move or --hardlink on the same file system.");
    }
  }

  private long freeBytes() throws IOException {
    return Files.getFileStore(partial.folder()).getUsableSpace();
  }

  private ImportWay cheapest(Path from) throws IOException {
    if (canShare(from)) {
      return ImportWay.REFLINK;
    }
    return isSameFileSystem(from) && isOursAlone(from) ? ImportWay.HARDLINK : ImportWay.COPY;
  }

  private ImportWay possible(Path from, ImportWay way) throws IOException {
    switch (way) {
      case REFLINK -> {
        if (!canShare(from)) {
          throw refused(from, "--reflink", "the file system does not share bytes between files");
        }
      }
      case HARDLINK -> {
        if (!isSameFileSystem(from)) {
          throw refused(from, "--hardlink", "the store is on another file system");
        }
        if (!isOursAlone(from)) {
          throw refused(from, "--hardlink", "others may write to the file, and so to the model");
        }
      }
      case COPY, MOVE -> {
        // They always can.
      }
    }
    return way;
  }

  private static SoleboxException refused(Path from, String option, String why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        from.toString(),
        option + " is not possible: " + why,
        "Use --copy, or no option for the cheapest way that is safe.");
  }

  private boolean canShare(Path from) throws IOException {
    return isSameFileSystem(from) && SHARING_FILE_SYSTEMS.contains(Files.getFileStore(from).type());
  }

  private boolean isSameFileSystem(Path from) throws IOException {
    FileStore there = Files.getFileStore(from);
    return there.equals(Files.getFileStore(partial.folder()));
  }

  /** A link to another's file is forbidden on most machines, and his writes would reach us. */
  private boolean isOursAlone(Path from) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(from);
    return Files.getOwner(from).equals(Files.getOwner(partial.folder()))
        && rights.stream().noneMatch(PosixFilePermissions.fromString("----w--w-")::contains);
  }
}
