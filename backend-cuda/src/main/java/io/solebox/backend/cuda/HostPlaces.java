package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.PinnedMemory;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Memory of the host that kernels of all ranks reach: words by which the host ends waits and hears
 * why they ended, and a place for each rank that does not reach every other one. Gone with the
 * context that it was made in.
 */
final class HostPlaces implements AutoCloseable {
  private static final int WORD_STEP = 64; // a line of the cache for each
  private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

  private final CudaThread gpu;
  private final int generation;
  private final SumRoom room;
  private final int ranks;
  private final PinnedMemory memory;

  /**
   * @param gpu any of them
   * @param places how many ranks need one
   */
  HostPlaces(CudaThread gpu, SumRoom room, int ranks, int places) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.room = room;
    this.ranks = ranks;
    long bytes = placeAt(places);
    this.memory = gpu.call(() -> PinnedMemory.allocateShared(gpu, bytes));
    begin();
  }

  private long placeAt(int place) {
    return Places.align((1L + ranks) * WORD_STEP) + place * room.placeBytes();
  }

  /** Nothing is said; while no rank runs. */
  void begin() {
    memory.segment().fill((byte) 0);
  }

  boolean intact() {
    return !gpu.lost() && mapped();
  }

  /** The memory of a lost context is there until a new one is made. */
  private boolean mapped() {
    return gpu.generation() == generation;
  }

  /** Ends all waits. */
  void stop() {
    if (mapped()) {
      WORD.setVolatile(memory.segment(), 0L, 1);
    }
  }

  /** Why a rank stopped waiting, as all_reduce.cu numbers it; 0 where it did not. */
  int verdict(int rank) {
    return mapped() ? (int) WORD.getVolatile(memory.segment(), verdictAt(rank)) : 0;
  }

  private static long verdictAt(int rank) {
    return (1L + rank) * WORD_STEP;
  }

  /** Where each of these finds it. */
  List<Addresses> addresses(List<CudaThread> users) {
    return users.stream().map(user -> new Addresses(memory.addressFor(user))).toList();
  }

  /** As kernels of one rank see it. */
  final class Addresses {
    private final long base;

    private Addresses(long base) {
      this.base = base;
    }

    long stop() {
      return base;
    }

    long verdict(int rank) {
      return base + verdictAt(rank);
    }

    long place(int place) {
      return base + placeAt(place);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
