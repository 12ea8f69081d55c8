package io.solebox.engine.spill;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.OptionalLong;

/** Where on a disk lies what is kept of prefixes. Safe for a loop and a thread that reads. */
interface Disk extends AutoCloseable {
  /** What reading something gave. */
  enum Found {
    WHOLE,
    /** It is not what was written, and was removed. */
    BROKEN,
    /** It has left for others. */
    GONE
  }

  boolean isEmpty();

  /** Of what lies there. */
  long bytes();

  /** Bytes of what is kept; empty where it is not there. */
  OptionalLong find(SpillKey key);

  /**
   * Reads it.
   *
   * @param to filled to its end
   */
  Found read(SpillKey key, MemorySegment to) throws IOException;

  /**
   * These are used now. Those that stand first leave last: what stands behind is of no use without
   * them.
   */
  void used(Collection<SpillKey> keys);

  /** It is of no use. */
  void remove(SpillKey key) throws IOException;

  /** Nobody reads or writes any more. */
  @Override
  void close();
}
