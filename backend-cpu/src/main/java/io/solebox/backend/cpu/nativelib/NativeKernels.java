package io.solebox.backend.cpu.nativelib;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the C kernels can run in this process, and in which instruction set. */
public sealed interface NativeKernels {
  /**
   * @param isa the chosen one
   * @param found those that the processor has
   * @param built those that the library contains
   * @param compiler what compiled it
   */
  record Usable(Isa isa, List<Isa> found, List<Isa> built, String compiler, SymbolLookup symbols)
      implements NativeKernels {
    /** The functions of the chosen instruction set. */
    public CpuBindings bind() {
      return new CpuBindings(symbols, isa);
    }

    /** For people: what there is, and what was chosen. */
    public String describe() {
      return "native kernels: %s (the processor has %s; built with %s: %s)"
          .formatted(isa.word(), words(found), compiler, words(built));
    }
  }

  /** As sentences. The remedy may be empty. */
  record Unusable(String reason, String remedy) implements NativeKernels {}

  /**
   * Loads the library.
   *
   * @param forced the instruction set to use; empty for the best that there is
   */
  static NativeKernels find(Optional<Isa> forced) {
    return switch (BuiltLibrary.forThisMachine()) {
      case BuiltLibrary.Absent(var reason, var remedy) -> new Unusable(reason, remedy);
      case BuiltLibrary.Present built ->
          find(forced, built, CpuFeatures.ofThisMachine(), LoadedLibrary::ofThisProcess);
    };
  }

  /** Brings a library into the process. */
  @FunctionalInterface
  interface Loader {
    SymbolLookup load(BuiltLibrary.Present built) throws IOException;
  }

  static NativeKernels find(
      Optional<Isa> forced, BuiltLibrary.Present built, Set<String> cpuFeatures, Loader loader) {
    List<Isa> found = Isa.among(cpuFeatures);
    Optional<Isa> chosen =
        built.isas().stream()
            .filter(found::contains)
            .filter(isa -> forced.isEmpty() || isa == forced.get())
            .findFirst();
    if (chosen.isEmpty()) {
      return misfit(forced, found, built);
    }
    try {
      SymbolLookup symbols = loader.load(built);
      return new Usable(chosen.get(), found, built.isas(), built.compiler(), symbols);
    } catch (IOException e) {
      return new Unusable(
          "They cannot be loaded: " + e.getMessage() + ".",
          "Set XDG_CACHE_HOME to a folder of yours on a disk that is not mounted with noexec.");
    }
  }

  private static Unusable misfit(
      Optional<Isa> forced, List<Isa> found, BuiltLibrary.Present built) {
    return new Unusable(
        "%s needed; the processor has %s, built were %s."
            .formatted(
                forced.map(isa -> isa.word() + " is").orElse("One instruction set in common is"),
                words(found),
                words(built.isas())),
        forced.isPresent() ? "Name one that both have." : "");
  }

  private static String words(List<Isa> isas) {
    return isas.isEmpty() ? "none" : isas.stream().map(Isa::word).collect(Collectors.joining(", "));
  }
}
