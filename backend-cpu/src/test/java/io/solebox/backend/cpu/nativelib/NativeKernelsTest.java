package io.solebox.backend.cpu.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeKernelsTest {
  private static final Set<String> NOTHING = Set.of("fpu", "sse2");

  @TempDir Path folder;

  /** The library for this machine, where it was built. */
  private static BuiltLibrary.Present built() {
    return switch (BuiltLibrary.forThisMachine()) {
      case BuiltLibrary.Present present -> present;
      case BuiltLibrary.Absent(var reason, var _) -> abort(reason);
    };
  }

  private NativeKernels find(Optional<Isa> forced, Set<String> cpuFeatures) {
    return NativeKernels.find(forced, built(), cpuFeatures, into(folder));
  }

  private static NativeKernels.Loader into(Path folder) {
    return library -> LoadedLibrary.load(library, new LibraryCache(folder));
  }

  @Test
  void knowsInstructionSetsByWhatTheyDemand() {
    assertEquals(List.of(), Isa.among(NOTHING));
    assertEquals(List.of(Isa.AVX2), Isa.among(Set.of("avx2", "fma", "f16c", "sse2")));
    assertEquals(
        List.of(Isa.AVXVNNI, Isa.AVX2), Isa.among(Set.of("avx2", "fma", "f16c", "avx_vnni")));
    assertEquals(List.of(Isa.NEON), Isa.among(Set.of("fp", "asimd", "crc32")));
    assertEquals(List.of(Isa.DOTPROD, Isa.NEON), Isa.among(Set.of("asimd", "asimddp")));
    for (Isa isa : Isa.values()) {
      assertEquals(Optional.of(isa), Isa.ofWord(isa.word()));
    }
  }

  @Test
  void readsWhatAllProcessorsHave() {
    var little = "Features\t: fp asimd crc32";
    var big = "Features\t: fp asimd crc32 asimddp";
    assertEquals(Set.of("fp", "asimd", "crc32"), CpuFeatures.of(List.of(big, "", little, big)));
    assertEquals(
        Set.of("fpu", "avx2"),
        CpuFeatures.of(List.of("model name\t: x", "flags\t\t: fpu avx2", "bugs\t\t: y")));
    assertEquals(Set.of(), CpuFeatures.of(List.of()));
  }

  @Test
  void namesBothSidesWhereTheyDoNotFit() {
    var unusable = assertInstanceOf(NativeKernels.Unusable.class, find(Optional.empty(), NOTHING));
    assertTrue(unusable.reason().contains("the processor has none"), unusable.reason());

    Isa foreign = built().isas().contains(Isa.NEON) ? Isa.AVX2 : Isa.NEON;
    unusable =
        assertInstanceOf(
            NativeKernels.Unusable.class, find(Optional.of(foreign), CpuFeatures.ofThisMachine()));
    assertTrue(unusable.reason().startsWith(foreign.word() + " is needed"), unusable.reason());
  }

  @Test
  void eachInstructionSetOfThisMachineCanBeForced() {
    List<Isa> here = Isa.among(CpuFeatures.ofThisMachine());
    for (Isa isa : built().isas().stream().filter(here::contains).toList()) {
      var usable =
          assertInstanceOf(
              NativeKernels.Usable.class, find(Optional.of(isa), CpuFeatures.ofThisMachine()));
      assertEquals(isa, usable.bind().isa());
    }
  }

  @Test
  void loadsWithoutAHome() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    LoadedLibrary.load(built(), new LibraryCache(file.resolve("below")));
  }

  /** Two processes meet in an empty cache, or one that holds rubbish; both load the library. */
  @Test
  void twoProcessesMayLoadAtOnce() throws Exception {
    Path rubbish = folder.resolve(built().sha256(), BuiltLibrary.FILE);
    for (int round = 0; round < 2; round++) {
      var processes = new ArrayList<Process>();
      for (int i = 0; i < 2; i++) {
        processes.add(start());
      }
      for (Process process : processes) {
        String said = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
      }
      Files.writeString(rubbish, "rubbish");
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            "target/classes:target/test-classes",
            Loading.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .start();
  }

  /** Loads and binds the library with a cache folder of its caller. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) {
      var kernels =
          NativeKernels.find(
              Optional.empty(), built(), CpuFeatures.ofThisMachine(), into(Path.of(args[0])));
      ((NativeKernels.Usable) kernels).bind();
    }
  }
}
