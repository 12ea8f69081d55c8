package io.solebox.backend.cpu.nativelib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the libraries of this build ask of the machine they are loaded on: so that one built today
 * runs with an older C library, or another one.
 */
class SymbolsTest {
  private static final Set<String> MEMORY = Set.of("memcpy", "memmove", "memset");

  static Stream<String> platforms() {
    return Stream.of("linux-x86_64", "linux-aarch64");
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void usesMemoryFunctionsAndNothingElse(String platform) {
    Elf elf = Elf.parse(built(platform).bytes());
    assertTrue(MEMORY.containsAll(elf.undefined()), elf.undefined().toString());
    assertEquals(0, elf.needed().size(), elf.needed().toString());
    assertFalse(elf.stackRuns(), "an executable stack");
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void hasEveryFunctionInEveryInstructionSet(String platform) {
    BuiltLibrary.Present library = built(platform);
    Set<String> defined = Set.copyOf(Elf.parse(library.bytes()).defined());
    assertFalse(library.isas().isEmpty());
    for (Isa isa : library.isas()) {
      var unused =
          new CpuBindings(
              symbol -> {
                assertTrue(defined.contains(symbol), symbol + " is missing");
                return Optional.of(MemorySegment.ofAddress(1)); // bound, never called
              },
              isa);
    }
  }

  @ParameterizedTest
  @MethodSource("platforms")
  void compiledWithoutWarnings(String platform) {
    built(platform);
    assertEquals("0", properties(platform).getProperty("warnings"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"macos-aarch64", "linux-riscv64"})
  void saysWhereThereAreNone(String platform) {
    var absent = (BuiltLibrary.Absent) BuiltLibrary.of(platform);
    assertEquals("There are none for " + platform + ".", absent.reason());
  }

  private static BuiltLibrary.Present built(String platform) {
    return switch (BuiltLibrary.of(platform)) {
      case BuiltLibrary.Present present -> present;
      case BuiltLibrary.Absent(var reason, var _) ->
          properties(platform).getProperty("without").equals("missing")
              ? abort(platform + ": " + reason)
              : fail(platform + ": " + reason);
    };
  }

  private static Properties properties(String platform) {
    String file = BuiltLibrary.FOLDER + platform + "/build.properties";
    var properties = new Properties();
    try (InputStream in = SymbolsTest.class.getResourceAsStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
