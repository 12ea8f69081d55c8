package io.solebox.engine.answer;

import io.solebox.engine.answer.MarkedSyntax.Naming;
import io.solebox.engine.answer.MarkedSyntax.Place;
import io.solebox.engine.answer.call.CallBody;
import io.solebox.engine.answer.call.Form;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers that are several messages, each with a header that says what it is, as gpt-oss and Muse
 * write them. The prompt has begun the first header.
 *
 * <pre>
 * &lt;|channel|>analysis&lt;|message|>thoughts&lt;|end|>
 * &lt;|start|>assistant&lt;|channel|>commentary to=functions.f &lt;|constrain|>json&lt;|message|>{}&lt;|call|>
 * &lt;|start|>assistant&lt;|channel|>final&lt;|message|>text&lt;|return|>
 * </pre>
 */
final class Messages {
  private static final Set<Place> LATER =
      EnumSet.of(Place.REASONING, Place.TEXT, Place.BEHIND_CALL);

  private final Marks marks = Marks.of();
  private final String start;
  private final String[] ends;

  /**
   * @param start in front of a header that the prompt has not begun
   * @param ends behind a message
   */
  Messages(String start, String... ends) {
    this.start = start;
    this.ends = ends;
  }

  /** Thoughts. */
  Messages reasoning(String... headers) {
    return section(Place.REASONING, headers);
  }

  /** The answer proper. */
  Messages text(String... headers) {
    return section(Place.TEXT, headers);
  }

  private Messages section(Place place, String... headers) {
    marks.section(EnumSet.of(Place.START), anywhere(headers), place);
    marks.section(LATER, behindStart(headers), place);
    return this;
  }

  /** A call; where no tool was offered, text. */
  Messages call(CallBody body, String... headers) {
    marks.call(EnumSet.of(Place.START), anywhere(headers), body, Naming.NAME);
    marks.call(LATER, behindStart(headers), body, Naming.NAME);
    return section(Place.TEXT, headers);
  }

  private Form anywhere(String... headers) {
    return Form.of(Stream.concat(Arrays.stream(headers), started(headers)).toArray(String[]::new));
  }

  private Form behindStart(String... headers) {
    return Form.of(started(headers).toArray(String[]::new));
  }

  private Stream<String> started(String... headers) {
    return Arrays.stream(headers).map(header -> start + " " + header);
  }

  /** The family's marks, for more of them. */
  Marks marks() {
    Set<Place> said = EnumSet.of(Place.REASONING, Place.TEXT);
    return marks.section(said, Form.of(ends).beforeOrEnd(start), Place.START).closing(ends);
  }
}
