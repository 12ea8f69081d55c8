package io.solebox.server.documents;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A running reader's program, and the pipes to it. */
final class ReaderChild {
  /** Of what it says beside its answers, in characters. */
  private static final int MOST_SAID = 1000;

  /** In which a process that was killed is gone. */
  private static final int SECONDS_TO_END = 10;

  private final Process process;
  private final ReaderFrames frames;
  private final StringBuffer said = new StringBuffer();

  ReaderChild(Process process) {
    this.process = process;
    this.frames =
        new ReaderFrames(
            new BufferedInputStream(process.getInputStream()),
            new BufferedOutputStream(process.getOutputStream()));
    Thread.ofVirtual().name("reader-said").start(this::listen);
  }

  ReaderFrames frames() {
    return frames;
  }

  /**
   * Names the next document, and waits until it is ready for it.
   *
   * @throws IOException if it is not: it has ended, or is none
   */
  void begin(String name, Duration most) throws IOException {
    try (var watch = new Watch(this::end)) {
      watch.within(most);
      frames.document(name);
      if (!(frames.read() instanceof ReaderFrames.Frame.Ready)) {
        throw new IOException("it does not say that it is ready");
      }
    }
  }

  /** What it said beside its answers, as when it cannot start. */
  String said() {
    return said.toString().strip();
  }

  /** At once, in the midst of whatever it does. */
  void end() {
    process.destroyForcibly();
  }

  /** The code it ended with, once its answers have; absent where it goes on. */
  OptionalInt exitCode() throws InterruptedException {
    return process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  private void listen() {
    var buffer = new byte[1024];
    try (InputStream err = process.getErrorStream()) {
      for (int read = err.read(buffer); read >= 0; read = err.read(buffer)) {
        if (said.length() < MOST_SAID) {
          said.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // it was ended, and says nothing more
    }
  }
}
