package io.solebox.hardware.board.sim;

import io.solebox.hardware.answer.Said;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * The C library that {@code firmware/host/build.sh} left in this build for this machine, or the
 * reason why there is none.
 */
final class BoardLibrary {
  /** Where library and properties lie, beside the architecture's name. */
  static final String FOLDER = "/io/solebox/hardware/board/native/";

  static final String FILE = "libsolebox_board.so";

  private BoardLibrary() {}

  /** Brings it into the process, where it stays as long as the arena lives. */
  static Said<SymbolLookup> load(Arena arena) {
    return load(platform(System.getProperty("os.name"), System.getProperty("os.arch")), arena);
  }

  /** As the folders are named, {@code linux-x86_64}. */
  static String platform(String osName, String osArch) {
    return osName.toLowerCase(Locale.ROOT) + "-" + (osArch.equals("amd64") ? "x86_64" : osArch);
  }

  static Said<SymbolLookup> load(String platform, Arena arena) {
    Optional<byte[]> text = resource(platform, "build.properties");
    if (text.isEmpty()) {
      return new Said.No<>("There is no simulated board for " + platform + ".");
    }
    Properties properties = properties(text.get());
    if (properties.containsKey("without")) {
      return new Said.No<>(
          properties.getProperty("reason") + " " + properties.getProperty("remedy"));
    }
    return resource(platform, FILE)
        .filter(bytes -> sha256(bytes).equals(properties.getProperty("sha256")))
        .map(bytes -> open(bytes, arena))
        .orElseGet(
            () ->
                new Said.No<>(
                    "The simulated board is not the one that was built. Build Solebox again."));
  }

  /** A library that is mapped needs its file no more. */
  private static Said<SymbolLookup> open(byte[] library, Arena arena) {
    try {
      Path folder = Files.createTempDirectory("solebox-"); // only for its owner
      Path file = folder.resolve(FILE);
      try {
        Files.write(file, library);
        return new Said.Yes<>(SymbolLookup.libraryLookup(file, arena));
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Said.No<>(
          "The simulated board cannot be loaded from %s (%s). Name a folder from which programs may run: java -Djava.io.tmpdir=FOLDER."
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()));
    }
  }

  private static Properties properties(byte[] text) {
    var properties = new Properties();
    try {
      properties.load(new ByteArrayInputStream(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  private static Optional<byte[]> resource(String platform, String file) {
    try (InputStream in = BoardLibrary.class.getResourceAsStream(FOLDER + platform + "/" + file)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
