package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.generation.Generation.Logprobs;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.answers.TokenParts;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** {@code text_completion}, whole and in chunks. */
final class CompletionFormat implements AnswerFormat {
  private static final String OBJECT = "text_completion";

  private final JsonWriter json;
  private final AnswerHead head;
  private final LogprobsWriter logprobs;
  private final boolean withLogprobs;
  private final Selection selection;
  private final CommonFields.Ask ask;
  private final StreamEnd streamEnd;
  private final StreamNotes notes;
  private final PendingTokens pending;

  /**
   * Which answers are shown.
   *
   * @param of answers to each prompt
   * @param best of them, by their mean log-probability
   * @param withLogprobs whether these are shown; they are there in any case where some are chosen
   */
  record Selection(int of, int best, boolean withLogprobs) {
    boolean chooses() {
      return best < of;
    }

    List<WholeAnswer> from(List<WholeAnswer> all) {
      if (!chooses()) {
        return all;
      }
      List<WholeAnswer> chosen = new ArrayList<>();
      for (int from = 0; from < all.size(); from += of) {
        all.subList(from, from + of).stream()
            .sorted(Comparator.comparingDouble(Selection::meanLogprob).reversed())
            .limit(best)
            .forEach(chosen::add);
      }
      return chosen;
    }

    /** An answer without tokens is as likely as can be. */
    private static double meanLogprob(WholeAnswer answer) {
      return answer.tokens().stream()
          .flatMap(token -> token.logprobs().stream())
          .mapToDouble(Logprobs::chosen)
          .average()
          .orElse(0);
    }
  }

  CompletionFormat(JsonWriter json, CommonFields.Ask ask, Selection selection, Clock clock) {
    AnswerRequest first = ask.first();
    this.json = json;
    this.ask = ask;
    this.selection = selection;
    this.head = AnswerHead.of("cmpl-", ask, clock);
    this.withLogprobs = selection.withLogprobs();
    this.logprobs =
        new LogprobsWriter(
            new TokenParts(first.model().tokenizer()), first.params().logprobs().orElse(0) > 0);
    this.streamEnd = new StreamEnd(json, head, OBJECT);
    this.notes = new StreamNotes(json, head, OBJECT, ask);
    this.pending = new PendingTokens(ask.requests().size());
  }

  @Override
  public void begin(EventStream out) {}

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    switch (event) {
      case AnswerEvent.Progress progress -> notes.chunk(choice, progress).ifPresent(out::send);
      case Token token -> {
        pending.add(choice, token);
        notes.token(choice);
      }
      case AnswerEvent.Text(String text) ->
          out.send(chunk(choice, text, pending.take(choice), Optional.empty()));
      case AnswerEvent.Reasoning _,
          AnswerEvent.ToolCallStart _,
          AnswerEvent.ToolCallArguments _,
          AnswerEvent.ToolCallBroken _ ->
          throw new IllegalStateException("what goes on with a raw text is all text");
      case AnswerEvent.End end -> {
        if (pending.has(choice)) {
          out.send(chunk(choice, "", pending.take(choice), Optional.empty()));
        }
        notes.end(choice, end.usage());
        out.send(chunk(choice, "", List.of(), Optional.of(end.reason())));
      }
    }
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    streamEnd.write(usage, out);
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    streamEnd.breakOff(problem, out);
  }

  private byte[] chunk(int index, String text, List<Token> tokens, Optional<Reason> reason) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          out.writeArrayPropertyStart("choices");
          writeChoice(out, index, text, tokens, reason);
          out.writeEndArray();
          head.writeNoUsage(out);
          notes.write(out, index);
          out.writeEndObject();
        });
  }

  private void writeChoice(
      JsonGenerator out, int index, String text, List<Token> tokens, Optional<Reason> reason) {
    out.writeStartObject();
    out.writeNumberProperty("index", index);
    out.writeStringProperty("text", text);
    out.writeName("logprobs");
    if (withLogprobs) {
      logprobs.writeCompletion(out, tokens);
    } else {
      out.writeNull();
    }
    if (ask.writing().tokenIds()) {
      TokenIds.write(out, "token_ids", tokens);
    }
    out.writeStringProperty("finish_reason", reason.map(AnswerHead::finishReason).orElse(null));
    out.writeEndObject();
  }

  @Override
  public byte[] whole(List<WholeAnswer> choices, AnswerUsage usage) {
    return json.write(
        out -> {
          out.writeStartObject();
          head.write(out, OBJECT);
          out.writeArrayPropertyStart("choices");
          List<WholeAnswer> shown = selection.from(choices);
          for (int i = 0; i < shown.size(); i++) {
            WholeAnswer choice = shown.get(i);
            writeChoice(out, i, choice.text(), choice.tokens(), Optional.of(choice.end().reason()));
          }
          out.writeEndArray();
          UsageWriter.write(out, usage);
          UsageWriter.writeReceipt(out, usage.receipt());
          out.writeEndObject();
        });
  }
}
