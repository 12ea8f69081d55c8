package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reasoning;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.MarkedSyntax.Call;
import io.solebox.engine.answer.MarkedSyntax.Mark;
import io.solebox.engine.answer.MarkedSyntax.Place;
import io.solebox.engine.answer.MarkedSyntax.Section;
import io.solebox.engine.answer.call.CallReader;
import io.solebox.engine.answer.call.CallReader.Head;
import io.solebox.engine.answer.call.Form;
import io.solebox.engine.answer.call.Input;
import io.solebox.engine.answer.call.Tools;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Parses a {@link MarkedSyntax}. White space between sections belongs to none of them. What follows
 * a call's opening and is no call is text, opening included; it is not looked through for other
 * calls, which may be quoted there. Takes time in proportion to the text.
 *
 * <p>Some models call out of their thoughts, and do not end these before. So calls in thoughts
 * wait: they are calls if nothing follows them, and thoughts otherwise.
 */
final class MarkedParser implements AnswerParser {
  /**
   * A mark, and something that looks for it.
   *
   * @param unsure whether what begins there may be a part of the thoughts
   */
  private record Sought(Mark mark, Form.Matching matching, boolean unsure) {}

  /** Calls that stand in thoughts, and are calls only if the answer ends with them. */
  private record Unsure(int firstIndex, StringBuilder written, List<Part> parts) {}

  private final Tools tools;

  /** The marks that may come at a place. */
  private final Map<Place, List<Sought>> sought = new EnumMap<>(Place.class);

  private final Input input = new Input();
  private Place place;

  /** White space that waits for what follows: in front of a marker it is dropped. */
  private final StringBuilder spaces = new StringBuilder();

  /** Text or reasoning to be given. */
  private final StringBuilder out = new StringBuilder();

  /** Whether white space that comes now stands at a section's start, and is dropped. */
  private boolean fresh;

  /** Whether anything but white space came since the last marker. */
  private boolean sinceMark = true;

  private boolean anyText;

  /** The call that is being read. */
  private Optional<CallReader> call = Optional.empty();

  /** That call as it was written, in case it turns out to be none. */
  private final StringBuilder written = new StringBuilder();

  /** Whether that call's start was given. */
  private boolean started;

  private int nextIndex;
  private Optional<Unsure> unsure = Optional.empty();

  MarkedParser(List<Mark> marks, Place start, Tools tools) {
    this.tools = tools;
    this.place = start;
    this.fresh = start != Place.START;
    for (Place at : Place.values()) {
      List<Sought> there = new ArrayList<>();
      for (Mark mark : marks) {
        boolean sure = mark.at().contains(at);
        boolean unsure =
            at == Place.REASONING
                && mark.at().contains(Place.TEXT)
                && mark.target() instanceof Call;
        if (sure || unsure) {
          there.add(new Sought(mark, mark.form().matching(), !sure));
        }
      }
      sought.put(at, there);
    }
  }

  @Override
  public void accept(String text, Consumer<Part> parts) {
    input.append(text);
    advance(parts);
    giveText(parts);
  }

  private void advance(Consumer<Part> parts) {
    boolean moves = true;
    while (moves && !(input.isEmpty() && call.isEmpty())) {
      moves = call.isPresent() ? read(call.get(), parts) : scan(parts);
    }
  }

  /** Goes on in text or reasoning. Whether it got anywhere. */
  private boolean scan(Consumer<Part> parts) {
    char c = input.peek();
    if (Character.isWhitespace(c)) {
      spaces.append(c);
      input.skip(1);
      return true;
    }
    for (Sought one : sought.get(place)) {
      switch (one.matching().at(input)) {
        case YES -> {
          enter(one, parts);
          return true;
        }
        case MAYBE -> {
          return false;
        }
        case NO -> {}
      }
    }
    switch (place) {
      // What comes next may still be a marker there.
      case START -> place = Place.TEXT;
      case BEHIND_CALL -> {
        if (unsure.isPresent()) {
          thinkOn(unsure.get());
        } else {
          begin(Place.TEXT, !anyText);
        }
      }
      case REASONING, TEXT -> {
        release();
        out.append(c);
        input.skip(1);
        sinceMark = true;
        anyText = anyText || place == Place.TEXT;
      }
    }
    return true;
  }

