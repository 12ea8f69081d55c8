package io.solebox.hardware.nvml;

import java.util.function.Function;

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

  /** Something else made of the value, where there is one. */
  default <R> Outcome<R> map(Function<T, R> made) {
    return flatMap(value -> new Done<>(made.apply(value)));
  }

  /** What is asked for next, where this was done. */
  default <R> Outcome<R> flatMap(Function<T, Outcome<R>> next) {
    return switch (this) {
      case Done<T>(T value) -> next.apply(value);
      case Refused<T>(int code, String why) -> new Refused<>(code, why);
      case Unanswered<T>(String why) -> new Unanswered<>(why);
    };
  }

  /** Why it is not so; empty where it is. */
  default String why() {
    return switch (this) {
      case Done<T> _ -> "";
      case Refused<T>(int _, String why) -> why;
      case Unanswered<T>(String why) -> why;
    };
  }
}
