package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Copies all that one place for recurrent state holds to another, a piece per unit of work. */
final class SlotCopy implements ThreadTeam.Walk {
  private static final long PIECE_BYTES = 1 << 16;

  /** A part of each row of a buffer. */
  private record Piece(Buffer of, long offset, long bytes) {
    void copy(int from, int to) {
      MemorySegment.copy(of.data(), of.at(from) + offset, of.data(), of.at(to) + offset, bytes);
    }
  }

  private final List<Piece> pieces;
  private int from;
  private int to;

  private SlotCopy(List<Piece> pieces) {
    this.pieces = pieces;
  }

  static SlotCopy of(Program program, Function<Slot, Buffer> buffers) {
    List<Piece> pieces = new ArrayList<>();
    for (Slot slot : program.kept()) {
      if (slot.domain() instanceof Domain.Slots) {
        Buffer buffer = buffers.apply(slot);
        for (long at = 0; at < slot.rowBytes(); at += PIECE_BYTES) {
          pieces.add(new Piece(buffer, at, Math.min(PIECE_BYTES, slot.rowBytes() - at)));
        }
      }
    }
    return new SlotCopy(pieces);
  }

  /** What the next walk copies. */
  void begin(int fromSlot, int toSlot) {
    from = fromSlot;
    to = toSlot;
  }

  @Override
  public int phases() {
    return 1;
  }

  @Override
  public int units(int phase) {
    return pieces.size();
  }

  @Override
  public void run(int phase, int unit, int worker) {
    pieces.get(unit).copy(from, to);
  }
}
