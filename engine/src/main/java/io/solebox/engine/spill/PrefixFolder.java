package io.solebox.engine.spill;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A folder of one model's prefixes that outlives the process: a file for each block or snapshot,
 * which is there as a whole or not at all. What it holds is as private as the prompts it was made
 * of, so only its owner may read it. Bounded: the least recently used file leaves. Safe for two
 * threads of one process; another process is kept out.
 */
public final class PrefixFolder implements AutoCloseable {
  private static final long MAGIC = 0x534c42584b563031L; // SLBXKV01
  private static final int HEADER_BYTES =
      Long.BYTES + PrefixHash.BYTES + Integer.BYTES + Long.BYTES + Long.BYTES;
  private static final String ENDING = ".kv";
  private static final String TEMPORARY = ".part";
  private static final String IDENTITY = "identity";
  private static final String LOCK = "lock";
  private static final String OWNERS_FILE = "rw-------";
  private static final String OWNERS_FOLDER = "rwx------";

  private final Path folder;
  private final String identity;
  private final long mostBytes;
  private final FileChannel lock;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Long> files = new LinkedHashMap<>(); // bytes; oldest first; this' own
  private long bytes;
  private int written;

  private PrefixFolder(Path folder, String identity, long mostBytes, FileChannel lock) {
    this.folder = folder;
    this.identity = identity;
    this.mostBytes = mostBytes;
    this.lock = lock;
  }

