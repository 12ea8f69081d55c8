package io.solebox.engine.spill;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Host memory of a bounded size, taken from the system piece by piece as it is needed. */
final class HostRegion implements AutoCloseable {
  /** Taken at once: small enough that nobody notices how long that takes. */
  private static final long PIECE_BYTES = 1L << 26;

  private static final long ALIGNMENT = 64;

  private record Piece(MemorySegment all, Extents extents) {}

  private final Arena arena = Arena.ofShared();
  private final long bytes;
  private final List<Piece> pieces = new ArrayList<>();
  private long taken; // from the system
  private long used;

  HostRegion(long bytes) {
    this.bytes = bytes;
  }

  long bytes() {
    return bytes;
  }

  long used() {
    return used;
  }

  /** Memory of so many bytes; empty where no part that is free has as many. */
  Optional<MemorySegment> allocate(long size) {
    long whole = aligned(size);
    for (Piece piece : pieces) {
      OptionalLong at = piece.extents().take(whole);
      if (at.isPresent()) {
        used += whole;
        return Optional.of(piece.all().asSlice(at.getAsLong(), size));
      }
    }
    long more = Math.min(bytes - taken, Math.max(PIECE_BYTES, whole));
    if (whole > more) {
      return Optional.empty();
    }
    taken += more;
    pieces.add(new Piece(arena.allocate(more, ALIGNMENT), new Extents(more)));
    return allocate(size);
  }

  /** Gives back what {@link #allocate} gave. */
  void free(MemorySegment part) {
    for (Piece piece : pieces) {
      long at = part.address() - piece.all().address();
      if (at >= 0 && at < piece.all().byteSize()) {
        piece.extents().give(at, aligned(part.byteSize()));
        used -= aligned(part.byteSize());
        return;
      }
    }
    throw new AssertionError("memory of somebody else");
  }

  private static long aligned(long size) {
    return Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT;
  }

  @Override
  public void close() {
    arena.close();
  }
}
