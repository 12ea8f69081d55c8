package io.solebox.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a kernel did, so that results read as multiply-adds and bytes per second. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rates {
  /** Multiply-adds. */
  public long multiplyAdds;

  /** Bytes of weights, or of keys and values. */
  public long bytes;
}
