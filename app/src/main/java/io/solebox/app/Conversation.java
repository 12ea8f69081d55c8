package io.solebox.app;

import io.solebox.engine.answer.TextStream;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.Generation.FinishReason;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What was said so far, and the answer that is being made. */
final class Conversation {
  private final Session session;
  private final SamplingOptions sampling;
  private final List<ChatMessage> messages = new ArrayList<>();
  private final AtomicReference<TextStream> running = new AtomicReference<>();
  private Optional<String> system;

  Conversation(Session session, SamplingOptions sampling, Optional<String> system) {
    this.session = session;
    this.sampling = sampling;
    this.system = system;
  }

  /** How a message was answered. */
  sealed interface Outcome {
    /** All went well; {@code report} also says if the context is full now. */
    record Answered(AnswerReport report, boolean contextFull) implements Outcome {}

    /** The conversation has outgrown the context; the message was not sent. */
    record TooLong(int tokens, int context) implements Outcome {}
  }

  /**
   * Says {@code text}, and hands the answer on in pieces.
   *
   * @throws io.solebox.engine.error.SoleboxException if the answer broke off; the message is
   *     forgotten
   */
  Outcome say(String text, Consumer<String> pieces) throws InterruptedException {
    messages.add(new ChatMessage("user", text));
    var answer = new StringBuilder();
    try {
      LoadedModel model = session.model();
      Prompt prompt = model.prompts().chat(ChatInput.of(all()), Clock.systemDefaultZone());
      int[] ids = prompt.ids();
      int room = model.contextTokens() - ids.length;
      if (room < 1) {
        messages.removeLast();
        return new Outcome.TooLong(ids.length, model.contextTokens());
      }
      int tokens = sampling.maxTokens(room);
      var params = sampling.params(tokens, model.info().temperature());
      try (var stream =
          new TextStream(model.submit(ids, params), model.tokenizer(), sampling.stops())) {
        running.set(stream);
        for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
          answer.append(piece.get().text());
          pieces.accept(piece.get().text());
        }
        messages.add(new ChatMessage("assistant", answer.toString()));
        var report = new AnswerReport(stream.finishReason(), stream.usage(), session.loadSeconds());
        boolean full = report.reason() == FinishReason.LENGTH && tokens == room;
        return new Outcome.Answered(report, full);
      } finally {
        running.set(null);
      }
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
  }

  private List<ChatMessage> all() {
    var all = new ArrayList<ChatMessage>();
    system.ifPresent(s -> all.add(new ChatMessage("system", s)));
    all.addAll(messages);
    return all;
  }

  /** Ends the answer that is being made. From any thread. */
  void stop() {
    TextStream stream = running.get();
    if (stream != null) {
      stream.close();
    }
  }

  void forget() {
    messages.clear();
  }

  /** Sets the system message and forgets what was said under another one. */
  void system(String text) {
    system = text.isEmpty() ? Optional.empty() : Optional.of(text);
    forget();
  }

  int contextTokens() {
    return session.model().contextTokens();
  }

  int messageCount() {
    return messages.size();
  }
}
