package io.solebox.server.chats.run;

import io.solebox.engine.generation.Priority;
import io.solebox.engine.host.ModelState;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.DetachedAnswer;
import io.solebox.server.answers.Terms;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.models.Models;
import io.solebox.server.receipts.ReceiptWish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Lets models make titles of chats, one after another and behind everything that people wait for:
 * none is begun while an answer of a chat is computed, the engine lets others go first, and no
 * model is loaded for one.
 */
public final class Titles implements AutoCloseable {
  /** Whoever comes when so many wait keeps what the first message begins with. */
  private static final int MOST = 1000;

  private static final int SHOWN = 1500;
  private static final int LONGEST = 80;
  private static final String WISH =
      "Write a title for this conversation: at most six words, in the language of the user."
          + " Answer with the title alone.";

  private final Runs runs;
  private final Models models;
  private final Runs.Asks asks;
  private final Faults faults;
  private final Function<String, Caller> callers;
  private final BiConsumer<Wanted, String> made;
  private final BlockingQueue<Wanted> queue = new ArrayBlockingQueue<>(MOST);
  private final Thread thread;

  /**
   * A title that is wanted.
   *
   * @param model that has answered
   */
  public record Wanted(
      String owner, ChatStore store, String chat, String model, String question, String answer) {}

  /**
   * Begins.
   *
   * @param callers by what is kept for them
   * @param made takes the titles
   */
  public Titles(
      Runs runs,
      Models models,
      Runs.Asks asks,
      Faults faults,
      Function<String, Caller> callers,
      BiConsumer<Wanted, String> made) {
    this.runs = runs;
    this.models = models;
    this.asks = asks;
    this.faults = faults;
    this.callers = callers;
    this.made = made;
    this.thread = Thread.ofVirtual().name("chat-titles").start(this::run);
  }

  /** Asks for one; returns at once. */
  public void want(Wanted wanted) {
    queue.offer(wanted);
  }

  private void run() {
    try {
      while (true) {
        Wanted wanted = queue.take();
        runs.awaitIdle();
        tryToMake(wanted);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** One that cannot be made is missed by nobody: there is what the first message begins with. */
  private void tryToMake(Wanted wanted) throws InterruptedException {
    Caller caller = callers.apply(wanted.owner());
    if (!isLoaded(wanted.model()) || caller.account().noTokens().isPresent()) {
      return;
    }
    try (Models.Use use = models.use(new RequestNotes(), caller)) {
      AnswerRequest asked = asks.read(body(wanted), use);
      Terms terms =
          Terms.USUAL
              .withUser(wanted.owner())
              .withPriority(Priority.BACKGROUND)
              .withReceipt(new ReceiptWish.None());
      try (DetachedAnswer answer =
          DetachedAnswer.submit(List.of(asked.withTerms(terms)), models, faults)) {
        title(answer.await().choices().getFirst().text()).ifPresent(t -> made.accept(wanted, t));
      }
    } catch (RuntimeException e) {
      faults.problem(e, ""); // to the log, if it is ours
    }
  }

  private boolean isLoaded(String model) {
    return models.everything().stream()
        .filter(status -> model.equals(status.name()) || model.startsWith(status.name() + ":"))
        .anyMatch(status -> status.state() instanceof ModelState.Ready);
  }

  private static Map<String, Object> body(Wanted wanted) {
    String said =
        "User: %s\n\nAssistant: %s\n\n%s"
            .formatted(shown(wanted.question()), shown(wanted.answer()), WISH);
    return Teller.ordered(
        "model",
        wanted.model(),
        "messages",
        List.of(Map.of("role", "user", "content", said)),
        "max_tokens",
        40L,
        "temperature",
        0.3,
        "enable_thinking",
        false);
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, whole(text, SHOWN)) + "…";
  }

  /** What a model has said, as a title; empty where it has said nothing. */
  static Optional<String> title(String said) {
    return said.lines()
        .map(
            line ->
                line.strip()
                    .replaceFirst("^(?i)title:\\s*", "")
                    .replaceAll("^[\\s\"'“”„«»#*`]+|[\\s\"'“”«»*`.]+$", ""))
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(line -> line.length() <= LONGEST ? line : line.substring(0, whole(line, LONGEST)));
  }

  /** Not between the halves of a pair. */
  private static int whole(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at - 1)) ? at - 1 : at;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
