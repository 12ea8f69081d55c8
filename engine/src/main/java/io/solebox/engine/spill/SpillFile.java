package io.solebox.engine.spill;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Where on a disk lies what had to leave host memory, as long as the process lives; in one {@link
 * PageFile}, since it is as private as the prompts. Bounded: the least recently used piece leaves.
 * Safe for a loop, a thread that reads and one that writes.
 */
public final class SpillFile implements Disk {
  /** Guarded by the file, but for what never changes. */
  private static final class Piece {
    final long bytes;
    final long sum;
    final List<Integer> pages;
    int readers;
    boolean gone; // its pages are free when nobody reads them

    Piece(long bytes, long sum, List<Integer> pages) {
      this.bytes = bytes;
      this.sum = sum;
      this.pages = pages;
    }
  }

  private final Path folder;
  private final PageFile file;
  private final Consumer<String> trouble;
  // Guarded by this, as all that follows, and the pages of the file.
  private final Map<SpillKey, Piece> pieces = new LinkedHashMap<>(); // least recently used first
  private int clears;
  private long lost;
  private boolean told;

  private SpillFile(Path folder, PageFile file, Consumer<String> trouble) {
    this.folder = folder;
    this.file = file;
    this.trouble = trouble;
  }

  /**
   * Makes it.
   *
   * @param folder made where it is missing
   * @param mostBytes that it may take, in whole pages
   * @param trouble hears once, for people, that the disk fails; on whatever thread
   * @throws SoleboxException {@code IO_ERROR} where no file can be made there
   */
  public static SpillFile open(Path folder, long mostBytes, Consumer<String> trouble) {
    try {
      return new SpillFile(folder, new PageFile(folder, mostBytes), trouble);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "What leaves the KV cache cannot be kept there (%s).".formatted(e),
          "See that the folder can be written, name another with --kv-spill-dir, or leave out"
              + " --kv-spill-disk.",
          e);
    }
  }

  @Override
  public synchronized boolean isEmpty() {
    return pieces.isEmpty();
  }

  @Override
  public synchronized long bytes() {
    return file.bytes();
  }

  @Override
  public synchronized OptionalLong find(SpillKey key) {
    Piece piece = pieces.get(key);
    return piece == null ? OptionalLong.empty() : OptionalLong.of(piece.bytes);
  }

  /** The least recently used first. */
  synchronized List<SpillKey> keys() {
    return List.copyOf(pieces.keySet());
  }

  /** Of what left for others. */
  synchronized long lost() {
    return lost;
  }

  /**
   * Writes something; others leave for it.
   *
   * @return whether there was room, and nobody {@link #clear cleared} it meanwhile
   * @throws IOException where the disk does not take it
   */
  boolean write(SpillKey key, MemorySegment content) throws IOException {
    int before;
    Optional<List<Integer>> room;
    synchronized (this) {
      before = clears;
      room = makeRoom(content.byteSize());
    }
    return room.isPresent() && write(key, content, room.get(), before);
  }

  private boolean write(SpillKey key, MemorySegment content, List<Integer> pages, int before)
      throws IOException {
    var piece = new Piece(content.byteSize(), PageFile.sum(content), pages);
    boolean isWritten = false;
    try {
      file.write(pages, content);
      isWritten = true;
    } catch (IOException e) {
      tell(e);
      throw e;
    } finally {
      isWritten = enter(key, piece, isWritten, before);
    }
    return isWritten;
  }

  private synchronized boolean enter(SpillKey key, Piece piece, boolean isWritten, int before) {
    boolean isWanted = isWritten && before == clears;
    if (isWanted) {
      remove(key);
      pieces.put(key, piece);
    } else {
      drop(piece);
    }
    return isWanted;
  }

  @Override
  public Found read(SpillKey key, MemorySegment to) throws IOException {
    Optional<Piece> found = begin(key);
    return found.isPresent() ? read(key, found.get(), to) : Found.GONE;
  }

  private synchronized Optional<Piece> begin(SpillKey key) {
    Optional<Piece> piece = Optional.ofNullable(pieces.get(key));
    piece.ifPresent(found -> found.readers++);
    return piece;
  }

  private Found read(SpillKey key, Piece piece, MemorySegment to) throws IOException {
    boolean isWhole = false;
    try {
      if (piece.bytes == to.byteSize()) {
        file.read(piece.pages, to);
        isWhole = PageFile.sum(to) == piece.sum;
      }
    } catch (IOException e) {
      tell(e);
      throw e;
    } finally {
      end(key, piece, isWhole);
    }
    return isWhole ? Found.WHOLE : Found.BROKEN;
  }

  private synchronized void end(SpillKey key, Piece piece, boolean isWhole) {
    piece.readers--;
    if (piece.gone) {
      drop(piece);
    } else if (!isWhole) {
      remove(key);
    }
  }

  /** Under the lock. */
  private Optional<List<Integer>> makeRoom(long bytes) {
    Optional<List<Integer>> pages = file.take(bytes);
    while (pages.isEmpty() && file.holds(bytes) && evictOldest()) {
      pages = file.take(bytes);
    }
    return pages;
  }

  private boolean evictOldest() {
    Optional<SpillKey> oldest =
        pieces.keySet().stream().filter(key -> pieces.get(key).readers == 0).findFirst();
    oldest.ifPresent(
        key -> {
          remove(key);
          lost++;
        });
    return oldest.isPresent();
  }

  @Override
  public synchronized void remove(SpillKey key) {
    Optional.ofNullable(pieces.remove(key)).ifPresent(this::drop);
  }

  /** Under the lock. */
  private void drop(Piece piece) {
    piece.gone = true;
    if (piece.readers == 0) {
      file.free(piece.pages);
    }
  }

  /** Forgets everything, also what is being written. */
  synchronized void clear() {
    clears++;
    pieces.values().forEach(this::drop);
    pieces.clear();
  }

  @Override
  public synchronized void used(Collection<SpillKey> keys) {
    for (SpillKey key : List.copyOf(keys).reversed()) {
      Optional.ofNullable(pieces.remove(key)).ifPresent(piece -> pieces.put(key, piece));
    }
  }

  private void tell(IOException e) {
    boolean isFirst;
    synchronized (this) {
      isFirst = !told;
      told = true;
    }
    if (isFirst) {
      trouble.accept(
          "the disk of %s fails (%s): what it does not take of the KV cache, or does not give back, is computed again. This is said once; /metrics counts it."
              .formatted(folder, e));
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      tell(e); // the system takes it back all the same
    }
  }
}
