package io.solebox.backend.cpu.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The C harness with the libraries of this build: each instruction set on this processor, or on one
 * that qemu-user imitates.
 */
class HarnessTest {
  private static final Path TARGET = Path.of("target/native/harness");
  private static final Path VECTORS = TARGET.resolve("vectors");
  private static final Path SOURCES = Path.of("src/test/native/harness");

  @BeforeAll
  static void writeVectors() throws IOException {
    KernelVectors.write(VECTORS);
  }

  @ParameterizedTest
  @EnumSource(names = {"AVX512BF16", "AVX512", "AVXVNNI", "AVX2"})
  void kernelsOfX86HoldAgainstTheTruth(Isa isa) throws Exception {
    holdAgainstTheTruth(isa, "x86_64");
  }

  /** Slow where they are imitated. */
  @ParameterizedTest
  @EnumSource(names = {"I8MM", "DOTPROD", "NEON"})
  @Tag("slow")
  @Execution(ExecutionMode.CONCURRENT)
  void kernelsOfArmHoldAgainstTheTruth(Isa isa) throws Exception {
    holdAgainstTheTruth(isa, "aarch64");
  }

  private static void holdAgainstTheTruth(Isa isa, String architecture) throws Exception {
    Path folder = Path.of("target/classes" + BuiltLibrary.FOLDER + "linux-" + architecture);
    Path library = folder.resolve(BuiltLibrary.FILE);
    switch (BuiltLibrary.of("linux-" + architecture)) {
      case BuiltLibrary.Absent(var reason, var _) -> abort("SKIPPED: " + reason);
      case BuiltLibrary.Present built -> {
        if (!built.isas().contains(isa)) {
          abort("SKIPPED: " + built.compiler() + " does not know " + isa.word());
        }
      }
    }
    boolean here =
        BuiltLibrary.platform(System.getProperty("os.name"), System.getProperty("os.arch"))
            .equals("linux-" + architecture);
    List<String> command = new ArrayList<>();
    if (!here) {
      command.addAll(emulator(isa));
    } else if (!Isa.among(CpuFeatures.ofThisMachine()).contains(isa)) {
      abort("SKIPPED: this processor has no " + isa.word());
    }
    command.add(harness(isa, architecture, here).toString());
    command.addAll(List.of(library.toString(), isa.word(), VECTORS.toString()));
    String said = run(command, 300);
    assertTrue(said.contains(", 0 failed"), said);
    System.out.println(isa.word() + ": " + said.strip());
  }

  /** A processor that has the instruction set and, where there is one, nothing better. */
  private static List<String> emulator(Isa isa) {
    String cpu =
        switch (isa) {
          case NEON -> "cortex-a72";
          case DOTPROD -> "cortex-a76";
          // Of those that the emulator knows the only one.
          case I8MM -> "max";
          case AVX2, AVXVNNI, AVX512, AVX512BF16 -> abort("SKIPPED: needs an x86-64 processor");
        };
    String libraries = "/usr/aarch64-linux-gnu";
    if (onPath("qemu-aarch64").isEmpty() || !Files.exists(Path.of(libraries, "lib"))) {
      abort("SKIPPED: needs qemu-user and libc6-dev-arm64-cross");
    }
    return List.of("qemu-aarch64", "-cpu", cpu, "-L", libraries);
  }

  /** Compiled for each instruction set anew, as tests run beside each other. */
  private static Path harness(Isa isa, String architecture, boolean here) throws Exception {
    Optional<String> cc = Optional.ofNullable(System.getenv("CC")).filter(c -> !c.isEmpty());
    String compiler =
        here
            ? cc.or(() -> onPath("gcc"))
                .or(() -> onPath("clang"))
                .orElseGet(() -> abort("SKIPPED: no compiler"))
            : architecture + "-linux-gnu-gcc";
    Path program = TARGET.resolve("harness-" + isa.word());
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(List.of("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-DISA=any"));
    command.add("-Isrc/main/native");
    command.addAll(sources());
    command.addAll(List.of("-o", program.toString(), "-lm", "-ldl"));
    run(command, 60);
    return program;
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".c")).sorted().toList();
    }
  }

  /** The harness fails where one that it knows is never called. */
  @Test
  void theHarnessKnowsAllKernels() throws IOException {
    var exported = new TreeSet<String>();
    String header = Files.readString(Path.of("src/main/native/solebox_cpu.h"));
    Matcher matcher = Pattern.compile("EXPORT [^;]*?ISA_NAME\\((\\w+)\\)").matcher(header);
    while (matcher.find()) {
      exported.add(matcher.group(1));
    }
    assertTrue(exported.remove("read_memory"), "measures, and computes nothing");
    String harness = Files.readString(SOURCES.resolve("harness.h"));
    for (String kernel : exported) {
      assertTrue(harness.contains("X(" + kernel + ")"), kernel + " is held against nothing");
    }
    assertTrue(exported.size() > 20, exported.toString());
  }

  private static Optional<String> onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private static String run(List<String> command, int seconds) throws Exception {
    Path output = Files.createTempFile("harness", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail(command + " takes more than " + seconds + " s");
      }
      String said = Files.readString(output);
      assertEquals(0, process.exitValue(), command + ": " + said);
      return said;
    } finally {
      Files.delete(output);
    }
  }
}
