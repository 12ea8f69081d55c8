package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.fake.PtxMachine;
import io.solebox.backend.cuda.fake.Schedule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The kernels of module {@code all_reduce} on several ranks in one memory, with the tables that
 * they take: struct {@code Exchange} of all_reduce.cu.
 */
final class AllReduceRun {
  private static final int THREADS = 256;
  private static final int TABLE_BYTES = 376;
  private static final int SLOTS = 4; // by turns, of two stages each
  private static final int FLAG_WORDS = 2 * 16; // of both stages, 64 bytes apart

  private final PtxMachine machine;
  private final Shape shape;
  private final long stop;
  private final List<Rank> ranks = new ArrayList<>();

  /**
   * @param slotFloats room for one rank's part
   * @param mostLooks after which waiting ends
   */
  record Shape(int ranks, int slotFloats, int blocks, int mostLooks) {}

  /** How ranks reach each other. */
  interface Reach {
    /** All do. */
    Reach PEERS = (_, _) -> true;

    /** None does: what they have lies where all find it. */
    Reach HOST = (_, _) -> false;

    boolean reaches(int from, int to);
  }

  /** Where a rank writes, for some others. */
  private record Place(long slots, long flags) {}

  /** What a test looks at afterwards. */
  record Rank(long table, long verdict, long failed) {}

  AllReduceRun(String ptx, Schedule schedule, Reach reach, Shape shape) {
    this.machine = new KernelRun(ptx, schedule).machine();
    this.shape = shape;
    this.stop = machine.upload(0);
    var places = new Place[shape.ranks][shape.ranks]; // of the first, where the second finds it
    for (Place[] ofRank : places) {
      int from = List.of(places).indexOf(ofRank);
      Place common = place();
      for (int to = 0; to < shape.ranks; to++) {
        ofRank[to] = reach.reaches(from, to) ? place() : common;
      }
    }
    for (int r = 0; r < shape.ranks; r++) {
      ranks.add(rank(r, places));
    }
  }

  private Place place() {
    long slots = machine.allocate(Float.BYTES * SLOTS * shape.slotFloats);
    return new Place(slots, machine.upload(new int[FLAG_WORDS * shape.blocks]));
  }

  private Rank rank(int rank, Place[][] places) {
    var table = ByteBuffer.allocate(TABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int[] others = IntStream.range(0, shape.ranks).filter(r -> r != rank).toArray();
    Set<Place> targets = new LinkedHashSet<>();
    for (int r : others) {
      targets.add(places[rank][r]);
      table.putLong(128 + 8 * r, places[r][rank].slots).putLong(192 + 8 * r, places[r][rank].flags);
    }
    int t = 0;
    for (Place target : targets) {
      int[] readers = IntStream.of(others).filter(r -> places[rank][r].equals(target)).toArray();
      table.putLong(8 * t, target.slots).putLong(64 + 8 * t, target.flags);
      table.putInt(296 + 4 * t, readers[0]).putInt(328 + 4 * t, readers[readers.length - 1] + 1);
      t++;
    }
    var made = new Rank(0, machine.upload(0), machine.upload(0));
    table.putLong(256, machine.upload(new int[shape.blocks])).putLong(264, made.failed);
    table.putLong(272, stop).putLong(280, made.verdict);
    table.putLong(288, (long) Float.BYTES * shape.slotFloats);
    table.putInt(360, rank).putInt(364, shape.ranks).putInt(368, t).putInt(372, shape.mostLooks);
    return new Rank(machine.upload(table.array()), made.verdict, made.failed);
  }

  PtxMachine machine() {
    return machine;
  }

  List<Rank> ranks() {
    return ranks;
  }

  /** Nobody is to wait any more. */
  void stop() {
    machine.bytes(stop, 4).fill((byte) 1);
  }

  int word(long address) {
    return machine.ints(address, 1)[0];
  }

  /** What each rank has of the sum of all their parts. */
  List<float[]> sum(String entry, List<float[]> parts) {
    return launch(entry, parts, IntStream.range(0, parts.size()).toArray(), _ -> KernelRun.NONE);
  }

  /** The same, with a residual. */
  List<float[]> sum(String entry, List<float[]> parts, float[] residual) {
    int[] all = IntStream.range(0, parts.size()).toArray();
    return launch(entry, parts, all, _ -> machine.upload(residual));
  }

  /** On some of the ranks alone. */
  List<float[]> launch(
      String entry, List<float[]> parts, int[] which, IntFunction<Long> residuals) {
    int count = parts.getFirst().length;
    List<Object[]> arguments = new ArrayList<>();
    List<Long> outs = new ArrayList<>();
    for (int r : which) {
      long out = machine.allocate(Float.BYTES * count);
      outs.add(out);
      long x = machine.upload(parts.get(r));
      arguments.add(new Object[] {out, x, residuals.apply(r), ranks.get(r).table, count});
    }
    machine.launchTogether(entry, shape.blocks, THREADS, arguments);
    return outs.stream().map(out -> machine.floats(out, count)).toList();
  }
}
