package io.solebox.server.tools.basic;

import io.solebox.server.tools.Arguments;
import io.solebox.server.tools.PageTool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolException;
import io.solebox.server.tools.ToolResult;
import io.solebox.server.tools.ToolSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs a program that a model has written: in the browser of whoever asked, in a worker of a frame
 * that has no origin, no storage and no network. On the server nothing of it runs.
 */
final class ScriptTool implements PageTool {
  private static final String CODE = "code";

  private static final ToolSpec SPEC =
      new ToolSpec(
          "javascript",
          "Runs a JavaScript program in a sandbox without network, files and pages, for ten"
              + " seconds at most. What it prints with console.log, and the value of its last"
              + " expression, is the result.",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of(CODE, Map.of("type", "string", "description", "The whole program")),
              "required",
              List.of(CODE)),
          ToolSpec.BUILT_IN,
          true);

  /** That a call runs is told before it waits: a page that is quick is let wait for it so long. */
  private static final Duration QUICK = Duration.ofSeconds(2);

  private final Map<ToolCaller, CompletableFuture<ToolResult>> waiting = new HashMap<>(); // guarded
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Duration patience;

  /**
   * @param patience how long a page may take
   */
  ScriptTool(Duration patience) {
    this.patience = patience;
  }

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public ToolResult call(Map<String, Object> arguments, ToolCaller who)
      throws InterruptedException {
    new Arguments(arguments).text(CODE); // no page is asked for nothing
    CompletableFuture<ToolResult> result = new CompletableFuture<>();
    await(who, result);
    try {
      return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new ToolException(
          "No page with this chat has run it within %d seconds: it runs in the browser, and only"
                  .formatted(patience.toSeconds())
              + " while the chat is open there.");
    } finally {
      forget(who, result);
    }
  }

  @Override
  public boolean answer(ToolCaller who, ToolResult result) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = QUICK.toNanos();
      while (!waiting.containsKey(who) && nanos > 0) {
        nanos = more.awaitNanos(nanos);
      }
      return Optional.ofNullable(waiting.remove(who))
          .filter(its -> its.complete(result))
          .isPresent();
    } finally {
      lock.unlock();
    }
  }

  private void await(ToolCaller who, CompletableFuture<ToolResult> result) {
    lock.lock();
    try {
      waiting.put(who, result);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void forget(ToolCaller who, CompletableFuture<ToolResult> result) {
    lock.lock();
    try {
      waiting.remove(who, result);
    } finally {
      lock.unlock();
    }
  }
}
