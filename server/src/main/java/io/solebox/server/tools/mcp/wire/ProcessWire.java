package io.solebox.server.tools.mcp.wire;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that reads messages from its input and writes them to its output, one a line. It has an
 * environment of its own, and ends with this, with all that it has started.
 */
public final class ProcessWire implements Wire {
  /** What a program is given of this one's environment: what it takes to find other programs. */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "SystemRoot");

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<String> command;
  private final Map<String, String> environment;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);
  private final LastLines complaints = new LastLines();
  private Optional<Process> process = Optional.empty(); // guarded by this, as its input

  /**
   * @param command the program, and its arguments
   * @param environment beside what every program needs
   */
  public ProcessWire(List<String> command, Map<String, String> environment) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
  }

  @Override
  public synchronized void start(Hearer hearer) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> !INHERITED.contains(name));
    builder.environment().putAll(environment);
    Process started = builder.start();
    process = Optional.of(started);
    Thread errors =
        Thread.ofVirtual().name("mcp-errors").start(() -> complain(started.getErrorStream()));
    Thread.ofVirtual().name("mcp-output").start(() -> listen(started, errors, hearer));
  }

  private void complain(InputStream errors) {
    try (Lines lines = new Lines(errors)) {
      Optional<byte[]> line = lines.next();
      while (line.isPresent()) {
        complaints.add(new String(line.get(), StandardCharsets.UTF_8));
        line = lines.next();
      }
    } catch (IOException e) {
      complaints.add(String.valueOf(e.getMessage()));
    }
  }

  private void listen(Process started, Thread errors, Hearer hearer) {
    String why = "";
    try (Lines lines = new Lines(started.getInputStream())) {
      Optional<byte[]> line = lines.next();
      while (line.isPresent()) {
        if (line.get().length > 0) {
          hearer.heard(reader.readObject(line.get()));
        }
        line = lines.next();
      }
    } catch (IOException | JsonException e) {
      why = " What it wrote is no message: " + e.getMessage();
    }
    end(started);
    hearOut(errors);
    String last = complaints.words();
    hearer.broken(
        "The program has ended (%s).%s%s"
            .formatted(
                started.isAlive() ? "it was stopped" : "exit code " + started.exitValue(),
                why,
                last.isEmpty() ? "" : " It said last: " + last));
  }

  /**
   * What a program said last may be read later than that it has ended; others may hold its pipe.
   */
  private static void hearOut(Thread errors) {
    try {
      errors.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void send(Map<String, Object> message) throws IOException {
    Process running = process.orElseThrow(() -> new IOException("It is not running."));
    OutputStream out = running.getOutputStream();
    out.write((json.text(message) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public boolean hearsByItself() {
    return true;
  }

  /** First it is told, then asked, then made. */
  private static void end(Process running) {
    try {
      running.getOutputStream().close();
    } catch (IOException e) {
      // It reads no more, and that is as good.
    }
    List<ProcessHandle> below = running.descendants().toList();
    try {
      if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroy();
      }
      if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    below.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    Optional<Process> running;
    synchronized (this) {
      running = process;
      process = Optional.empty();
    }
    running.ifPresent(ProcessWire::end);
  }
}
