package io.solebox.app.run;

import io.solebox.app.session.Session;
import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerStream;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What was said so far, and the answer that is being made. */
final class Conversation {
  private final Session session;
  private final SamplingOptions sampling;

  /** As chat templates take them. */
  private final List<Map<String, Object>> messages = new ArrayList<>();

  private final AtomicReference<AnswerStream> running = new AtomicReference<>();
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
   * Says {@code text}, and hands the answer on as it comes.
   *
   * @throws io.solebox.engine.error.SoleboxException if the answer broke off; the message is
   *     forgotten
   */
  Outcome say(String text, Consumer<AnswerEvent> writer) throws InterruptedException {
    messages.add(message("user", text));
    try {
      LoadedModel model = session.model();
      Prompt prompt = model.prompts().chat(ChatInput.ofMaps(all()), Clock.systemDefaultZone());
      int room = model.contextTokens() - prompt.ids().length;
      if (room < 1) {
        messages.removeLast();
        return new Outcome.TooLong(prompt.ids().length, model.contextTokens());
      }
      int tokens = sampling.maxTokens(room);
      var params = sampling.params(tokens, model.info().temperature());
      // No tool is offered here, so nothing that the model says is a call.
      try (var stream = model.answer(prompt, params, sampling.stops(), false)) {
        running.set(stream);
        End end = read(stream, writer);
        boolean full = end.reason() == Reason.LENGTH && tokens == room;
        var report = new AnswerReport(end.reason(), end.usage(), session.loadSeconds());
        return new Outcome.Answered(report, full);
      } finally {
        running.set(null);
      }
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
  }

  /** Remembers the answer when it is complete. */
  private End read(AnswerStream stream, Consumer<AnswerEvent> writer) throws InterruptedException {
    var whole = new WholeAnswer();
    while (true) {
      AnswerEvent event = stream.next().orElseThrow();
      writer.accept(event);
      whole.add(event);
      if (event instanceof End end) {
        Map<String, Object> answer = message("assistant", whole.text());
        if (!whole.reasoning().isEmpty()) {
          answer.put("reasoning_content", whole.reasoning());
        }
        messages.add(answer);
        return end;
      }
    }
  }

  private static Map<String, Object> message(String role, String content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private List<Map<String, Object>> all() {
    var all = new ArrayList<Map<String, Object>>();
    system.ifPresent(s -> all.add(message("system", s)));
    all.addAll(messages);
    return all;
  }

  /** Ends the answer that is being made. From any thread. */
  void stop() {
    AnswerStream stream = running.get();
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