  /** White space turns out to belong to the section. */
  private void release() {
    if (!fresh) {
      out.append(spaces);
    }
    spaces.setLength(0);
    fresh = false;
  }

  /** A marker is complete; white space in front of it belongs to no section. */
  private void enter(Sought found, Consumer<Part> parts) {
    giveText(parts);
    int from = input.position();
    switch (found.mark().target()) {
      case Section(Place next) -> {
        found.matching().take(input);
        unsure.ifPresent(calls -> calls.written().append(spaces).append(input.since(from)));
        begin(next, next != Place.TEXT || place != Place.TEXT || fresh);
      }
      case Call(var body, var naming) -> {
        Head head = naming.head(found.matching());
        found.matching().take(input);
        written.setLength(0);
        written.append(fresh && unsure.isEmpty() ? "" : spaces).append(input.since(from));
        call = Optional.of(body.reader(head, tools));
        started = false;
        if (found.unsure()) {
          unsure = Optional.of(new Unsure(nextIndex, new StringBuilder(), new ArrayList<>()));
        }
      }
    }
    spaces.setLength(0);
  }

  /** What were calls in thoughts are thoughts. */
  private void thinkOn(Unsure calls) {
    unsure = Optional.empty();
    nextIndex = calls.firstIndex();
    begin(Place.REASONING, false);
    out.append(calls.written());
    sinceMark = true;
  }

  private void begin(Place section, boolean dropsSpaces) {
    place = section;
    fresh = dropsSpaces;
    sinceMark = false;
  }

  /** Goes on in a call. Whether it got anywhere. */
  private boolean read(CallReader reader, Consumer<Part> parts) {
    int from = input.position();
    CallReader.Progress progress = reader.read(input);
    written.append(input.since(from));
    Consumer<Part> given = unsure.isPresent() ? unsure.get().parts()::add : parts;
    switch (progress) {
      case GOING -> giveCall(reader, given);
      case COMPLETE -> {
        giveCall(reader, given);
        call = Optional.empty();
        unsure.ifPresent(calls -> calls.written().append(written));
        begin(Place.BEHIND_CALL, true);
      }
      case MALFORMED -> breakOff(parts);
    }
    return call.isEmpty();
  }

  /** What was taken for a call is text. */
  private void breakOff(Consumer<Part> parts) {
    call = Optional.empty();
    if (unsure.isPresent()) {
      unsure.get().written().append(written);
      thinkOn(unsure.get());
      return;
    }
    if (started) {
      parts.accept(new ToolCallBroken(nextIndex - 1));
    }
    begin(Place.TEXT, false);
    out.append(written);
    sinceMark = true;
    anyText = true;
  }

  private void giveText(Consumer<Part> parts) {
    if (!out.isEmpty()) {
      String text = out.toString();
      parts.accept(place == Place.REASONING ? new Reasoning(text) : new Text(text));
      out.setLength(0);
    }
  }

  private void giveCall(CallReader reader, Consumer<Part> parts) {
    if (!started && reader.head().isPresent()) {
      Head head = reader.head().get();
      parts.accept(new ToolCallStart(nextIndex++, head.id(), head.name()));
      started = true;
    }
    if (started) {
      String arguments = reader.takeArguments();
      if (!arguments.isEmpty()) {
        parts.accept(new ToolCallArguments(nextIndex - 1, arguments));
      }
    }
  }

  /** Half of what a call would be closed with is no text. */
  private void dropHalfAnEnd() {
    if (place == Place.BEHIND_CALL && call.isEmpty() && !input.isEmpty()) {
      boolean half =
          sought.get(place).stream()
              .filter(one -> one.mark().target() instanceof Section)
              .anyMatch(one -> one.matching().at(input) == Form.Matching.Result.MAYBE);
      if (half) {
        input.skip(input.available());
      }
    }
  }

  @Override
  public void finish(boolean cut, Consumer<Part> parts) {
    if (cut) {
      // What is held may be the start of a marker, which nobody wants to read.
      giveText(parts);
      return;
    }
    dropHalfAnEnd();
    input.end();
    advance(parts);
    if (call.isPresent()) {
      breakOff(parts);
    }
    unsure.ifPresent(calls -> calls.parts().forEach(parts));
    if (sinceMark && place != Place.REASONING && place != Place.BEHIND_CALL) {
      release();
    }
    giveText(parts);
  }
}
