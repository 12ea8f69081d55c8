package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model writes around the arguments of a call, and how it writes these. Learned as its
 * {@link CallOpening} is, and believed as that is.
 *
 * @param writing of the arguments
 * @param closing behind them
 * @param repeats whether a further call may follow, behind a new line
 * @param marks what calls begin with; empty where they cannot be told from text in front of them
 */
public record CallEnvelope(
    CallOpening opening,
    ArgumentWriting writing,
    String closing,
    boolean repeats,
    List<String> marks) {
  private static final String NO_ARGUMENTS = "{}";
  private static final ArgumentWriting JSON = new ArgumentWriting.Json();

  /**
   * @param input whose template variables count
   * @return empty where it is not known how calls are written, or arguments cannot be held
   * @throws SoleboxException {@code BAD_TEMPLATE} if the template cannot render a greeting
   */
  public static Optional<CallEnvelope> of(
      Prompts prompts, Tokenizer tokenizer, ChatInput input, Clock clock) {
    Optional<CallOpening> opening = CallOpening.of(prompts, tokenizer, input, clock);
    if (opening.isEmpty()) {
      return Optional.empty();
    }
    ChatInput greeting = CallSample.greeting(input);
    Lesson lesson =
        new Lesson(
            prompts, tokenizer, clock, greeting, prompts.chat(greeting, clock), opening.get());
    return CallSample.all().stream()
        .flatMap(sample -> lesson.learn(sample).stream())
        .findFirst()
        .or(lesson::usual);
  }

  /** Whether arguments are one JSON object. */
  public boolean writesJson() {
    return writing.equals(JSON);
  }

  private record Lesson(
      Prompts prompts,
      Tokenizer tokenizer,
      Clock clock,
      ChatInput greeting,
      Prompt prompt,
      CallOpening opening) {
    Optional<CallEnvelope> learn(CallSample sample) {
      try {
        String plain = behindOpening(text(sample, Map.of()));
        String other = behindOpening(text(sample, CallSample.ARGUMENTS));
        if (!plain.startsWith(NO_ARGUMENTS)) {
          return marked(sample);
        }
        String rest = plain.substring(NO_ARGUMENTS.length());
        if (!other.endsWith(rest)
            || !isArguments(other.substring(0, other.length() - rest.length()))) {
          return Optional.empty();
        }
        return cut(rest, sample.answered())
            .flatMap(closing -> believed(opening, JSON, NO_ARGUMENTS, closing));
      } catch (SoleboxException e) {
        return Optional.empty(); // the template does not take a call in this form
      }
    }

    /** A call whose arguments stand between marks: what closes it tells where they would. */
    private Optional<CallEnvelope> marked(CallSample sample) {
      String begin = opening.before().stripLeading() + CallSample.NAME;
      String rest = behind(text(sample, Map.of()), begin);
      for (ArgumentWriting writing : AnswerSyntax.of(prompt).writings()) {
        for (String closing : writing.closings()) {
          int at = rest.indexOf(closing);
          if (at >= 0) {
            CallOpening whole = opening.withAfter(rest.substring(0, at).strip());
            return cut(rest.substring(at), sample.answered())
                .flatMap(closed -> believed(whole, writing, "", closed));
          }
        }
      }
      return Optional.empty();
    }

    /** What the family's models write, where the template shows nothing of it. */
    Optional<CallEnvelope> usual() {
      return AnswerSyntax.of(prompt)
          .usualCall()
          .filter(call -> opening.before().equals(call.before()))
          .map(call -> call.rest().strip())
          .flatMap(
              rest ->
                  rest.startsWith(NO_ARGUMENTS)
                      ? believed(opening, JSON, NO_ARGUMENTS, rest.substring(NO_ARGUMENTS.length()))
                      : AnswerSyntax.of(prompt).writings().stream()
                          .filter(writing -> writing.closings().stream().anyMatch(rest::startsWith))
                          .flatMap(writing -> believed(opening, writing, "", rest).stream())
                          .findFirst());
    }

    private String text(CallSample sample, Map<String, Object> arguments) {
      return prompts.render(sample.call(greeting, arguments, false), clock).text();
    }

    /** From the arguments on; empty where the call is not found. */
    private String behindOpening(String text) {
      return behind(text, opening.before().stripLeading() + CallSample.NAME + opening.after());
    }

    private static String behind(String text, String begin) {
      int at = text.lastIndexOf(begin);
      return at < 0 ? "" : text.substring(at + begin.length()).stripLeading();
    }

    private static boolean isArguments(String json) {
      try {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        return new JsonReader(JsonLimits.LOCAL).read(utf8).equals(CallSample.ARGUMENTS);
      } catch (JsonException e) {
        return false;
      }
    }

    /** Up to what ends the answer, or what some templates always put behind it. */
    private Optional<String> cut(String written, boolean goesOn) {
      String opening = prompt.opening();
      String rest =
          !opening.isEmpty() && written.endsWith(opening)
              ? written.substring(0, written.length() - opening.length())
              : written;
      int end =
          tokenizer.endOfGeneration().stream()
              .map(id -> new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8))
              .filter(mark -> !mark.isEmpty())
              .mapToInt(rest::indexOf)
              .filter(at -> at >= 0)
              .min()
              .orElse(goesOn ? -1 : rest.length());
      return end < 0 ? Optional.empty() : Optional.of(rest.substring(0, end).stripTrailing());
    }

    /**
     * @param begun how the call begins
     * @param none what stands for no arguments
     */
    private Optional<CallEnvelope> believed(
        CallOpening begun, ArgumentWriting writing, String none, String closing) {
      String call = begun.of(CallSample.NAME) + none + closing;
      if (calls(call) != 1) {
        return Optional.empty();
      }
      boolean repeats = calls(call + "\n" + call.stripLeading()) == 2;
      return Optional.of(
          new CallEnvelope(begun, writing, closing, repeats, AnswerSyntax.of(prompt).callMarks()));
    }

    /** How many calls a reader of answers finds; none where something else is there, too. */
    private long calls(String text) {
      boolean begun = Thinking.of(prompt).map(Thinking::begun).orElse(false);
      Prompt plain = begun ? new Prompt(prompt.ids(), prompt.template(), "") : prompt;
      int[] ids =
          tokenizer
              .segmentEncoder(prompt.template().orElseThrow().source())
              .encode(List.of(new Segment(text, Specials.PARSE)));
      List<AnswerEvent> events = Rehearsal.of(ids, tokenizer, plain);
      boolean others =
          events.stream()
              .anyMatch(
                  event ->
                      event instanceof ToolCallBroken
                          || event instanceof AnswerEvent.Text(String words) && !words.isBlank());
      return others ? 0 : events.stream().filter(ToolCallStart.class::isInstance).count();
    }
  }
}
