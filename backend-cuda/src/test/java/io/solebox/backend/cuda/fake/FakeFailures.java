package io.solebox.backend.cuda.fake;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Calls that are to fail. */
final class FakeFailures {
  /** Codes after which the context is of no use. */
  private static final Set<Integer> LOSING =
      Set.of(214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 810, 911, 999);

  private final Map<String, Failure> failures = new HashMap<>();

  /** After how many more calls, and with what. */
  private record Failure(int after, int code) {}

  /** Lets the call of {@code function} after {@code calls} good ones fail with this code. */
  void plan(String function, int calls, int code) {
    failures.put(function, new Failure(calls, code));
  }

  /**
   * Throws what is planned for this call.
   *
   * @param here the device that it is of
   */
  void meet(String function, Supplier<FakeDevice> here) {
    Failure failure = failures.get(function);
    if (failure == null) {
      return;
    }
    if (failure.after > 0) {
      failures.put(function, new Failure(failure.after - 1, failure.code));
      return;
    }
    failures.remove(function);
    if (LOSING.contains(failure.code) && here.get().context() != 0) {
      here.get().lose(failure.code);
    }
    throw new FakeError(failure.code, "");
  }
}
