package io.solebox.hardware.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The functions of NVML by their names: each returns a code, and one that the library does not have
 * returns {@link NvmlCode#FUNCTION_NOT_FOUND}. Only ever in a process that may hang. For one
 * thread.
 */
final class NvmlLibrary {
  private static final Linker LINKER = Linker.nativeLinker();

  private final SymbolLookup symbols;
  private final Map<String, Optional<MethodHandle>> handles = new HashMap<>();

  private NvmlLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /**
   * Loads it for the life of the process.
   *
   * @param name that the system's loader knows, or a path
   * @return empty where there is none
   */
  static Optional<NvmlLibrary> load(String name) {
    try {
      return Optional.of(new NvmlLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Calls a function.
   *
   * @param arguments {@code Integer} for unsigned int and enums, {@code Long} for unsigned long
   *     long, {@code MemorySegment} for handles and pointers
   */
  int call(String name, Object... arguments) {
    Optional<MethodHandle> handle = handles.computeIfAbsent(name, key -> find(key, arguments));
    if (handle.isEmpty()) {
      return NvmlCode.FUNCTION_NOT_FOUND;
    }
    try {
      return (int) handle.get().invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  private Optional<MethodHandle> find(String name, Object... arguments) {
    MemoryLayout[] layouts =
        Arrays.stream(arguments).map(NvmlLibrary::layout).toArray(MemoryLayout[]::new);
    return symbols
        .find(name)
        .map(at -> LINKER.downcallHandle(at, FunctionDescriptor.of(JAVA_INT, layouts)));
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
