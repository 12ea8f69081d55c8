package io.solebox.app.bundle;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.bundle.BundleMaker;
import io.solebox.store.bundle.RuntimeFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Solebox that runs now, to be brought to another machine. */
final class TravellingRuntime {
  private static final String VERSION = "org.opencontainers.image.version";
  private static final String LAUNCHER = "runtime-launcher.sh";

  /** Of a release, which has its Java and its launcher in it. */
  private static final String RELEASE_LAUNCHER = "release-launcher.sh";

  /** The stamp of a build, and a cache that fits the Java of this machine alone. */
  private static final Set<String> LEFT = Set.of(".built", "solebox.aot");

  private TravellingRuntime() {}

  static BundleMaker.Content of() {
    Path distribution = Environment.distribution().orElseThrow(TravellingRuntime::noDistribution);
    String launcher =
        Files.isDirectory(distribution.resolve("modules")) ? LAUNCHER : RELEASE_LAUNCHER;
    return RuntimeFolder.read(distribution, LEFT, resource(launcher), Map.of(VERSION, version()));
  }

  private static SoleboxException noDistribution() {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "--with-runtime",
        "this Solebox does not run from a distribution that could be brought along",
        "Start it by the launcher 'solebox'.");
  }

  private static byte[] resource(String name) {
    try (InputStream in = TravellingRuntime.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That the build wrote into the module descriptor. */
  private static String version() {
    return Optional.ofNullable(TravellingRuntime.class.getModule().getDescriptor())
        .flatMap(descriptor -> descriptor.rawVersion())
        .orElse("development");
  }
}
