package io.solebox.backend.cuda.driver;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the driver's library: where the loader looks, and else in the folders where distributions
 * and containers are known to put it without telling the loader.
 *
 * @param name as in {@code libcuda.so.1}
 * @param architecture as Java names that of this process
 */
record DriverLibrary(String name, List<Path> folders, String architecture) {
  /** The compiler of PTX, which the library opens by its bare name. */
  private static final String COMPILER = "libnvidia-ptxjitcompiler.so.1";

  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
  private static final int CLASS_AT = 4;
  private static final int CLASS_64 = 2;
  private static final int MACHINE_AT = 18;
  private static final int HEADER_BYTES = 20;
  private static final int X86_64 = 62;
  private static final int AARCH64 = 183;

  static DriverLibrary ofThisMachine() {
    String architecture = System.getProperty("os.arch");
    String triple = (architecture.equals("aarch64") ? "aarch64" : "x86_64") + "-linux-gnu";
    List<Path> folders =
        List.of(
                "/usr/local/nvidia/lib64",
                "/usr/lib/" + triple,
                "/usr/lib/" + triple + "/nvidia/current",
                "/usr/lib/" + triple + "/tegra",
                "/usr/lib/" + triple + "/nvidia",
                "/usr/lib64",
                "/usr/lib64/nvidia",
                "/usr/lib/nvidia",
                "/usr/lib/wsl/lib",
                "/run/opengl-driver/lib")
            .stream()
            .map(Path::of)
            .toList();
    return new DriverLibrary("libcuda.so.1", folders, architecture);
  }

  /**
   * The library, which stays loaded: unloading a driver is not safe.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where none can be loaded, with the reason
   *     of each that is there
   */
  SymbolLookup open() {
    try {
      return SymbolLookup.libraryLookup(name, Arena.global());
    } catch (IllegalArgumentException notOfTheLoader) {
      var reasons = new ArrayList<String>();
      for (Path folder : folders) {
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
          Optional<SymbolLookup> library = open(file, reasons);
          if (library.isPresent()) {
            openCompiler(folder.resolve(COMPILER));
            return library.get();
          }
        }
      }
      throw absent(reasons, notOfTheLoader);
    }
  }

  /** Not tried where it cannot be right: Java would print warnings of its own. */
  private Optional<SymbolLookup> open(Path file, List<String> reasons) {
    Optional<String> unfit = unfit(file);
    if (unfit.isEmpty()) {
      try {
        return Optional.of(SymbolLookup.libraryLookup(file, Arena.global()));
      } catch (IllegalArgumentException e) {
        unfit = Optional.of("misses a library that it needs itself (ldd says which)");
      }
    }
    reasons.add(file + " " + unfit.get());
    return Optional.empty();
  }

  /** The driver finds it by its name when it is loaded already, though not by the loader's path. */
  private static void openCompiler(Path file) {
    if (Files.exists(file)) {
      try {
        SymbolLookup.libraryLookup(file, Arena.global());
      } catch (IllegalArgumentException e) {
        // The driver says so itself when it is asked to compile.
      }
    }
  }

  private SoleboxException absent(List<String> reasons, Exception cause) {
    if (reasons.isEmpty()) {
      return new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          "",
          "There is no NVIDIA driver: "
              + name
              + " is not where the loader looks, nor where drivers"
              + " usually put it.",
          "Install the NVIDIA driver, branch 520 or later (on Debian: apt install nvidia-driver);"
              + " a container needs --gpus all.",
          cause);
    }
    return new SoleboxException(
        ErrorCode.DEVICE_UNAVAILABLE,
        "",
        "The NVIDIA driver cannot be loaded: " + String.join("; ", reasons) + ".",
        "Install the driver for this processor (on Debian: apt install nvidia-driver), or put the"
            + " folder of the right "
            + name
            + " into LD_LIBRARY_PATH.",
        cause);
  }

  /** What its header says against it. */
  private Optional<String> unfit(Path file) {
    byte[] header;
    try (InputStream in = Files.newInputStream(file)) {
      header = in.readNBytes(HEADER_BYTES);
    } catch (IOException e) {
      return Optional.of("cannot be read (" + e.getMessage() + ")");
    }
    if (header.length < HEADER_BYTES || !startsWith(header, ELF)) {
      return Optional.of("is no library");
    }
    if (header[CLASS_AT] != CLASS_64) {
      return Optional.of("is a 32-bit library");
    }
    int machine = header[MACHINE_AT] & 0xff | (header[MACHINE_AT + 1] & 0xff) << 8;
    int mine = architecture.equals("aarch64") ? AARCH64 : X86_64;
    return machine == mine
        ? Optional.empty()
        : Optional.of("is for another processor (ELF machine %d)".formatted(machine));
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    for (int i = 0; i < start.length; i++) {
      if (bytes[i] != start[i]) {
        return false;
      }
    }
    return true;
  }
}
