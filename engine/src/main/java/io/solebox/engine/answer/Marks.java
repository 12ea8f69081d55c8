package io.solebox.engine.answer;

import io.solebox.engine.answer.MarkedSyntax.Call;
import io.solebox.engine.answer.MarkedSyntax.Mark;
import io.solebox.engine.answer.MarkedSyntax.Naming;
import io.solebox.engine.answer.MarkedSyntax.Opening;
import io.solebox.engine.answer.MarkedSyntax.Place;
import io.solebox.engine.answer.MarkedSyntax.Section;
import io.solebox.engine.answer.call.CallBody;
import io.solebox.engine.answer.call.Form;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a family's {@link MarkedSyntax} together. Marks that are added first are looked for first.
 *
 * <pre>{@code
 * Marks.of()
 *     .reasoning("<think>", "</think>")
 *     .calls(Form.of("<tool_call> <function={name}>"), Form.none(), arguments)
 *     .closing("</tool_call>")
 *     .syntax();
 * }</pre>
 */
final class Marks {
  private static final Set<Place> SAID = EnumSet.of(Place.START, Place.TEXT, Place.BEHIND_CALL);

  private final List<Opening> openings = new ArrayList<>();
  private Optional<Thinking.Tags> thinking = Optional.empty();
  private final List<TextFrame.Known> frames = new ArrayList<>();
  private Optional<AnswerSyntax.UsualCall> usualCall = Optional.empty();
  private final List<Mark> marks = new ArrayList<>();

  private Marks() {}

  static Marks of() {
    return new Marks();
  }

  /**
   * The model may think, before it says anything; the prompt may have begun that, or ended it.
   *
   * @param start in front of its thoughts
   * @param end behind them
   */
  Marks reasoning(String start, String end) {
    marks.add(new Mark(EnumSet.of(Place.START), Form.of(start), new Section(Place.REASONING)));
    reasoningEnd(Form.of(end));
    return thinking(start, end).opening(start, Place.REASONING).opening(end, Place.START);
  }

  /**
   * What stands around thoughts, where their marks are told otherwise. What is told first of
   * several is the usual.
   */
  Marks thinking(String start, String end) {
    thinking = thinking.or(() -> Optional.of(new Thinking.Tags(start, end)));
    return this;
  }

  /**
   * What a model is made to write around a text that it must say in a form; of several, one whose
   * sign is in the template.
   */
  Marks framed(String sign, String start, String behindThoughts, String end) {
    frames.add(new TextFrame.Known(sign, new TextFrame(start, behindThoughts, end)));
    return this;
  }

  /** Behind thoughts. */
  Marks reasoningEnd(Form end) {
    marks.add(new Mark(EnumSet.of(Place.REASONING), end, new Section(Place.START)));
    return this;
  }

  /** Where the prompt ends so, the answer begins at that place. */
  Marks opening(String text, Place place) {
    openings.add(new Opening(text, place));
    return this;
  }

  /** A section that begins at a marker. */
  Marks section(Set<Place> at, Form form, Place place) {
    marks.add(new Mark(at, form, new Section(place)));
    return this;
  }

  /**
   * What frames text.
   *
   * @param start in front of it, at an answer's start or behind thoughts
   * @param end behind it, together with what must follow
   */
  Marks frame(String start, Form end) {
    marks.add(new Mark(EnumSet.of(Place.START), Form.of(start), new Section(Place.TEXT)));
    marks.add(new Mark(EnumSet.of(Place.START, Place.TEXT), end, new Section(Place.START)));
    return this;
  }

  /**
   * Calls.
   *
   * @param first in front of a call that follows something else
   * @param next in front of one that follows another call
   * @param body what follows
   */
  Marks calls(Form first, Form next, CallBody body) {
    return calls(first, next, body, Naming.NAME);
  }

  Marks calls(Form first, Form next, CallBody body, Naming naming) {
    return call(SAID, first, body, naming).call(EnumSet.of(Place.BEHIND_CALL), next, body, naming);
  }

  /**
   * How a call is written where the template does not show it.
   *
   * @param rest of a call without arguments
   */
  Marks usualCall(String before, String after, String rest) {
    usualCall = Optional.of(new AnswerSyntax.UsualCall(before, after, rest));
    return this;
  }

  /** A call at a marker. */
  Marks call(Set<Place> at, Form form, CallBody body, Naming naming) {
    marks.add(new Mark(at, form, new Call(body, naming)));
    return this;
  }

  /** What is written behind calls and means nothing. */
  Marks closing(String... texts) {
    Section behind = new Section(Place.BEHIND_CALL);
    marks.add(new Mark(EnumSet.of(Place.BEHIND_CALL), Form.of(texts), behind));
    return this;
  }

  /** All marks so far. */
  MarkedSyntax syntax() {
    return new MarkedSyntax(
        thinking, List.copyOf(frames), usualCall, List.copyOf(openings), List.copyOf(marks));
  }
}
