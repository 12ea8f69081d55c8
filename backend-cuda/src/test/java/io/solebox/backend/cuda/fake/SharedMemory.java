package io.solebox.backend.cuda.fake;

import java.util.Arrays;

/**
 * Shared memory of one block, with a watch on its order: two accesses to one place, one of them a
 * write, by two threads with no barrier between them are a race, whatever came out this time.
 *
 * <p>Each warp counts its barriers, and knows from barriers how far the others had counted (a
 * vector clock). An access is ordered before mine if I know its count.
 */
final class SharedMemory {
  private static final byte POISON = (byte) 0xff;
  private static final int ALL_BYTES = 15;

  // Places in the longs below; the lowest four bits of a write are its bytes.
  private static final int ATOMIC = 1 << 4;
  private static final int WRITING_LANE = 8;
  private static final int WRITER = 16;
  private static final int READ_BYTES = 32;
  private static final int COUNT = 36;

  private final int warps;
  final byte[] data;

  /** Per word its last write: the count of its warp, the warp, the lane, {@link #ATOMIC}, bytes. */
  private final long[] writes;

  /** Per warp and word its last reads: the count, the bytes, and the lanes in the lower half. */
  private final long[] reads;

  /** At w * warps + v: what warp w knows of warp v's count. */
  private final int[] clock;

  SharedMemory(int bytes, int warps) {
    this.warps = warps;
    data = new byte[bytes];
    int words = (bytes + 3) / 4;
    writes = new long[words];
    reads = new long[words * warps];
    clock = new int[warps * warps];
  }

  /** For the next block: everything before is ordered, and the contents are NaN again. */
  void begin() {
    Arrays.fill(data, POISON);
    int latest = 0;
    for (int w = 0; w < warps; w++) {
      latest = Math.max(latest, clock[w * warps + w]);
    }
    Arrays.fill(clock, latest);
    for (int w = 0; w < warps; w++) {
      clock[w * warps + w]++;
    }
  }

  /** These warps have met at a barrier. */
  void meet(int[] members, int count) {
    int[] joined = new int[warps];
    for (int i = 0; i < count; i++) {
      for (int v = 0; v < warps; v++) {
        joined[v] = Math.max(joined[v], clock[members[i] * warps + v]);
      }
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(joined, 0, clock, members[i] * warps, warps);
      clock[members[i] * warps + members[i]]++;
    }
  }

  /** The lanes of one warp have met. */
  void meetWarp(int warp) {
    clock[warp * warps + warp]++;
  }

  private static int byteMask(int address, int bytes) {
    return ((1 << bytes) - 1 << (address & 3)) & ALL_BYTES;
  }

  /** Notes a read, and finds a write that it races with. */
  void read(int address, int bytes, int warp, int lane) {
    int end = address + bytes;
    for (int a = address; a < end; a = (a & ~3) + 4) {
      int word = a >> 2;
      int mask = byteMask(a, Math.min(4, end - a));
      checkWriter("reads", a, mask, warp, lane);
      int at = warp * writes.length + word;
      int now = clock[warp * warps + warp];
      long before = reads[at];
      // Reads of an earlier count are forgotten: they are ordered before whatever comes.
      long kept = before >>> COUNT == now ? before : (long) now << COUNT;
      reads[at] = kept | (long) mask << READ_BYTES | 1L << lane;
    }
  }

  /** Notes a write, and finds a read or write that it races with. */
  void write(int address, int bytes, int warp, int lane) {
    for (int a = address; a < address + bytes; a = (a & ~3) + 4) {
      int word = a >> 2;
      int mask = byteMask(a, Math.min(4, address + bytes - a));
      checkWriter("writes", a, mask, warp, lane);
      checkReaders(word, mask, warp, lane);
      setWriter(word, mask, warp, lane, 0);
    }
  }

  /** Notes an atomic change: a race only with what is not atomic. */
  void atomic(int address, int bytes, int warp, int lane) {
    for (int a = address; a < address + bytes; a = (a & ~3) + 4) {
      int word = a >> 2;
      if ((writes[word] & ATOMIC) == 0) {
        checkWriter("writes", a & ~3, ALL_BYTES, warp, lane);
      }
      checkReaders(word, ALL_BYTES, warp, lane);
      setWriter(word, ALL_BYTES, warp, lane, ATOMIC);
    }
  }

  private void setWriter(int word, int mask, int warp, int lane, int flag) {
    long count = clock[warp * warps + warp];
    writes[word] = count << COUNT | warp << WRITER | lane << WRITING_LANE | flag | mask;
  }

  private void checkWriter(String now, int address, int mask, int warp, int lane) {
    long write = writes[address >> 2];
    if ((write & mask) == 0) {
      return;
    }
    int count = (int) (write >>> COUNT);
    int writer = (int) write >> WRITER & 31;
    int byLane = (int) write >> WRITING_LANE & 31;
    int known = clock[warp * warps + writer];
    boolean ordered = writer == warp ? byLane == lane || count < known : count <= known;
    if (!ordered) {
      throw race(now, "wrote", address, writer, byLane);
    }
  }

  private void checkReaders(int word, int mask, int warp, int lane) {
    for (int v = 0; v < warps; v++) {
      long read = reads[v * writes.length + word];
      if ((read >> READ_BYTES & mask) == 0) {
        continue;
      }
      int count = (int) (read >>> COUNT);
      int others = v == warp ? (int) read & ~(1 << lane) : (int) read;
      int known = clock[warp * warps + v];
      if (others != 0 && (v == warp ? count == known : count > known)) {
        throw race("writes", "read", word * 4, v, Integer.numberOfTrailingZeros(others));
      }
    }
  }

  private static KernelFault race(String now, String before, int address, int warp, int lane) {
    return new KernelFault(
        KernelFault.Kind.LAUNCH_FAILED,
        "%s shared memory at %d that thread %d %s with no barrier in between"
            .formatted(now, address, warp * Registers.LANES + lane, before));
  }
}
