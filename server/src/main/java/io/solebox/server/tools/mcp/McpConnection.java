package io.solebox.server.tools.mcp;

import io.solebox.server.tools.SourceState;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.mcp.http.HttpWire;
import io.solebox.server.tools.mcp.wire.ProcessWire;
import io.solebox.server.tools.mcp.wire.Wire;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One server of tools, as long as this one runs: it is started, asked what it has, asked again when
 * that changes, and started anew, after a while that grows, when it has ended. Safe for many
 * threads.
 */
final class McpConnection implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** A server that cannot say that its tools have changed is asked so often. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private static final int MAX_TOOLS = 200;
  private static final Duration END = Duration.ofSeconds(10);

  private final String name;
  private final McpSettings.Place place;
  private final String version;
  private final PrintStream log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread keeper;
  private boolean outdated; // guarded by the lock, as all below
  private boolean closed;
  private List<Tool> tools = List.of();
  private SourceState state;

  /**
   * Begins.
   *
   * @param version of this server
   * @param log hears what goes wrong
   */
  McpConnection(String name, McpSettings.Place place, String version, PrintStream log) {
    this.name = name;
    this.place = place;
    this.version = version;
    this.log = log;
    this.state = new SourceState(name, place.words(), "starting", Optional.empty());
    this.keeper = Thread.ofVirtual().name("mcp-" + name).start(this::keep);
  }

  /** Those that it has now; none while it does not run. */
  List<Tool> tools() {
    lock.lock();
    try {
      return tools;
    } finally {
      lock.unlock();
    }
  }

  SourceState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        long begun = System.nanoTime();
        failed(serve());
        boolean lasted = System.nanoTime() - begun > LONGEST_PAUSE.toNanos();
        pause = lasted ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private Wire wire() {
    return switch (place) {
      case McpSettings.Program(List<String> command, Map<String, String> environment) ->
          new ProcessWire(command, environment);
      case McpSettings.Address(var url, var headers) -> new HttpWire(url, headers);
    };
  }

  /** Returns why it is over. */
  private String serve() throws InterruptedException {
    Wire wire = wire();
    try (McpClient client = new McpClient(wire, this::outdated)) {
      client.broken().thenAccept(_ -> outdated());
      client.open(version, PATIENCE);
      while (!client.broken().isDone()) {
        read(client);
        await(wire.hearsByItself());
      }
      return client.broken().join();
    } catch (McpException e) {
      return e.getMessage();
    }
  }

  private void read(McpClient client) throws McpException, InterruptedException {
    List<Tool> read = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Map<String, Object> listed : client.tools(MAX_TOOLS, PATIENCE)) {
      try {
        read.add(McpTool.of(name, listed, client));
      } catch (McpException e) {
        leftOut.add(e.getMessage());
      }
    }
    Optional<String> why =
        leftOut.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", leftOut));
    put(read, new SourceState(name, place.words(), "running", why));
  }

  private void failed(String why) {
    put(List.of(), new SourceState(name, place.words(), "failed", Optional.of(why)));
  }

  private void put(List<Tool> read, SourceState next) {
    lock.lock();
    try {
      if (!next.equals(state) && !closed) {
        next.why().ifPresent(why -> log.println("mcp " + name + ": " + why));
      }
      tools = List.copyOf(read);
      state = next;
    } finally {
      lock.unlock();
    }
  }

  private void outdated() {
    lock.lock();
    try {
      outdated = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void await(boolean hearsByItself) throws InterruptedException {
    lock.lock();
    try {
      long nanos = LOOK.toNanos();
      while (!outdated && (hearsByItself || nanos > 0)) {
        if (hearsByItself) {
          changed.await();
        } else {
          nanos = changed.awaitNanos(nanos);
        }
      }
      outdated = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    keeper.interrupt();
    try {
      keeper.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
