package io.solebox.hardware.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Asks NVML for values that it writes behind a pointer, each in a piece of memory that is used
 * again.
 */
final class Asker {
  /** Room for a list of clocks: real ones have fewer than 200. */
  private static final int MOST = 1024;

  private final NvmlLibrary library;
  private final MemorySegment scratch = Arena.ofAuto().allocate(8L * MOST, 8);
  private final MemorySegment number = Arena.ofAuto().allocate(8, 8);

  Asker(NvmlLibrary library) {
    this.library = library;
  }

  /** The value of a function whose last parameter is {@code unsigned int *}. */
  Outcome<Long> u32(String function, Object... before) {
    return written(function, out -> Integer.toUnsignedLong(out.get(JAVA_INT, 0)), before);
  }

  /** The value of a function whose last parameter is {@code unsigned long long *}. */
  Outcome<Long> u64(String function, Object... before) {
    return written(function, out -> out.get(JAVA_LONG, 0), before);
  }

  /** A value of a function whose last parameter points at what is made of it. */
  <T> Outcome<T> written(String function, Function<MemorySegment, T> made, Object... before) {
    scratch.fill((byte) 0);
    return outcome(call(function, before, scratch), () -> made.apply(scratch));
  }

  /** As {@link #written}, with a version that the structure begins with. */
  <T> Outcome<T> versioned(
      String function, int version, Function<MemorySegment, T> made, Object... before) {
    scratch.fill((byte) 0);
    scratch.set(JAVA_INT, 0, version);
    return outcome(call(function, before, scratch), () -> made.apply(scratch));
  }

  /** A text of a function whose last parameters are {@code char *, unsigned int length}. */
  Outcome<String> text(String function, int length, Object... before) {
    scratch.fill((byte) 0);
    return outcome(call(function, before, scratch, length), () -> scratch.getString(0));
  }

  /** The values of a function whose last parameters are several {@code unsigned int *}. */
  Outcome<List<Long>> u32s(String function, int count, Object... before) {
    scratch.fill((byte) 0);
    Object[] outs = new Object[count];
    Arrays.setAll(outs, i -> scratch.asSlice(8L * i, 4));
    return outcome(
        call(function, before, outs),
        () -> {
          List<Long> values = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            values.add(Integer.toUnsignedLong(scratch.get(JAVA_INT, 8L * i)));
          }
          return values;
        });
  }

  /** A list of a function whose last parameters are {@code unsigned int *count, unsigned int *}. */
  Outcome<List<Integer>> list(String function, Object... before) {
    number.set(JAVA_INT, 0, MOST);
    return outcome(
        call(function, before, number, scratch),
        () -> {
          List<Integer> values = new ArrayList<>();
          for (int i = 0; i < Math.min(MOST, number.get(JAVA_INT, 0)); i++) {
            values.add(scratch.getAtIndex(JAVA_INT, i));
          }
          return values;
        });
  }

  /** How many a function has to list: it is offered no room, and says how much it needs. */
  Outcome<Long> count(String function, Object... before) {
    number.set(JAVA_INT, 0, 0);
    int code = call(function, before, number, MemorySegment.NULL);
    boolean told = code == NvmlCode.INSUFFICIENT_SIZE;
    return outcome(
        told ? NvmlCode.SUCCESS : code, () -> Integer.toUnsignedLong(number.get(JAVA_INT, 0)));
  }

  /** That something was done. */
  Outcome<Void> done(String function, Object... arguments) {
    int code = library.call(function, arguments);
    return code == NvmlCode.SUCCESS
        ? new Outcome.Done<>(null)
        : new Outcome.Refused<>(code, NvmlCode.words(code));
  }

  private int call(String function, Object[] before, Object... outs) {
    Object[] all = Arrays.copyOf(before, before.length + outs.length);
    System.arraycopy(outs, 0, all, before.length, outs.length);
    return library.call(function, all);
  }

  /** A value that is made only where there is one. */
  private interface Made<T> {
    T get();
  }

  private static <T> Outcome<T> outcome(int code, Made<T> value) {
    return code == NvmlCode.SUCCESS
        ? new Outcome.Done<>(value.get())
        : new Outcome.Refused<>(code, NvmlCode.words(code));
  }
}
