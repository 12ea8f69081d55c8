package io.solebox.server.receipts;

import io.solebox.engine.api.LoadedModel;
import io.solebox.server.http.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * This very program.
 *
 * @param version that the build wrote
 * @param sha256 of the lines {@code <sha256> <module>} of our modules in the order of their names;
 *     that of a module is the SHA-256 of its jar, or of the same kind of lines of its folder
 * @param java the runtime's version
 */
public record Build(String version, String sha256, String java) {
  private static final String OURS = "io.solebox.";
  private static final String DEVELOPMENT = "development";

  /** Of this process. */
  public static Build ofThisProcess() {
    Map<String, Path> modules = new TreeMap<>();
    for (ResolvedModule module : ModuleLayer.boot().configuration().modules()) {
      ModuleReference reference = module.reference();
      if (module.name().startsWith(OURS)) {
        reference.location().ifPresent(place -> modules.put(module.name(), Path.of(place)));
      }
    }
    if (modules.isEmpty()) {
      classPath().forEach((name, place) -> modules.put(name, place));
    }
    Optional<String> version =
        Optional.ofNullable(Build.class.getModule().getDescriptor())
            .flatMap(descriptor -> descriptor.rawVersion());
    return new Build(version.orElse(DEVELOPMENT), digest(modules), Runtime.version().toString());
  }

  /** As tests run it: the places of the two modules whose classes can be named here. */
  private static Map<String, Path> classPath() {
    Map<String, Path> places = new TreeMap<>();
    for (Class<?> each : List.of(LoadedModel.class, Build.class)) {
      try {
        URI place = each.getProtectionDomain().getCodeSource().getLocation().toURI();
        places.put(each.getPackageName(), Path.of(place));
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e); // it is where a class came from
      }
    }
    return places;
  }

  private static String digest(Map<String, Path> named) {
    StringBuilder lines = new StringBuilder();
    named.forEach(
        (name, path) ->
            lines
                .append(Files.isDirectory(path) ? digest(files(path)) : digest(path))
                .append("  ")
                .append(name)
                .append('\n'));
    return hex(Digests.sha256().digest(lines.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static Map<String, Path> files(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> found = new ArrayList<>(all.filter(Files::isRegularFile).toList());
      found.forEach(file -> files.put(folder.relativize(file).toString(), file));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(Path file) {
    MessageDigest digest = Digests.sha256();
    byte[] step = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(step); n >= 0; n = in.read(step)) {
        digest.update(step, 0, n);
      }
      return hex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
