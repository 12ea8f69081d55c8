package io.solebox.engine.backend.trial;

import java.util.List;

/**
 * What a sum over several devices takes, of which each has a part and gets the whole.
 *
 * @param members places of those that take part, at least two
 * @param bytes of the sum
 * @param seconds for one sum, the median
 * @param way how it goes, for people
 */
public record ReduceResult(List<Integer> members, long bytes, double seconds, String way) {
  public ReduceResult {
    members = List.copyOf(members);
  }

  /**
   * Bytes per second that every link had to carry for it, whatever the number of devices: size over
   * time, times {@code 2 (n - 1) / n}, as NVIDIA's nccl-tests count it (PERFORMANCE.md there).
   */
  public double busBandwidth() {
    double n = members.size();
    return bytes / seconds * 2 * (n - 1) / n;
  }
}
