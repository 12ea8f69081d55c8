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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of one model's prefixes that outlives the process: a file for each block or snapshot.
 * What it holds is as private as the prompts it was made of, so only its owner may read it.
 * Bounded: the least recently used file leaves, and what is being saved leaves for nothing that is
 * saved after it. Safe for two threads of one process; another process is kept out.
 */
public final class PrefixFolder implements Disk {
  private static final String IDENTITY = "identity";
  private static final String LOCK = "lock";
  private static final String ORDER = "order";
  private static final String OWNERS_FOLDER = "rwx------";

  private final Path folder;
  private final String identity;
  private final FileSeal seal;
  private final long mostBytes;
  private final FileChannel lock;
  private final List<String> notes = new ArrayList<>();
  // Bytes of each. Guarded by this, as all that follows.
  private final Map<String, Long> files = new LinkedHashMap<>(); // the least recently used first
  private final Map<String, Long> kept = new LinkedHashMap<>(); // being saved, the best first
  private long bytes;
  private long keptBytes;

  private PrefixFolder(
      Path folder, String identity, FileSeal seal, long mostBytes, FileChannel lock) {
    this.folder = folder;
    this.identity = seal.mark().isEmpty() ? identity : identity + "sealed " + seal.mark() + "\n";
    this.seal = seal;
    this.mostBytes = mostBytes;
    this.lock = lock;
  }

  /**
   * Opens it, made where it is missing. What another model left, or this one under other
   * conditions, is removed.
   *
   * @param identity of what computes the prefixes: whatever could change a bit of them
   * @param seal of what lies in its files
   * @param mostBytes of all files
   * @return empty where another process has it open
   * @throws SoleboxException {@code IO_ERROR} where it cannot be made, read or written
   */
  public static Optional<PrefixFolder> open(
      Path folder, String identity, FileSeal seal, long mostBytes) {
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FOLDER)));
      }
      FileChannel lock = PrefixFile.open(folder.resolve(LOCK), StandardOpenOption.CREATE);
      try {
        var opened = new PrefixFolder(folder, identity, seal, mostBytes, lock);
        if (opened.isLocked()) {
          opened.read();
          return Optional.of(opened);
        }
        lock.close();
        return Optional.empty();
      } catch (IOException | RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "Prefixes cannot be kept there (%s).".formatted(e),
          "See that the folder can be written, or name another with --kv-save.",
          e);
    }
  }

  private boolean isLocked() throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // another load of this process
    }
  }

  private void read() throws IOException {
    Path mark = folder.resolve(IDENTITY);
    boolean isOurs = Files.exists(mark) && Files.readString(mark).equals(identity);
    Map<String, Long> found = new TreeMap<>();
    int removed = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        boolean isFile = name.endsWith(PrefixFile.ENDING);
        if (name.endsWith(PrefixFile.TEMPORARY) || (isFile && !isOurs)) {
          Files.deleteIfExists(path);
          removed += isFile ? 1 : 0;
        } else if (isFile) {
          found.put(name, Files.size(path));
        }
      }
    }
    if (removed > 0) {
      notes.add(
          "%d saved parts of prefixes in %s were removed: they are not of this model file, adapters, cache type, device, version and key."
              .formatted(removed, folder));
    }
    if (!isOurs) {
      write(IDENTITY, identity);
    }
    enter(found);
    makeRoom(0);
  }

  /** What stands in no order was written by a process that did not end well. */
  private void enter(Map<String, Long> found) throws IOException {
    Path order = folder.resolve(ORDER);
    List<String> known = Files.exists(order) ? Files.readAllLines(order) : List.of();
    files.putAll(found);
    for (String name : known) {
      Optional.ofNullable(files.remove(name)).ifPresent(size -> files.put(name, size));
    }
    bytes = found.values().stream().mapToLong(size -> size).sum();
  }

  private void write(String name, String text) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    PrefixFile.writeWhole(folder, FileSeal.NONE, name, content);
  }

  /** For people: what was removed as it was opened. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Of what computes the prefixes, and of nobody else's files. */
  String root() {
    return identity + seal.secret();
  }

  @Override
  public synchronized boolean isEmpty() {
    return files.isEmpty() && kept.isEmpty();
  }

  /** Of all files. */
  @Override
  public synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized OptionalLong find(SpillKey key) {
    String name = PrefixFile.name(key);
    return Stream.of(files, kept)
        .filter(all -> all.containsKey(name))
        .mapToLong(all -> seal.openBytes(all.get(name)) - PrefixFile.HEADER_BYTES)
        .findFirst();
  }

  /** Whether there is room for so many bytes of files beside those that are being saved. */
  synchronized boolean hasRoom(long more) {
    return keptBytes + more <= mostBytes;
  }

  /** Whether it is among those. */
  synchronized boolean isKept(SpillKey key) {
    return kept.containsKey(PrefixFile.name(key));
  }

  /** Keeps what is there already from leaving for what is saved after it; false if it is not. */
  synchronized boolean keep(SpillKey key) {
    String name = PrefixFile.name(key);
    Optional.ofNullable(files.remove(name)).ifPresent(size -> keep(name, size));
    return kept.containsKey(name);
  }

  private void keep(String name, long size) {
    kept.put(name, size);
    keptBytes += size;
  }

  /**
   * Writes what is kept of a prefix, and is not there yet; others leave for it.
   *
   * @return whether there was room
   * @throws IOException where the disk does not take it
   */
  boolean write(SpillKey key, MemorySegment content) throws IOException {
    long size = seal.sealedBytes(PrefixFile.bytes(content.byteSize()));
    synchronized (this) {
      if (!hasRoom(size)) {
        return false;
      }
      makeRoom(size);
    }
    PrefixFile.write(folder, seal, key, content);
    synchronized (this) {
      keep(PrefixFile.name(key), size);
      bytes += size;
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

  @Override
  public Found read(SpillKey key, MemorySegment to) throws IOException {
    boolean isWhole = PrefixFile.read(folder, seal, key, to);
    if (!isWhole) {
      remove(key);
    }
    return isWhole ? Found.WHOLE : Found.BROKEN;
  }

  @Override
  public synchronized void used(Collection<SpillKey> keys) {
    for (SpillKey key : List.copyOf(keys).reversed()) {
      String name = PrefixFile.name(key);
      Optional.ofNullable(files.remove(name)).ifPresent(size -> files.put(name, size));
    }
  }

  @Override
  public synchronized void remove(SpillKey key) throws IOException {
    String name = PrefixFile.name(key);
    long keptSize = Optional.ofNullable(kept.remove(name)).orElse(0L);
    keptBytes -= keptSize;
    bytes -= Optional.ofNullable(files.remove(name)).orElse(keptSize);
    Files.deleteIfExists(folder.resolve(name));
  }

  /** All is saved that will be; lets the next start know what is worth most. */
  synchronized void endSaving() throws IOException {
    for (String name : List.copyOf(kept.keySet()).reversed()) {
      files.put(name, kept.remove(name));
    }
    keptBytes = 0;
    write(ORDER, String.join("\n", files.keySet()));
    PrefixFile.forceNames(folder);
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
