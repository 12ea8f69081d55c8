package io.solebox.server.documents;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has the reader's program read documents, one at a time, in a process without environment, files
 * or time of its own: what a document does to it, it does to nothing else. A process that read one
 * well reads the next, and ends by itself after some idleness, as it does when this one is gone.
 */
public final class ReaderProcess implements DocumentReader {
  private static final String MAIN = "io.solebox.reader.Main";
  private static final int MIB = 1 << 20;

  private final List<String> command;
  private final DocumentLimits limits;
  private final ReentrantLock turn = new ReentrantLock(true);

  /** Changed by who has the turn; ended by {@link #close} whoever has. */
  private volatile Optional<ReaderChild> child = Optional.empty();

  private volatile boolean closed;

  /**
   * @param command starts the program
   */
  ReaderProcess(List<String> command, DocumentLimits limits) {
    this.command = List.copyOf(command);
    this.limits = limits;
  }

  /**
   * The program of a distribution.
   *
   * @param folder with its jars
   * @return empty where it is not there
   */
  public static Optional<ReaderProcess> in(Path folder, DocumentLimits limits) {
    return Files.isDirectory(folder)
        ? Optional.of(of(folder.toAbsolutePath().resolve("*").toString(), limits))
        : Optional.empty();
  }

  /** The program with a class path. */
  public static ReaderProcess of(String classPath, DocumentLimits limits) {
    return new ReaderProcess(command(classPath, limits), limits);
  }

  /** Nothing of the machine but its jars: no folder for files, no list of users, no dumps. */
  private static List<String> command(String classPath, DocumentLimits limits) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + limits.memory() / MIB + "m",
        "-Xss2m",
        "-XX:MaxDirectMemorySize=64m",
        "-XX:MaxMetaspaceSize=256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData",
        "-XX:-CreateCoredumpOnCrash",
        "-XX:+DisableAttachMechanism",
        "-XX:ErrorFile=" + File.separator + "dev/null",
        "-Djava.awt.headless=true",
        "-Djava.io.tmpdir=/dev/null",
        "-Duser.home=/dev/null",
        "-Dlog4j2.statusLoggerLevel=OFF",
        "-cp",
        classPath,
        MAIN,
        String.valueOf(limits.bytes()),
        String.valueOf(limits.characters()),
        String.valueOf(limits.idle().toSeconds()));
  }

  @Override
  public DocumentText read(String name, InputStream content) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      ReaderChild ready = ready(name);
      boolean usable = false;
      try {
        var reading = new Reading(name, limits, ready);
        ReaderAnswer answer = reading.read(content);
        usable = true;
        return answer.text(name);
      } catch (SoleboxException e) {
        throw closed && !usable ? gone() : e;
      } finally {
        if (!usable) {
          end();
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /** One that waits for the bytes of this document. */
  private ReaderChild ready(String name) throws InterruptedException {
    Optional<ReaderChild> before = child;
    if (before.isPresent()) {
      try {
        before.get().begin(name, limits.silence());
        return before.get();
      } catch (IOException e) {
        end(); // it had nothing to do for long enough
      }
    }
    try {
      ReaderChild started = start();
      started.begin(name, limits.silence());
      return started;
    } catch (IOException e) {
      String said = child.map(ReaderChild::said).orElse("");
      end();
      throw closed ? gone() : notStarted(e, said);
    }
  }

  private ReaderChild start() throws IOException {
    var builder = new ProcessBuilder(command).directory(new File(File.separator));
    builder.environment().clear();
    // Java reads the names of its own jars as this says.
    builder.environment().put("LC_ALL", "C.UTF-8");
    var started = new ReaderChild(builder.start());
    child = Optional.of(started);
    if (closed) {
      throw new IOException("closed");
    }
    return started;
  }

  private void end() {
    child.ifPresent(ReaderChild::end);
    child = Optional.empty();
  }

  /** Ends the process in the midst of whatever it reads, and starts none any more. */
  @Override
  public void close() {
    closed = true;
    child.ifPresent(ReaderChild::end);
  }

  private static SoleboxException gone() {
    return new SoleboxException(
        ErrorCode.CLOSED, "documents", "The server is stopping.", "Try again when it runs.");
  }

  private static SoleboxException notStarted(IOException cause, String said) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        "documents",
        "The reader of documents does not start: " + (said.isBlank() ? cause.getMessage() : said),
        "See to that, or install Solebox again.",
        cause);
  }
}
