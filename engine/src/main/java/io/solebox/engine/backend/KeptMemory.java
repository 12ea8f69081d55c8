package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;

/**
 * What sequences keep, place by place, as bytes that can lie elsewhere for a while. What they mean
 * is the plan's own: they are of use to a plan of the same graph on the same devices, with the same
 * {@link KvType}, and there at any place of the same kind. Used by one engine loop; the memory that
 * it gives is shared, since other threads may do the copying.
 */
public interface KeptMemory {
  /** Bytes of a place, the same for all of its kind; 0 where nothing of it is kept. */
  long bytes(KeptPlace place);

  /**
   * Copies what a place holds to host memory; returns when it is there.
   *
   * @param to {@link #bytes} of it
   * @throws io.solebox.engine.error.SoleboxException as {@link Plan#run}
   */
  void read(KeptPlace place, MemorySegment to);

  /**
   * Overwrites a place, before the next step, with what {@link #read} gave of one of its kind.
   *
   * @param from {@link #bytes} of it; free for other use when this returns
   * @throws io.solebox.engine.error.SoleboxException as {@link Plan#run}
   */
  void write(KeptPlace place, MemorySegment from);
}
