package io.solebox.backend.cpu;

import io.solebox.engine.backend.KeptPlace;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

/**
 * Copies a place that sequences keep out of the plan's memory, or back: the rows of all its
 * buffers, in the program's order. One thread, since it may write as fast as a disk reads.
 */
final class KeptCopy {
  private final List<Buffer> kept;

  private KeptCopy(List<Buffer> kept) {
    this.kept = kept;
  }

  static KeptCopy of(Program program, Function<Slot, Buffer> buffers) {
    return new KeptCopy(program.kept().stream().map(buffers).toList());
  }

  long bytes(KeptPlace place) {
    return buffers(place).stream().mapToLong(Buffer::rowBytes).sum();
  }

  void read(KeptPlace place, MemorySegment to) {
    int row = row(place);
    long at = 0;
    for (Buffer buffer : buffers(place)) {
      MemorySegment.copy(buffer.data(), buffer.at(row), to, at, buffer.rowBytes());
      at += buffer.rowBytes();
    }
  }

  void write(KeptPlace place, MemorySegment from) {
    int row = row(place);
    long at = 0;
    for (Buffer buffer : buffers(place)) {
      MemorySegment.copy(from, at, buffer.data(), buffer.at(row), buffer.rowBytes());
      at += buffer.rowBytes();
    }
  }

  private static int row(KeptPlace place) {
    return switch (place) {
      case KeptPlace.Block(_, int block) -> block;
      case KeptPlace.Slot(int slot) -> slot;
    };
  }

  private List<Buffer> buffers(KeptPlace place) {
    Domain domain =
        switch (place) {
          case KeptPlace.Block(int group, _) -> new Domain.Blocks(group);
          case KeptPlace.Slot _ -> Domain.SLOTS;
        };
    return kept.stream().filter(buffer -> buffer.domain().equals(domain)).toList();
  }
}
