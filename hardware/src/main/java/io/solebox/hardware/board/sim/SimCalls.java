package io.solebox.hardware.board.sim;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The functions of {@code firmware/host/sim.h} and {@code probe.h} by their names. For one thread.
 */
final class SimCalls {
  private static final Linker LINKER = Linker.nativeLinker();

  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> handles = new HashMap<>();

  SimCalls(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** Of a function that returns nothing. */
  void call(String name, Object... arguments) {
    invoke(name, FunctionDescriptor.ofVoid(layouts(arguments)), arguments);
  }

  /** Of a function that returns {@code int} or {@code uint32_t}. */
  int callInt(String name, Object... arguments) {
    return (int) invoke(name, FunctionDescriptor.of(JAVA_INT, layouts(arguments)), arguments);
  }

  /** Of a function that returns {@code int64_t}. */
  long callLong(String name, Object... arguments) {
    return (long) invoke(name, FunctionDescriptor.of(JAVA_LONG, layouts(arguments)), arguments);
  }

  /** Of a function that returns a pointer to so many bytes. */
  MemorySegment callAddress(String name, long bytes, Object... arguments) {
    FunctionDescriptor returns = FunctionDescriptor.of(ADDRESS, layouts(arguments));
    return ((MemorySegment) invoke(name, returns, arguments)).reinterpret(bytes);
  }

  private Object invoke(String name, FunctionDescriptor descriptor, Object... arguments) {
    MethodHandle handle =
        handles.computeIfAbsent(
            name, key -> LINKER.downcallHandle(symbols.findOrThrow(key), descriptor));
    try {
      return handle.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  private static MemoryLayout[] layouts(Object... arguments) {
    return Arrays.stream(arguments).map(SimCalls::layout).toArray(MemoryLayout[]::new);
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer _ -> JAVA_INT;
      case Long _ -> JAVA_LONG;
      case MemorySegment _ -> ADDRESS;
      default -> throw new IllegalArgumentException(argument.getClass().getName());
    };
  }
}
