package io.solebox.backend.cuda.fake;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the kernels of one PTX file without a driver: what a test of a single kernel needs. Every
 * buffer is an allocation of its own, so that an access beyond its end is found.
 */
public final class PtxMachine {
  private final DeviceHeap heap = new DeviceHeap();
  private final PtxModule module;
  private final Schedule schedule;
  private final Interpreter interpreter;

  public PtxMachine(String ptx, Schedule schedule) {
    module = PtxModule.load(ptx, heap);
    this.schedule = schedule;
    interpreter = new Interpreter(heap, schedule);
  }

  /** Memory full of NaN; the result is its address. */
  public long allocate(int bytes) {
    return heap.allocate(bytes);
  }

  public long upload(byte[] data) {
    long address = heap.allocate(data.length);
    bytes(address, data.length).copyFrom(MemorySegment.ofArray(data));
    return address;
  }

  public long upload(float... data) {
    long address = heap.allocate(Float.BYTES * data.length);
    MemorySegment.copy(
        data, 0, bytes(address, 4L * data.length), JAVA_FLOAT_UNALIGNED, 0, data.length);
    return address;
  }

  public long upload(int... data) {
    long address = heap.allocate(Integer.BYTES * data.length);
    MemorySegment.copy(
        data, 0, bytes(address, 4L * data.length), JAVA_INT_UNALIGNED, 0, data.length);
    return address;
  }

  /** A view of device memory. */
  public MemorySegment bytes(long address, long bytes) {
    return heap.segment(address, bytes);
  }

  public float[] floats(long address, int count) {
    var out = new float[count];
    MemorySegment.copy(bytes(address, 4L * count), JAVA_FLOAT_UNALIGNED, 0, out, 0, count);
    return out;
  }

  public int[] ints(long address, int count) {
    var out = new int[count];
    MemorySegment.copy(bytes(address, 4L * count), JAVA_INT_UNALIGNED, 0, out, 0, count);
    return out;
  }

  /** Names of the file's kernels. */
  public Iterable<String> entries() {
    return module.programs().keySet();
  }

  /** Instructions run so far, each for a whole warp. */
  public long instructions() {
    return interpreter.instructions();
  }

  /** Launches with one-dimensional blocks and no dynamic shared memory. */
  public void launch(String entry, int gridX, int gridY, int threads, Object... arguments) {
    launch(entry, gridX, gridY, 1, threads, 0, arguments);
  }

  /**
   * Runs a kernel to its end.
   *
   * @param arguments a {@code Long} for each pointer, {@code Integer}, {@code Float}
   * @throws KernelFault at the first thing that it does wrong
   */
  public void launch(
      String entry,
      int gridX,
      int gridY,
      int gridZ,
      int threads,
      int dynamicSharedBytes,
      Object... arguments) {
    Program program = module.programs().get(entry);
    if (program == null) {
      throw new IllegalArgumentException("no kernel " + entry);
    }
    byte[] block = ParameterBlock.of(program, arguments);
    interpreter.run(
        new Launch(program, gridX, gridY, gridZ, threads, 1, 1, dynamicSharedBytes, block));
  }

  /**
   * Runs kernels of several ranks side by side in this memory, where each may wait for the others:
   * one goes on until it waits, then the next. Whatever they read of each other must be released
   * and acquired.
   *
   * @param arguments of each rank
   * @throws KernelFault at the first thing that one of them does wrong
   */
  public void launchTogether(String entry, int gridX, int threads, List<Object[]> arguments) {
    Program program = module.programs().get(entry);
    var seen = new BlockTraffic.Seen();
    List<Consumer<Interpreter.Waiting>> ranks = new ArrayList<>();
    for (int r = 0; r < arguments.size(); r++) {
      byte[] block = ParameterBlock.of(program, arguments.get(r));
      var launch = new Launch(program, gridX, 1, 1, threads, 1, 1, 0, block);
      var traffic = BlockTraffic.of((long) r * gridX, seen);
      ranks.add(waiting -> new Interpreter(heap, schedule, waiting).run(launch, traffic));
    }
    Turns.take(ranks);
  }
}
