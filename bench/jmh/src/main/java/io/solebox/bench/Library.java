package io.solebox.bench;

import io.solebox.backend.cpu.nativelib.CpuBindings;
import io.solebox.backend.cpu.nativelib.Isa;
import io.solebox.backend.cpu.nativelib.NativeKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The C kernels: the best that this machine has, or those of {@code -Dsolebox.cpu.kernels}. */
final class Library {
  private static final long CACHE_LINE = 64;

  private Library() {}

  static CpuBindings bind() {
    Optional<Isa> forced =
        Optional.ofNullable(System.getProperty("solebox.cpu.kernels")).flatMap(Isa::ofWord);
    return switch (NativeKernels.find(forced)) {
      case NativeKernels.Usable usable -> usable.bind();
      case NativeKernels.Unusable(String reason, String remedy) ->
          throw new IllegalStateException("There are no C kernels. " + reason + " " + remedy);
    };
  }

  /** Memory as kernels want it. */
  static MemorySegment allocate(Arena arena, long bytes) {
    return arena.allocate(bytes, CACHE_LINE);
  }
}
