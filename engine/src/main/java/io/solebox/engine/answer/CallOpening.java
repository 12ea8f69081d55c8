package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.chat.Prompts;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model writes in front of a call's arguments. It is learned from what the chat template
 * writes of a call, or is what models of its family write, and believed only if a reader of answers
 * takes it for one.
 *
 * @param before in front of the name
 * @param behindThoughts the same where it follows the end of thoughts
 * @param after behind the name; it may have the name once more
 */
public record CallOpening(String before, String behindThoughts, String after) {
  private static final String BLANK_LINE = "\n\n";

  /** Signs that begin something, and are often one token with what follows them. */
  private static final String BEGINNINGS = "<[{|｜";

  /**
   * @param input whose template variables count
   * @return empty where it is not known how calls begin
   * @throws SoleboxException {@code BAD_TEMPLATE} if the template cannot render a greeting
   */
  public static Optional<CallOpening> of(
      Prompts prompts, Tokenizer tokenizer, ChatInput input, Clock clock) {
    ChatInput greeting = CallSample.greeting(input);
    Prompt prompt = prompts.chat(greeting, clock);
    Optional<Thinking> thinking = Thinking.of(prompt);
    String text = prompts.render(greeting, clock).text();
    String head = head(text, thinking);
    var lesson = new Lesson(prompts, tokenizer, clock, greeting, prompt, text, head, thinking);
    for (CallSample sample : CallSample.all()) {
      try {
        Optional<CallOpening> found = lesson.learn(sample);
        if (found.isPresent()) {
          return found;
        }
      } catch (SoleboxException e) {
        // The template does not take a call in this form; another one may do.
      }
    }
    return lesson.usual();
  }

  CallOpening withAfter(String value) {
    return new CallOpening(before, behindThoughts, value);
  }

  /** The beginning of a call of a tool, where nothing stands before. */
  String of(String name) {
    return named(before + name + after, name);
  }

  /** The beginning of a call of a tool behind the end of thoughts. */
  String ofBehindThoughts(String name) {
    return named(behindThoughts + name + after, name);
  }

  /** With what belongs to this call, and not to the sample. */
  private static String named(String text, String name) {
    return text.replace(CallSample.NAME, name).replace(CallSample.ID, CallSample.newId());
  }

  /** What was written up to where the model's own words begin. */
  private static String head(String greeting, Optional<Thinking> thinking) {
    int thoughts = thinking.map(tags -> greeting.lastIndexOf(tags.start())).orElse(-1);
    boolean own = thoughts >= 0 && greeting.lastIndexOf(CallSample.GREETING) < thoughts;
    return (own ? greeting.substring(0, thoughts) : greeting).stripTrailing();
  }

  /**
   * What is known before a sample is tried.
   *
   * @param prompt of the greeting
   * @param written its text
   * @param head the same without thoughts that it begins, and without white space at the end
   */
  private record Lesson(
      Prompts prompts,
      Tokenizer tokenizer,
      Clock clock,
      ChatInput greeting,
      Prompt prompt,
      String written,
      String head,
      Optional<Thinking> thinking) {
    Optional<CallOpening> learn(CallSample sample) {
      String plain = text(sample, Map.of(), false);
      int name = plain.indexOf(CallSample.NAME, head.length());
      String other = text(sample, CallSample.ARGUMENTS, false);
      int otherName = other.indexOf(CallSample.NAME, head.length());
      if (!plain.startsWith(head) || name < 0 || otherName < 0) {
        return Optional.empty();
      }
      String before = before(plain, name);
      if (!reads(before + plain.substring(name))) {
        return Optional.empty();
      }
      int rest = CallSample.NAME.length();
      String after = common(plain.substring(name + rest), other.substring(otherName + rest));
      String led = ledBy(text(sample, Map.of(), true), head, before, thinking);
      return Optional.of(new CallOpening(before, led, trimmed(after)));
    }

    /** What the family's models write, where the template shows nothing of it. */
    Optional<CallOpening> usual() {
      return AnswerSyntax.of(prompt)
          .usualCall()
          .filter(call -> reads(call.before() + CallSample.NAME + call.after() + call.rest()))
          .map(call -> new CallOpening(call.before(), BLANK_LINE + call.before(), call.after()));
    }

    /**
     * @param name where the name is in {@code plain}
     */
    private String before(String plain, int name) {
      // White space counts where the prompt goes on with it: harmony's header does.
      boolean goesOn = plain.startsWith(written);
      String between = plain.substring(goesOn ? written.length() : head.length(), name);
      String last = thinking.map(tags -> behind(between, tags.end())).orElse(between);
      return goesOn && last.equals(between) ? last : last.stripLeading();
    }

    private String text(CallSample sample, Map<String, Object> arguments, boolean thoughts) {
      return prompts.render(sample.call(greeting, arguments, thoughts), clock).text();
    }

    /** Whether a reader of answers finds the call. */
    private boolean reads(String text) {
      // Where the prompt has begun thoughts, the call does not begin in them.
      boolean begun = thinking.map(Thinking::begun).orElse(false);
      Prompt plain = begun ? new Prompt(prompt.ids(), prompt.template(), "") : prompt;
      int[] ids =
          tokenizer
              .segmentEncoder(prompt.template().orElseThrow().source())
              .encode(List.of(new Segment(text, Specials.PARSE)));
      List<AnswerEvent> events = Rehearsal.of(ids, tokenizer, plain);
      return events.stream().anyMatch(CallOpening::isOurs)
          && events.stream().noneMatch(ToolCallBroken.class::isInstance);
    }
  }

  /** What stands between the end of thoughts and a name. */
  private static String ledBy(
      String text, String head, String before, Optional<Thinking> thinking) {
    int thoughts = text.indexOf(CallSample.THOUGHTS, Math.min(head.length(), text.length()));
    int name = thoughts < 0 ? -1 : text.indexOf(CallSample.NAME, thoughts);
    String usual = BLANK_LINE + before.stripLeading();
    if (name < 0 || thinking.isEmpty()) {
      return usual;
    }
    String end = thinking.get().end();
    String between = text.substring(thoughts + CallSample.THOUGHTS.length(), name);
    return between.contains(end) ? behind(between, end) : usual;
  }

  private static String behind(String text, String mark) {
    int at = text.lastIndexOf(mark);
    return at < 0 ? text : text.substring(at + mark.length());
  }

  private static String common(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return a.substring(0, length);
  }

  /** Without what may be a part of a token of the arguments. */
  private static String trimmed(String text) {
    int end = text.length();
    while (end > 0 && BEGINNINGS.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    String trimmed = text.substring(0, end).stripTrailing();
    return trimmed.isEmpty() ? text.substring(0, Math.min(1, text.length())) : trimmed;
  }

  private static boolean isOurs(AnswerEvent event) {
    return event instanceof ToolCallStart start && start.name().equals(CallSample.NAME);
  }
}
