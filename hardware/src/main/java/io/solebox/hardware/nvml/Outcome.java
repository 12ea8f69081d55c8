package io.solebox.hardware.nvml;

/** What became of something that a GPU was asked for. */
public sealed interface Outcome<T> {
  /** It is so. */
  record Done<T>(T value) implements Outcome<T> {}

  /**
   * NVML has refused.
   *
   * @param code of {@code nvmlReturn_t}: 3 not supported, 4 no permission, 15 GPU is lost
   * @param why in words
   */
  record Refused<T>(int code, String why) implements Outcome<T> {}

  /** Nobody answered in time, or there is no NVML; the GPU may have done it all the same. */
  record Unanswered<T>(String why) implements Outcome<T> {}
}
