package io.solebox.server.tools.mcp;

import io.solebox.server.tools.mcp.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Speaks the Model Context Protocol with one server, as far as tools go: JSON-RPC 2.0 over a wire.
 * It offers the server nothing (no files, no models, no questions to people), answers its pings,
 * and refuses whatever else it asks. Safe for many threads.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-06-18">the protocol</a>
 */
final class McpClient implements AutoCloseable {
  /** The version that is offered. */
  private static final String VERSION = "2025-06-18";

  /** Those in which tools are the same. */
  private static final Set<String> KNOWN = Set.of(VERSION, "2025-03-26", "2024-11-05");

  private static final int NO_SUCH_METHOD = -32601;

  /** How long the reason is waited for of a wire that takes nothing. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Wire wire;
  private final Runnable toolsChanged;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<Map<String, Object>>> waiting =
      new ConcurrentHashMap<>();
  private final CompletableFuture<String> broken = new CompletableFuture<>();

  /**
   * @param toolsChanged told by the server that it has other tools now
   */
  McpClient(Wire wire, Runnable toolsChanged) {
    this.wire = wire;
    this.toolsChanged = toolsChanged;
  }

  /** Begins to speak, and agrees on a version. */
  void open(String ourVersion, Duration patience) throws McpException, InterruptedException {
    try {
      wire.start(
          new Wire.Hearer() {
            @Override
            public void heard(Map<String, Object> message) {
              McpClient.this.heard(message);
            }

            @Override
            public void broken(String why) {
              McpClient.this.breakOff(why);
            }
          });
    } catch (IOException e) {
      throw new McpException("It cannot be started: " + e.getMessage(), e);
    }
    Map<String, Object> agreed =
        ask(
            "initialize",
            Map.of(
                "protocolVersion",
                VERSION,
                "capabilities",
                Map.of(),
                "clientInfo",
                Map.of("name", "solebox", "version", ourVersion)),
            patience);
    if (!(agreed.get("protocolVersion") instanceof String version) || !KNOWN.contains(version)) {
      throw new McpException(
          "It speaks version %s of the protocol, and this server %s."
              .formatted(agreed.get("protocolVersion"), VERSION));
    }
    wire.agreed(version);
    tell("notifications/initialized", Map.of());
  }

  /** Done, with a sentence, when the other side has gone. */
  CompletableFuture<String> broken() {
    return broken;
  }

  /** The first reason is everybody's: that of whoever sweeps up behind it says nothing. */
  private void breakOff(String why) {
    broken.complete(why);
    String first = broken.join();
    waiting.values().forEach(each -> each.completeExceptionally(new McpException(first)));
  }

  private static Map<String, Object> message(Object... pairs) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("jsonrpc", "2.0");
    for (int i = 0; i < pairs.length; i += 2) {
      made.put((String) pairs[i], pairs[i + 1]);
    }
    return made;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws McpException if there is none in time, or it is an error
   */
  Map<String, Object> ask(String method, Map<String, Object> params, Duration patience)
      throws McpException, InterruptedException {
    long id = ids.incrementAndGet();
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    Thread sender = // whoever waits no longer must not wait for a wire either
        Thread.ofVirtual()
            .name("mcp-ask")
            .start(() -> send(message("id", id, "method", method, "params", params), answer));
    boolean heard = false;
    try {
      if (broken.isDone()) {
        throw new McpException(broken.join());
      }
      Map<String, Object> got = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      heard = true;
      return result(got);
    } catch (TimeoutException e) {
      throw new McpException("It took longer than %d s.".formatted(patience.toSeconds()), e);
    } catch (ExecutionException e) {
      heard = true;
      throw new McpException(e.getCause().getMessage(), e);
    } finally {
      waiting.remove(id);
      if (!heard) {
        sender.interrupt();
        Thread.ofVirtual().start(() -> tell("notifications/cancelled", Map.of("requestId", id)));
      }
    }
  }

  private void send(Map<String, Object> message, CompletableFuture<Map<String, Object>> answer) {
    try {
      wire.send(message);
      if (!wire.hearsByItself() && !answer.isDone()) {
        answer.completeExceptionally(new McpException("It answered nothing."));
      }
    } catch (IOException e) {
      sayWhy(e, answer);
    } catch (InterruptedException e) {
      // Nobody waits any more.
    }
  }

  /**
   * A program that has ended reads no more before it is known why: what it said last is worth more
   * than that nothing could be written to it.
   */
  private void sayWhy(IOException e, CompletableFuture<Map<String, Object>> answer) {
    String word = String.valueOf(e.getMessage());
    if (wire.hearsByItself()) {
      broken
          .copy()
          .completeOnTimeout(word, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
          .thenAccept(why -> answer.completeExceptionally(new McpException(why, e)));
    } else {
      answer.completeExceptionally(new McpException(word, e));
    }
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private static Map<String, Object> result(Map<String, Object> answer) throws McpException {
    if (answer.get("error") instanceof Map<?, ?> error) {
      throw new McpException("It says: " + error.get("message"));
    }
    if (answer.get("result") instanceof Map<?, ?> result) {
      return (Map<String, Object>) result;
    }
    throw new McpException("Its answer has no result.");
  }

  private void tell(String method, Map<String, Object> params) {
    try {
      wire.send(message("method", method, "params", params));
    } catch (IOException e) {
      // Whatever is wrong is told where something is asked.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void heard(Map<String, Object> message) {
    if (message.get("method") instanceof String method) {
      Optional.ofNullable(message.get("id"))
          .ifPresentOrElse(id -> answer(id, method), () -> told(method));
    } else if (message.get("id") instanceof Number id) {
      Optional.ofNullable(waiting.get(id.longValue())).ifPresent(one -> one.complete(message));
    }
  }

  private void told(String method) {
    if (method.equals("notifications/tools/list_changed")) {
      toolsChanged.run();
    }
  }

  private void answer(Object id, String method) {
    Map<String, Object> answer =
        method.equals("ping")
            ? message("id", id, "result", Map.of())
            : message(
                "id",
                id,
                "error",
                Map.of("code", NO_SUCH_METHOD, "message", "This client has no such method."));
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                wire.send(answer);
              } catch (IOException | InterruptedException e) {
                // It asked, and does not listen.
              }
            });
  }

  /** All tools, page by page. */
  @SuppressWarnings("unchecked") // the reader makes no other maps
  List<Map<String, Object>> tools(int most, Duration patience)
      throws McpException, InterruptedException {
    List<Map<String, Object>> tools = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Map<String, Object> page =
          ask(
              "tools/list",
              cursor.<Map<String, Object>>map(at -> Map.of("cursor", at)).orElse(Map.of()),
              patience);
      if (!(page.get("tools") instanceof List<?> listed)) {
        throw new McpException("Its list of tools is none.");
      }
      listed.stream()
          .filter(Map.class::isInstance)
          .forEach(each -> tools.add((Map<String, Object>) each));
      cursor = Optional.ofNullable(page.get("nextCursor") instanceof String at ? at : null);
      if (tools.size() > most || (listed.isEmpty() && cursor.isPresent())) {
        throw new McpException("It has more than %d tools.".formatted(most));
      }
    } while (cursor.isPresent());
    return tools;
  }

  @Override
  public void close() {
    wire.close();
    breakOff("This server ends.");
  }
}
