package io.solebox.server;

import io.solebox.server.http.LineFile;
import io.solebox.server.http.LineSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Who is told of each request when it is over. */
public final class Watching {
  static final Watching NOBODY = new Watching(Optional.empty(), Optional.empty(), false);

  private final Optional<LineSink> accessLog;
  private final Optional<LineSink> traces;
  private final boolean namesUsers;

  private Watching(Optional<LineSink> accessLog, Optional<LineSink> traces, boolean namesUsers) {
    this.accessLog = accessLog;
    this.traces = traces;
    this.namesUsers = namesUsers;
  }

  public static Watching nobody() {
    return NOBODY;
  }

  /**
   * A line of JSON for each request is appended to a file.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR}
   */
  public Watching withAccessLog(Path file) {
    return new Watching(Optional.of(LineFile.open("--access-log", file)), traces, namesUsers);
  }

  /** The same, written to a stream that stays its owner's. */
  public Watching withAccessLog(OutputStream stream) {
    return new Watching(Optional.of(new Lines(stream)), traces, namesUsers);
  }

  /**
   * Spans of each request are appended to a file.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR}
   */
  public Watching withTraces(Path file) {
    return new Watching(accessLog, Optional.of(LineFile.open("--trace-file", file)), namesUsers);
  }

  /** Metrics tell users apart. */
  public Watching withUsersInMetrics() {
    return new Watching(accessLog, traces, true);
  }

  boolean namesUsers() {
    return namesUsers;
  }

  Optional<LineSink> accessLog() {
    return accessLog;
  }

  Optional<LineSink> traces() {
    return traces;
  }

  private record Lines(OutputStream stream) implements LineSink {
    @Override
    public void write(byte[] line) throws IOException {
      synchronized (stream) {
        stream.write(line);
        stream.flush();
      }
    }
  }
}
