package io.solebox.backend.cpu.nativelib;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The instruction sets that kernels are compiled for, best first within an architecture; {@code
 * build.sh} has the compiler options of each.
 */
public enum Isa {
  AVX512BF16("avx2 fma f16c avx512f avx512bw avx512dq avx512vl avx512_vnni avx512_bf16"),
  AVX512("avx2 fma f16c avx512f avx512bw avx512dq avx512vl avx512_vnni"),
  AVXVNNI("avx2 fma f16c avx_vnni"),
  AVX2("avx2 fma f16c"),
  I8MM("asimd asimddp i8mm"),
  DOTPROD("asimd asimddp"),
  NEON("asimd");

  private final Set<String> features;

  /**
   * @param features what the kernels demand, in the words of Linux's {@code /proc/cpuinfo}
   */
  Isa(String features) {
    this.features = Set.of(features.split(" "));
  }

  /** As in symbols of the library and in {@code -Dsolebox.cpu.kernels}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Isa> ofWord(String word) {
    return Arrays.stream(values()).filter(isa -> isa.word().equals(word)).findFirst();
  }

  /** Those that a processor with these features can run, best first. */
  static List<Isa> among(Set<String> cpuFeatures) {
    return Arrays.stream(values()).filter(isa -> cpuFeatures.containsAll(isa.features)).toList();
  }
}