  /**
   * Opens it, made where it is missing. What another model left, or this one under other
   * conditions, is removed.
   *
   * @param identity of what computes the prefixes: whatever could change a bit of them
   * @param mostBytes of all files
   * @return empty where another process has it open
   * @throws SoleboxException {@code IO_ERROR} where it cannot be made, read or written
   */
  public static Optional<PrefixFolder> open(Path folder, String identity, long mostBytes) {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FOLDER)));
      }
      FileChannel lock =
          FileChannel.open(
              folder.resolve(LOCK),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FILE)));
      if (!isLocked(lock)) {
        lock.close();
        return Optional.empty();
      }
      var opened = new PrefixFolder(folder, identity, mostBytes, lock);
      opened.read();
      return Optional.of(opened);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "Prefixes cannot be kept there (%s).".formatted(e),
          "See that the folder can be written, or name another with --kv-save.",
          e);
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another load of this process
    }
  }

  private void read() throws IOException {
    Path mark = folder.resolve(IDENTITY);
    boolean isOurs = Files.exists(mark) && Files.readString(mark).equals(identity);
    record Found(Path path, long size, FileTime used) {}
    var found = new ArrayList<Found>();
    int removed = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        if (name.endsWith(TEMPORARY) || (name.endsWith(ENDING) && !isOurs)) {
          Files.deleteIfExists(path);
          removed += name.endsWith(ENDING) ? 1 : 0;
        } else if (name.endsWith(ENDING)) {
          found.add(new Found(path, Files.size(path), Files.getLastModifiedTime(path)));
        }
      }
    }
    if (removed > 0) {
      notes.add(
          "%d saved parts of prefixes in %s were removed: they are not of this model file, adapters, cache type, device and version."
              .formatted(removed, folder));
    }
    if (!isOurs) {
      writeWhole(IDENTITY, ByteBuffer.wrap(identity.getBytes(StandardCharsets.UTF_8)));
    }
    found.sort(Comparator.comparing(Found::used));
    for (Found file : found) {
      files.put(file.path().getFileName().toString(), file.size());
      bytes += file.size();
    }
    makeRoom(0);
  }

  /** For people: what was removed as it was opened. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Of all files, at most. */
  long mostBytes() {
    return mostBytes;
  }

  /** Of what computes the prefixes. */
  String identity() {
    return identity;
  }

  synchronized boolean isEmpty() {
    return files.isEmpty();
  }

  /** Of all files. */
  synchronized long bytes() {
    return bytes;
  }

  /** Bytes of what a file holds; empty where there is none. */
  synchronized OptionalLong find(SpillKey key) {
    Long size = files.get(name(key));
    return size == null ? OptionalLong.empty() : OptionalLong.of(size - HEADER_BYTES);
  }

  /** Of a file that holds so many bytes. */
  static long fileBytes(long content) {
    return HEADER_BYTES + content;
  }

  private static String name(SpillKey key) {
    return key.prefix().hex() + "-" + key.kind() + ENDING;
  }

  /**
   * Writes what is kept of a prefix, unless it is there already; others leave for it.
   *
   * @return whether it is there now
   * @throws IOException where the disk does not take it
   */
  boolean write(SpillKey key, MemorySegment content) throws IOException {
    String name = name(key);
    long size = HEADER_BYTES + content.byteSize();
    synchronized (this) {
      if (files.containsKey(name)) {
        return true;
      }
      if (size > mostBytes) {
        return false;
      }
      makeRoom(size);
    }
    ByteBuffer payload = content.asByteBuffer();
    writeWhole(name, header(key, payload.duplicate()), payload);
    synchronized (this) {
      files.put(name, size);
      bytes += size;
      // What is written first was used last, and the next start shall know that.
      Instant used = Instant.now().minusMillis(2L * written++);
      Files.setLastModifiedTime(folder.resolve(name), FileTime.from(used));
    }
    return true;
  }

  /** Under the lock, or before anybody else knows this. */
  private void makeRoom(long more) throws IOException {
    while (bytes + more > mostBytes && !files.isEmpty()) {
      Map.Entry<String, Long> oldest = files.entrySet().iterator().next();
      Files.deleteIfExists(folder.resolve(oldest.getKey()));
      files.remove(oldest.getKey());
      bytes -= oldest.getValue();
    }
  }

  private static ByteBuffer header(SpillKey key, ByteBuffer payload) {
    var crc = new CRC32C();
    long size = payload.remaining();
    crc.update(payload);
    return ByteBuffer.allocate(HEADER_BYTES)
        .putLong(MAGIC)
        .put(key.prefix().bytes())
        .putInt(key.kind())
        .putLong(size)
        .putLong(crc.getValue())
        .flip();
  }

  /** Nobody ever sees half of it under its name. */
  private void writeWhole(String name, ByteBuffer... parts) throws IOException {
    Path temporary = folder.resolve(name + TEMPORARY);
    Files.deleteIfExists(temporary);
    try {
      try (FileChannel to =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FILE)))) {
        for (ByteBuffer part : parts) {
          while (part.hasRemaining()) {
            to.write(part);
          }
        }
        to.force(true);
      }
      Files.move(
          temporary,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /**
   * Reads what was written of a prefix. What is not exactly that is removed.
   *
   * @param to filled to its end
   * @return whether it was there, whole
   */
  boolean read(SpillKey key, MemorySegment to) throws IOException {
    Path path = folder.resolve(name(key));
    var header = ByteBuffer.allocate(HEADER_BYTES);
    ByteBuffer payload = to.asByteBuffer();
    boolean isWhole;
    try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ)) {
      isWhole =
          from.size() == HEADER_BYTES + to.byteSize() && fill(from, header) && fill(from, payload);
    }
    isWhole = isWhole && header(key, payload.flip()).equals(header.flip());
    if (isWhole) {
      used(name(key), path);
    } else {
      remove(key);
    }
    return isWhole;
  }

  private synchronized void used(String name, Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now())); // for the next start
    Long size = files.remove(name);
    if (size != null) {
      files.put(name, size);
    }
  }

  private static boolean fill(FileChannel from, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (from.read(to) < 0) {
        return false;
      }
    }
    return true;
  }

  /** It is of no use. */
  synchronized void remove(SpillKey key) throws IOException {
    Long size = files.remove(name(key));
    bytes -= size == null ? 0 : size;
    Files.deleteIfExists(folder.resolve(name(key)));
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "The folder of prefixes cannot be closed (%s).".formatted(e),
          "Look after the disk.",
          e);
    }
  }
}
