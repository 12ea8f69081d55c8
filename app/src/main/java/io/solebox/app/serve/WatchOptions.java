package io.solebox.app.serve;

import io.solebox.server.Watching;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who is told of requests. */
final class WatchOptions {
  private static final String STDOUT = "-";

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description =
          "Append a line of JSON for each request: what for, how long, how many tokens, never what"
              + " it says; - is stdout.")
  private Optional<Path> accessLog;

  @Option(
      names = "--trace-file",
      paramLabel = "FILE",
      description =
          "Append spans of each request, as OpenTelemetry's collector reads them from a file.")
  private Optional<Path> traceFile;

  @Option(
      names = "--metrics-users",
      description =
          "Tell users apart in /metrics, by their ids. Default: totals by model and group alone.")
  private boolean metricsUsers;

  /**
   * Opens what is to be written.
   *
   * @throws io.solebox.engine.error.SoleboxException if a file cannot be
   */
  Watching watching() {
    Watching watching = metricsUsers ? Watching.nobody().withUsersInMetrics() : Watching.nobody();
    if (accessLog.isPresent()) {
      watching =
          accessLog.get().toString().equals(STDOUT)
              ? watching.withAccessLog(new FileOutputStream(FileDescriptor.out))
              : watching.withAccessLog(accessLog.get());
    }
    return traceFile.isPresent() ? watching.withTraces(traceFile.get()) : watching;
  }
}
