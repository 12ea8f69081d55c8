package io.solebox.backend.cuda.fake;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** {@code cp.async}: copies from global to shared memory that end when they are waited for. */
final class AsyncCopies {
  private AsyncCopies() {}

  /** One copy; beyond {@code sourceBytes} zeros are written. */
  record Copy(int to, long from, int bytes, int sourceBytes) {}

  /** The copies up to a commit. */
  static final class Group {
    final List<Copy> copies = new ArrayList<>();
    boolean committed;
  }

  static Instruction of(Statement s, Registers registers) {
    if (s.has("commit_group")) {
      return (warp, mask) -> eachLane(warp, mask, l -> open(warp.copies[l]).committed = true);
    }
    if (s.has("wait_all")) {
      return (warp, mask) -> eachLane(warp, mask, l -> finish(warp, l, 0, true));
    }
    if (s.has("wait_group")) {
      if (!(s.operand(0) instanceof Operand.Number(long keep))) {
        throw s.unsupported();
      }
      return (warp, mask) -> eachLane(warp, mask, l -> finish(warp, l, (int) keep, false));
    }
    return copy(s, registers);
  }

  private interface OneLane {
    void run(int lane);
  }

  private static void eachLane(Warp warp, int mask, OneLane work) {
    for (int l = 0; l < Registers.LANES; l++) {
      if (Loops.on(mask, l)) {
        warp.lane = l;
        work.run(l);
      }
    }
  }

  private static Instruction copy(Statement s, Registers registers) {
    Place to = Place.of(s, s.operand(0), registers);
    Place from = Place.of(s, s.operand(1), registers);
    if (!s.has("shared") || !s.has("global")) {
      throw s.unsupported();
    }
    int bytes = number(s, 2);
    int source =
        registers.intSlot(s, s.operands().size() > 3 ? s.operand(3) : new Operand.Number(bytes));
    return (warp, mask) ->
        eachLane(
            warp,
            mask,
            l -> {
              long target = to.address(warp, l);
              long origin = from.address(warp, l);
              Memory.requireAligned(target, bytes);
              Memory.requireAligned(origin, bytes);
              var copy = new Copy((int) target, origin, bytes, Math.min(bytes, warp.r[source + l]));
              if (warp.block.schedule().deferCopies()) {
                open(warp.copies[l]).copies.add(copy);
              } else {
                perform(warp, l, copy);
              }
            });
  }

  private static int number(Statement s, int index) {
    if (s.operand(index) instanceof Operand.Number(long bits)) {
      return (int) bits;
    }
    throw s.unsupported();
  }

  private static Group open(Deque<Group> groups) {
    if (groups.isEmpty() || groups.peekLast().committed) {
      groups.addLast(new Group());
    }
    return groups.peekLast();
  }

  private static void finish(Warp warp, int lane, int keep, boolean all) {
    Deque<Group> groups = warp.copies[lane];
    long committed = groups.stream().filter(g -> g.committed).count();
    while (committed > keep || (all && !groups.isEmpty())) {
      groups.pollFirst().copies.forEach(copy -> perform(warp, lane, copy));
      committed--;
    }
  }

  private static void perform(Warp warp, int lane, Copy copy) {
    DeviceHeap heap = warp.block.heap();
    Memory.requireShared(warp.block.shared().data, copy.to, copy.bytes);
    warp.block.shared().write(copy.to, copy.bytes, warp.index, lane);
    byte[] shared = warp.block.shared().data;
    for (int i = 0; i < copy.bytes; i++) {
      shared[copy.to + i] = 0;
    }
    if (copy.sourceBytes > 0) {
      DeviceHeap.Allocation from = heap.holding(copy.from, copy.sourceBytes);
      int at = (int) (copy.from - from.base());
      from.fetch(at, copy.sourceBytes);
      System.arraycopy(from.data(), at, shared, copy.to, copy.sourceBytes);
    }
  }
}
