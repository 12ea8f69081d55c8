package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.Prefilling;
import io.solebox.engine.answer.AnswerEvent.Progress;
import io.solebox.engine.answer.AnswerEvent.Waiting;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.json.JsonWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/**
 * What a stream tells of how the answer is made, where that was asked for: how far the prompt is,
 * and times, in llama-server's words ({@code prompt_progress}, {@code timings}). Owned by one
 * thread.
 */
final class StreamNotes {
  private final JsonWriter json;
  private final AnswerHead head;
  private final String object;
  private final Writing writing;
  private final int droppedMessages;
  private final long since = System.nanoTime();
  private final Map<Integer, Clock> clocks = new HashMap<>();

  /** Of a choice. */
  private static final class Clock {
    private final long firstNanos = System.nanoTime();
    private int tokens;
    private Optional<Usage> usage = Optional.empty();
  }

  /**
   * @param object of the chunks
   */
  StreamNotes(JsonWriter json, AnswerHead head, String object, CommonFields.Ask ask) {
    this.json = json;
    this.head = head;
    this.object = object;
    this.writing = ask.writing();
    this.droppedMessages = ask.first().fit().dropped();
  }

  /** A chunk without choices. */
  Optional<byte[]> chunk(int choice, Progress progress) {
    if (!writing.progress()) {
      return Optional.empty();
    }
    return Optional.of(
        json.write(
            out -> {
              out.writeStartObject();
              head.write(out, object);
              out.writeArrayPropertyStart("choices");
              out.writeEndArray();
              head.writeNoUsage(out);
              write(out, choice, progress);
              out.writeEndObject();
            }));
  }

  private void write(JsonGenerator out, int choice, Progress progress) {
    switch (progress) {
      case Waiting(int ahead) -> {
        out.writeObjectPropertyStart("queue");
        out.writeNumberProperty("index", choice);
        out.writeNumberProperty("ahead", ahead);
      }
      case Prefilling(int computed, int cached, int total) -> {
        out.writeObjectPropertyStart("prompt_progress");
        out.writeNumberProperty("index", choice);
        out.writeNumberProperty("total", total);
        out.writeNumberProperty("cache", cached);
        out.writeNumberProperty("processed", computed);
      }
    }
    out.writeNumberProperty("time_ms", millis(System.nanoTime() - since));
    out.writeEndObject();
  }

  void token(int choice) {
    clocks.computeIfAbsent(choice, _ -> new Clock()).tokens++;
  }

  void end(int choice, Usage usage) {
    clocks.computeIfAbsent(choice, _ -> new Clock()).usage = Optional.of(usage);
  }

  /** As members of a chunk of the choice. */
  void write(JsonGenerator out, int choice) {
    Clock clock = clocks.get(choice);
    if (clock != null && writing.timings()) {
      writeTimings(out, clock);
    }
    if (clock != null && clock.usage.isPresent()) {
      writeDropped(out, clock.usage.get().droppedTokens());
    }
  }

  /** In the last chunk of a choice, whether or not the stream tells its usage. */
  private void writeDropped(JsonGenerator out, int tokens) {
    if (droppedMessages > 0 || tokens > 0) {
      out.writeObjectPropertyStart("solebox");
      UsageWriter.writeDropped(out, droppedMessages, tokens);
      out.writeEndObject();
    }
  }

  private void writeTimings(JsonGenerator out, Clock clock) {
    out.writeObjectPropertyStart("timings");
    if (clock.usage.isPresent()) {
      Usage usage = clock.usage.get();
      out.writeNumberProperty("cache_n", usage.cachedTokens());
      out.writeNumberProperty("prompt_n", usage.promptTokens() - usage.cachedTokens());
      write(out, usage.prefillNanos(), usage.completionTokens(), usage.decodeNanos());
    } else {
      long decode = System.nanoTime() - clock.firstNanos;
      write(out, clock.firstNanos - since, clock.tokens, decode);
    }
    out.writeEndObject();
  }

  /**
   * @param decodeNanos from the first token to the last
   */
  private static void write(JsonGenerator out, long promptNanos, int tokens, long decodeNanos) {
    out.writeNumberProperty("prompt_ms", millis(promptNanos));
    out.writeNumberProperty("predicted_n", tokens);
    out.writeNumberProperty("predicted_ms", millis(decodeNanos));
    double perSecond = decodeNanos > 0 ? (tokens - 1) * 1e9 / decodeNanos : 0;
    out.writeNumberProperty("predicted_per_second", Math.max(0, Math.rint(perSecond * 100) / 100));
  }

  private static double millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }
}
