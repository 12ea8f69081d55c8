package io.solebox.server.tools;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Faults;
import io.solebox.server.http.People;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The tools that there are, and which of them an administrator has allowed: none until then. What a
 * tool says is cut where it is long, and one that takes too long is ended. Safe for many threads.
 */
public final class Toolbox {
  /** UTF-16 units that a model hears of one result. */
  public static final int MAX_RESULT = 32 << 10;

  private final List<ToolSource> sources;
  private final AllowedTools allowed;
  private final People people;
  private final Faults faults;
  private final Duration patience;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  /**
   * A tool, and whether it may be used.
   *
   * @param changed whether it was allowed when it said something else
   * @param audience for whom alone it is allowed; empty for everybody
   */
  public record Offer(Tool tool, boolean allowed, boolean changed, Optional<Audience> audience) {
    public ToolSpec spec() {
      return tool.spec();
    }
  }

  /**
   * @param sources the first that has a name has it for good
   * @param people who is in which group
   * @param patience how long a call may take
   */
  public Toolbox(
      List<ToolSource> sources,
      AllowedTools allowed,
      People people,
      Faults faults,
      Duration patience) {
    this.sources = List.copyOf(sources);
    this.allowed = allowed;
    this.people = people;
    this.faults = faults;
    this.patience = patience;
  }

  /** All of them, as they come. */
  public List<Offer> all() {
    Map<String, AllowedTools.Allowed> known = allowed.all();
    List<Offer> all = new ArrayList<>();
    for (ToolSource source : sources) {
      for (Tool tool : source.tools()) {
        String name = tool.spec().name();
        if (all.stream().noneMatch(each -> each.spec().name().equals(name))) {
          all.add(offer(tool, Optional.ofNullable(known.get(name))));
        }
      }
    }
    return all;
  }

  private static Offer offer(Tool tool, Optional<AllowedTools.Allowed> known) {
    String fingerprint = tool.spec().fingerprint();
    boolean same = known.filter(its -> its.fingerprint().equals(fingerprint)).isPresent();
    return new Offer(
        tool, same, known.isPresent() && !same, known.flatMap(AllowedTools.Allowed::audience));
  }

  /** Those that somebody's chats may use. */
  public List<Offer> of(String owner) {
    return all().stream().filter(offer -> isFor(offer, owner)).toList();
  }

  private boolean isFor(Offer offer, String owner) {
    return offer.allowed() && offer.audience().map(its -> its.has(owner, people)).orElse(true);
  }

  /** How it is with those that offer them. */
  public List<SourceState> states() {
    return sources.stream().flatMap(source -> source.states().stream()).toList();
  }

  public Optional<Offer> find(String name) {
    return all().stream().filter(each -> each.spec().name().equals(name)).findFirst();
  }

  /** One that somebody's chats may use now. */
  public Optional<Tool> usable(String owner, String name) {
    return find(name).filter(offer -> isFor(offer, owner)).map(Offer::tool);
  }

  /**
   * @throws Problem 400 where they may not use it
   */
  public Tool required(String owner, String name) {
    return usable(owner, name)
        .orElseThrow(
            () ->
                Problem.of(
                        400,
                        "tool_not_allowed",
                        ("The tool '%s' is not there, or no administrator allows it to you. Choose"
                                + " others for this chat.")
                            .formatted(Texts.abbreviated(name)))
                    .withParam("tools"));
  }

  /** What administrators have decided. */
  public AllowedTools allowed() {
    return allowed;
  }

  /**
   * Does what a model has asked for, whatever comes of it.
   *
   * @param arguments as the model has written them
   * @throws InterruptedException if nobody waits for it any more; it may have been done
   */
  public ToolResult call(String name, String arguments, ToolCaller who)
      throws InterruptedException {
    Optional<Tool> tool = usable(who.owner(), name);
    if (tool.isEmpty()) {
      return ToolResult.failed("There is no tool '%s' that may be used here.".formatted(name));
    }
    try {
      Map<String, Object> read = read(arguments);
      return bounded(inTime(tool.get(), read, who));
    } catch (ToolException e) {
      return bounded(ToolResult.failed(e.getMessage()));
    }
  }

  private Map<String, Object> read(String arguments) {
    try {
      String given = arguments.isBlank() ? "{}" : arguments;
      return reader.readObject(given.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new ToolException("The arguments are no JSON object: " + e.getMessage());
    }
  }

  private ToolResult inTime(Tool tool, Map<String, Object> arguments, ToolCaller who)
      throws InterruptedException {
    CompletableFuture<ToolResult> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofVirtual()
            .name("tool")
            .start(
                () -> {
                  try {
                    result.complete(tool.call(arguments, who));
                  } catch (InterruptedException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                  }
                });
    try {
      return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ToolException(
          "It took longer than %d seconds and was ended; it may have had its effect."
              .formatted(patience.toSeconds()));
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      thread.interrupt();
    }
  }

  /** Of what no tool should throw, the log knows more. */
  private ToolException failure(Throwable cause) {
    return cause instanceof ToolException own
        ? own
        : new ToolException("The tool failed. " + faults.problem(cause, "").getMessage());
  }

  private static ToolResult bounded(ToolResult result) {
    String text = result.text();
    if (text.length() <= MAX_RESULT) {
      return result;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_RESULT - 1)) ? MAX_RESULT - 1 : MAX_RESULT;
    String cut =
        "%s\n[The result is cut here: it has %d characters, and %d are shown.]"
            .formatted(text.substring(0, end), text.length(), end);
    return new ToolResult(cut, result.failed(), result.shown());
  }
}
