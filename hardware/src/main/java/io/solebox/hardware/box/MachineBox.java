package io.solebox.hardware.box;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This machine: its files, and its tools, each of which is asked once. */
public final class MachineBox implements Box {
  /** A dying GPU keeps what asks it waiting for good (bradrlaw/ai-server#27). */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private static final int LONGEST = 64 << 20;

  private final FolderBox files;
  private final Map<String, Tool> tools;
  private final Duration deadline;
  private final Map<String, Reading> said = new ConcurrentHashMap<>();

  private MachineBox(FolderBox files, List<Tool> tools, Duration deadline) {
    this.files = files;
    this.tools = tools.stream().collect(Collectors.toMap(Tool::file, tool -> tool));
    this.deadline = deadline;
  }

  /** This one. */
  public static MachineBox here() {
    try {
      return new MachineBox(new FolderBox(Path.of("/")), Tool.ALL, DEADLINE);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a root that is no folder
    }
  }

  /** One whose files lie in a folder, with tools of the caller's. */
  static MachineBox of(Path root, List<Tool> tools, Duration deadline) throws IOException {
    return new MachineBox(new FolderBox(root), tools, deadline);
  }

  @Override
  public Reading read(String path) {
    Tool tool = tools.get(path);
    return tool == null ? files.read(path) : said.computeIfAbsent(path, _ -> ask(tool));
  }

  @Override
  public List<String> names(String folder) {
    return folder.isEmpty()
        ? Stream.concat(files.names(folder).stream(), tools.keySet().stream()).sorted().toList()
        : files.names(folder);
  }

  @Override
  public Optional<String> link(String path) {
    return files.link(path);
  }

  private Reading ask(Tool tool) {
    Reading last = new Reading.Absent();
    for (List<String> command : tool.commands()) {
      Reading reading = ask(command);
      if (reading instanceof Reading.Content) {
        return reading;
      }
      last = reading instanceof Reading.Unreadable ? reading : last;
    }
    return last;
  }

  private Reading ask(List<String> command) {
    Optional<Path> program = program(command.getFirst());
    if (program.isEmpty()) {
      return new Reading.Absent();
    }
    List<String> started = new ArrayList<>(command);
    started.set(0, program.get().toString());
    ProcessBuilder builder = new ProcessBuilder(started).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return unreadable(command, "cannot be started"); // as under the air gap
    }
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended without reading.
    }
    return answer(command, process);
  }

  /** Some lie where a path of a user without rights does not look. */
  private static Optional<Path> program(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";
    return Stream.of(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Reading answer(List<String> command, Process process) {
    // A thread of its own: one that a dead tool keeps for good must keep no other tool waiting.
    FutureTask<byte[]> output = new FutureTask<>(() -> all(process));
    Thread.ofPlatform().daemon().name("tool-output").start(output);
    try {
      boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        return unreadable(command, "did not answer within " + deadline.toSeconds() + " s");
      }
      byte[] bytes = output.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return judged(command, process.exitValue(), bytes);
    } catch (TimeoutException e) { // what it has begun holds its output open
      return unreadable(command, "did not answer within " + deadline.toSeconds() + " s");
    } catch (ExecutionException e) {
      return unreadable(command, "cannot be heard: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unreadable(command, "was interrupted");
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] all(Process process) {
    try (InputStream in = process.getInputStream()) {
      return in.readNBytes(LONGEST);
    } catch (IOException e) {
      return new byte[0]; // killed at its deadline
    }
  }

  /** Many a tool fails and says what matters: {@code No devices were found}. */
  private static Reading judged(List<String> command, int code, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (code != 0
        && (text.contains("Operation not permitted") || text.contains("Permission denied"))) {
      return new Reading.Unreadable("root is needed");
    }
    if (text.isBlank()) {
      return code == 0 ? new Reading.Content(bytes) : unreadable(command, "failed, saying nothing");
    }
    return new Reading.Content(bytes);
  }

  private static Reading unreadable(List<String> command, String what) {
    return new Reading.Unreadable(String.join(" ", command) + " " + what);
  }
}
