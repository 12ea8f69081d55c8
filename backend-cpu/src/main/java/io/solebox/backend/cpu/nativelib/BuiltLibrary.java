package io.solebox.backend.cpu.nativelib;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * What {@code build.sh} left in this build for this machine's operating system and architecture:
 * the library, or the reason why there is none.
 */
sealed interface BuiltLibrary {
  /** Where both lie, beside the architecture's name; absolute among the module's resources. */
  String FOLDER = "/io/solebox/backend/cpu/native/";

  String FILE = "libsolebox_cpu.so";

  /**
   * @param isas the instruction sets inside
   * @param sha256 of {@link #bytes()}, in hexadecimal
   */
  record Present(String platform, String compiler, List<Isa> isas, String sha256)
      implements BuiltLibrary {
    byte[] bytes() {
      return resource(platform, FILE)
          .orElseThrow(
              () -> new IllegalStateException(platform + " has properties but no library"));
    }
  }

  record Absent(String reason, String remedy) implements BuiltLibrary {}

  static BuiltLibrary forThisMachine() {
    return of(platform(System.getProperty("os.name"), System.getProperty("os.arch")));
  }

  /** As the folders are named, {@code linux-x86_64}. */
  static String platform(String osName, String osArch) {
    return osName.toLowerCase(Locale.ROOT) + "-" + (osArch.equals("amd64") ? "x86_64" : osArch);
  }

  static BuiltLibrary of(String platform) {
    return resource(platform, "build.properties")
        .map(text -> parse(platform, properties(text)))
        .orElseGet(() -> new Absent("There are none for " + platform + ".", ""));
  }

  private static BuiltLibrary parse(String platform, Properties properties) {
    if (properties.containsKey("without")) {
      return new Absent(properties.getProperty("reason"), properties.getProperty("remedy"));
    }
    String words = properties.getProperty("instruction.sets");
    List<Isa> isas = Arrays.stream(words.split(" ")).flatMap(w -> Isa.ofWord(w).stream()).toList();
    return new Present(
        platform, properties.getProperty("compiler"), isas, properties.getProperty("sha256"));
  }

  private static Properties properties(byte[] text) {
    var properties = new Properties();
    try {
      properties.load(new java.io.ByteArrayInputStream(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  private static Optional<byte[]> resource(String platform, String file) {
    try (InputStream in = BuiltLibrary.class.getResourceAsStream(FOLDER + platform + "/" + file)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
