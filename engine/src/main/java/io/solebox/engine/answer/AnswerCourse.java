package io.solebox.engine.answer;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.SegmentEncoder;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Keeps an answer to a course: thoughts of so many tokens at most, and behind them, or at once, the
 * beginning of a call. What follows is free. Owned by the engine loop.
 */
public final class AnswerCourse implements TokenConstraint {
  /** Where the answer is on its course. */
  private enum Place {
    /** Nothing is said but white space. */
    START,
    THINKING,
    /** One of several texts is said, token by token. */
    SAYING,
    FREE
  }

  private final Route route;
  private Place place;

  /** The texts that what is being said may become; those of {@link Place#START} too. */
  private List<int[]> texts;

  /** How many tokens of them are said. */
  private int said;

  private int thoughts;

  /** The last that was said, where it may be a part of a mark. */
  private String tail = "";

  /**
   * What does not change.
   *
   * @param most tokens of thoughts
   * @param calls beginnings of calls, where nothing stands before
   * @param behindThoughts the same behind thoughts
   * @param start of thoughts
   * @param end of thoughts
   */
  private record Route(
      Tokenizer tokenizer,
      Optional<Thinking> thinking,
      OptionalInt most,
      List<int[]> calls,
      List<int[]> behindThoughts,
      int[] start,
      int[] end) {}

  private AnswerCourse(Route route, Place place, List<int[]> texts) {
    this.route = route;
    this.place = place;
    this.texts = texts;
  }

  /**
   * A course of thoughts alone.
   *
   * @param most tokens of thoughts
   */
  public static TokenConstraint thoughts(Tokenizer tokenizer, Prompt prompt, int most) {
    return of(tokenizer, prompt, OptionalInt.of(most), List.of(), List.of());
  }

  /**
   * A course to a call.
   *
   * @param most tokens of thoughts; empty for as many as the model likes
   * @param names of the tools that may be called, at least one
   */
  public static TokenConstraint call(
      Tokenizer tokenizer,
      Prompt prompt,
      OptionalInt most,
      CallOpening opening,
      Collection<String> names) {
    List<String> direct = names.stream().map(opening::of).toList();
    List<String> behind = names.stream().map(opening::ofBehindThoughts).toList();
    return of(tokenizer, prompt, most, direct, behind);
  }

  private static TokenConstraint of(
      Tokenizer tokenizer,
      Prompt prompt,
      OptionalInt most,
      List<String> calls,
      List<String> behindThoughts) {
    Optional<Thinking> thinking = Thinking.of(prompt);
    SegmentEncoder encoder =
        tokenizer.segmentEncoder(prompt.template().map(ChatTemplate::source).orElse(""));
    String end = thinking.map(Thinking::end).orElse("");
    Route route =
        new Route(
            tokenizer,
            thinking,
            most,
            ids(encoder, prompt.opening(), calls),
            ids(encoder, end, behindThoughts),
            ids(encoder, prompt.opening(), thinking.map(Thinking::start).orElse("")),
            ids(encoder, ".", end));
    if (thinking.map(Thinking::begun).orElse(false)) {
      AnswerCourse course = new AnswerCourse(route, Place.THINKING, List.of());
      course.limitThoughts();
      return course;
    }
    List<int[]> starts = new ArrayList<>(route.calls());
    if (!starts.isEmpty() && thinking.isPresent()) {
      starts.add(route.start());
    }
    return new AnswerCourse(route, Place.START, starts);
  }

  private static List<int[]> ids(SegmentEncoder encoder, String before, List<String> texts) {
    return texts.stream().map(text -> ids(encoder, before, text)).toList();
  }

  /** Of a text where it follows another one: what begins a text can have other ids there. */
  static int[] ids(SegmentEncoder encoder, String before, String text) {
    int[] head = encoder.encode(List.of(new Segment(before, Specials.PARSE)));
    int[] all = encoder.encode(List.of(new Segment(before + text, Specials.PARSE)));
    return all.length > head.length && Arrays.equals(head, Arrays.copyOf(all, head.length))
        ? Arrays.copyOfRange(all, head.length, all.length)
        : encoder.encode(List.of(new Segment(text, Specials.PARSE)));
  }

  @Override
  public TokenMask allowed() {
    return switch (place) {
      case START -> texts.isEmpty() ? TokenMask.ALL : nexts();
      case THINKING -> route.calls().isEmpty() ? TokenMask.ALL : withoutEnds();
      case SAYING -> nexts();
      case FREE -> TokenMask.ALL;
    };
  }

  private TokenMask nexts() {
    long[] words = new long[(route.tokenizer().vocabSize() + 63) / 64];
    texts.forEach(text -> words[text[said] >>> 6] |= 1L << text[said]);
    return new TokenMask(words);
  }

  /** A call must come, so the answer does not end in thoughts. */
  private TokenMask withoutEnds() {
    long[] words = new long[(route.tokenizer().vocabSize() + 63) / 64];
    Arrays.fill(words, -1);
    Set<Integer> ends = route.tokenizer().endOfGeneration();
    ends.forEach(id -> words[id >>> 6] &= ~(1L << id));
    return new TokenMask(words);
  }

  @Override
  public void said(int id) {
    switch (place) {
      case START -> begin(id);
      case THINKING -> think(id);
      case SAYING -> say(id);
      case FREE -> {}
    }
  }

  private void begin(int id) {
    if (!texts.isEmpty()) {
      say(id);
      return;
    }
    // The model is free to think or not; what it says tells.
    String start = route.thinking().map(Thinking::start).orElse("").stripLeading();
    tail += text(id);
    String words = tail.stripLeading();
    if (words.startsWith(start)) {
      enterThoughts();
    } else if (!start.startsWith(words)) {
      place = Place.FREE;
    }
  }

  private void say(int id) {
    texts = texts.stream().filter(text -> text[said] == id).toList();
    said++;
    if (texts.isEmpty()) { // which was not allowed
      place = Place.FREE;
    } else if (texts.getFirst().length == said) {
      arrive(texts.getFirst());
    }
  }

  /** A text is said in full. */
  private void arrive(int[] text) {
    if (text == route.start()) {
      enterThoughts();
    } else if (text == route.end()) {
      leaveThoughts();
    } else {
      place = Place.FREE;
    }
  }

  private void enterThoughts() {
    place = Place.THINKING;
    tail = "";
    limitThoughts();
  }

  private void think(int id) {
    thoughts++;
    String end = route.thinking().orElseThrow().end();
    tail += text(id);
    if (tail.contains(end)) {
      leaveThoughts();
      return;
    }
    tail = tail.substring(Math.max(0, tail.length() - end.length()));
    limitThoughts();
  }

  private void limitThoughts() {
    if (route.most().isPresent() && thoughts >= route.most().getAsInt()) {
      place = Place.SAYING;
      texts = List.of(route.end());
      said = 0;
    }
  }

  private void leaveThoughts() {
    said = 0;
    texts = route.behindThoughts();
    place = texts.isEmpty() ? Place.FREE : Place.SAYING;
  }

  private String text(int id) {
    return new String(route.tokenizer().tokenBytes(id), StandardCharsets.UTF_8);
  }

  @Override
  public TokenConstraint fork() {
    AnswerCourse other = new AnswerCourse(route, place, texts);
    other.said = said;
    other.thoughts = thoughts;
    other.tail = tail;
    return other;
  }
}
