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
  private static final int ATOMIC = 1 << 5;

  private final int warps;
  final byte[] data;

  /** Per word: the bytes of it, the lane and the warp of the last write, and its count. */
  private final int[] writeCount;

  private final byte[] writeBytes;
  private final byte[] writeLane;
  private final byte[] writeWarp;

  /** Per word and warp: lanes and bytes of the last reads, and their count. */
  private final int[] readCount;

  private final int[] readLanes;
  private final byte[] readBytes;

  /** clock[w][v]: what warp w knows of warp v's count. */
  private final int[][] clock;

  SharedMemory(int bytes, int warps) {
    this.warps = warps;
    data = new byte[bytes];
    int words = (bytes + 3) / 4;
    writeCount = new int[words];
    writeBytes = new byte[words];
    writeLane = new byte[words];
    writeWarp = new byte[words];
    readCount = new int[words * warps];
    readLanes = new int[words * warps];
    readBytes = new byte[words * warps];
    clock = new int[warps][warps];
  }

  /** For the next block: everything before is ordered, and the contents are NaN again. */
  void begin() {
    Arrays.fill(data, POISON);
    int latest = 0;
    for (int w = 0; w < warps; w++) {
      latest = Math.max(latest, clock[w][w]);
    }
    for (int w = 0; w < warps; w++) {
      Arrays.fill(clock[w], latest);
      clock[w][w] = latest + 1;
    }
  }

  /** These warps have met at a barrier. */
  void meet(int[] members, int count) {
    int[] joined = new int[warps];
    for (int i = 0; i < count; i++) {
      for (int v = 0; v < warps; v++) {
        joined[v] = Math.max(joined[v], clock[members[i]][v]);
      }
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(joined, 0, clock[members[i]], 0, warps);
      clock[members[i]][members[i]]++;
    }
  }

  /** The lanes of one warp have met. */
  void meetWarp(int warp) {
    clock[warp][warp]++;
  }

  private static int byteMask(int address, int bytes) {
    return ((1 << bytes) - 1 << (address & 3)) & 15;
  }

  /** Notes a read, and finds a write that it races with. */
  void read(int address, int bytes, int warp, int lane) {
    for (int a = address; a < address + bytes; a = (a & ~3) + 4) {
      int word = a >> 2;
      int mask = byteMask(a, Math.min(4, address + bytes - a));
      int writer = writeWarp[word] & 31;
      if ((writeBytes[word] & mask) != 0
          && !ordered(writer, writeLane[word] & 31, writeCount[word], warp, lane)) {
        throw race("reads", "wrote", a, writer, writeLane[word] & 31);
      }
      int mine = word * warps + warp;
      int now = clock[warp][warp];
      if (readCount[mine] != now) {
        readCount[mine] = now;
        readLanes[mine] = 0;
        readBytes[mine] = 0;
      }
      readLanes[mine] |= 1 << lane;
      readBytes[mine] |= (byte) mask;
    }
  }

  /** Notes a write, and finds a read or write that it races with. */
  void write(int address, int bytes, int warp, int lane) {
    for (int a = address; a < address + bytes; a = (a & ~3) + 4) {
      int word = a >> 2;
      int mask = byteMask(a, Math.min(4, address + bytes - a));
      checkWriter(word, mask, warp, lane);
      checkReaders(word, mask, warp, lane);
      setWriter(word, mask, warp, lane, 0);
    }
  }

  /** Notes an atomic change: a race only with what is not atomic. */
  void atomic(int address, int bytes, int warp, int lane) {
    for (int a = address; a < address + bytes; a = (a & ~3) + 4) {
      int word = a >> 2;
      if ((writeWarp[word] & ATOMIC) == 0) {
        checkWriter(word, 15, warp, lane);
      }
      checkReaders(word, 15, warp, lane);
      setWriter(word, 15, warp, lane, ATOMIC);
    }
  }

  private void setWriter(int word, int mask, int warp, int lane, int flag) {
    writeCount[word] = clock[warp][warp];
    writeBytes[word] = (byte) mask;
    writeLane[word] = (byte) lane;
    writeWarp[word] = (byte) (warp | flag);
  }

  private void checkWriter(int word, int mask, int warp, int lane) {
    int writer = writeWarp[word] & 31;
    if ((writeBytes[word] & mask) != 0
        && !ordered(writer, writeLane[word] & 31, writeCount[word], warp, lane)) {
      throw race("writes", "wrote", word * 4, writer, writeLane[word] & 31);
    }
  }

  private void checkReaders(int word, int mask, int warp, int lane) {
    for (int v = 0; v < warps; v++) {
      int index = word * warps + v;
      if ((readBytes[index] & mask) == 0) {
        continue;
      }
      int others = v == warp ? readLanes[index] & ~(1 << lane) : readLanes[index];
      boolean open =
          v == warp ? readCount[index] == clock[warp][warp] : readCount[index] > clock[warp][v];
      if (others != 0 && open) {
        throw race("writes", "read", word * 4, v, Integer.numberOfTrailingZeros(others));
      }
    }
  }

  private boolean ordered(int byWarp, int byLane, int count, int warp, int lane) {
    return byWarp == warp
        ? byLane == lane || count < clock[warp][warp]
        : count <= clock[warp][byWarp];
  }

  private static KernelFault race(String now, String before, int address, int warp, int lane) {
    return new KernelFault(
        KernelFault.Kind.LAUNCH_FAILED,
        "%s shared memory at %d that thread %d %s with no barrier in between"
            .formatted(now, address, warp * Registers.LANES + lane, before));
  }
}
