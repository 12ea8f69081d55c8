package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reasoning;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.TaggedSyntax.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Parses a {@link TaggedSyntax}. Reasoning is only at the start: later its tag is a word like any
 * other. White space between sections belongs to none of them. What follows a call's start tag and
 * is no call is text, tag included; once a call's JSON is complete it is a call, whatever follows.
 */
final class TaggedParser implements AnswerParser {
  /** Where in the answer the next character is. */
  private enum Place {
    START,
    REASONING,
    TEXT,
    CALL,
    /** Behind a call's JSON, in front of its end tag. */
    BEHIND_CALL
  }

  private final Tags reasoning;

  /** The tags that may come at a place. */
  private final Map<Place, List<String>> tags = new EnumMap<>(Place.class);

  private Place place;

  /** White space, then what may be the start of a tag. */
  private final StringBuilder held = new StringBuilder();

  /** Text or reasoning to be given. */
  private final StringBuilder out = new StringBuilder();

  /** Whether white space that comes now stands at a section's start, and is dropped. */
  private boolean fresh;

  /** Whether anything but white space came since the last tag. */
  private boolean sinceTag = true;

  private boolean anyText;
  private CallReader reader = new JsonCallReader();

  /** A call as it was written, in case it turns out to be none. */
  private final StringBuilder written = new StringBuilder();

  /** Whether the call's start was given. */
  private boolean started;

  private int nextIndex;

  /**
   * @param open whether the prompt has begun the reasoning
   */
  TaggedParser(Optional<Tags> reasoning, Optional<Tags> calls, boolean open) {
    this.reasoning = reasoning.orElse(new Tags("", ""));
    tags.put(
        Place.START, Stream.concat(reasoning.stream(), calls.stream()).map(Tags::start).toList());
    tags.put(Place.REASONING, reasoning.stream().map(Tags::end).toList());
    tags.put(Place.TEXT, calls.stream().map(Tags::start).toList());
    tags.put(Place.BEHIND_CALL, calls.stream().map(Tags::end).toList());
    this.place = open ? Place.REASONING : Place.START;
    this.fresh = open;
  }

  @Override
  public void accept(String text, Consumer<Part> parts) {
    for (int i = 0; i < text.length(); i++) {
      accept(text.charAt(i), parts);
    }
    if (place == Place.CALL) {
      giveCall(parts);
    } else {
      giveText(parts);
    }
  }

  private void accept(char c, Consumer<Part> parts) {
    if (place == Place.CALL) {
      read(c, parts);
    } else {
      held.append(c);
      settle(parts);
    }
  }

  /** Takes from what is held all that is certain. */
  private void settle(Consumer<Part> parts) {
    while (!held.isEmpty()) {
      int blank = leadingSpaces();
      String rest = held.substring(blank);
      List<String> possible = tags.get(place);
      if (possible.contains(rest)) {
        enter(rest, parts);
        return;
      }
      // White space waits for what follows: in front of a tag it is dropped.
      boolean waits =
          rest.isEmpty()
              ? fresh || !possible.isEmpty()
              : possible.stream().anyMatch(tag -> tag.startsWith(rest));
      if (waits) {
        return;
      }
      switch (place) {
        // What is held may still be a tag there.
        case START -> place = Place.TEXT;
        case BEHIND_CALL -> begin(Place.TEXT, !anyText);
        case REASONING, TEXT -> release(blank + Math.min(1, rest.length()));
        case CALL -> throw new IllegalStateException("a call is read, not searched");
      }
    }
  }

  private int leadingSpaces() {
    int at = 0;
    while (at < held.length() && Character.isWhitespace(held.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Moves the start of what is held to the section that it is in. */
  private void release(int length) {
    String released = held.substring(0, length);
    held.delete(0, length);
    String kept = fresh ? released.stripLeading() : released;
    if (!kept.isEmpty()) {
      out.append(kept);
      fresh = false;
      sinceTag = true;
      anyText = anyText || place == Place.TEXT;
    }
  }

  /** A tag is complete; white space in front of it belongs to no section. */
  private void enter(String tag, Consumer<Part> parts) {
    switch (place) {
      case START, TEXT -> {
        giveText(parts);
        if (place == Place.START && tag.equals(reasoning.start())) {
          begin(Place.REASONING, true);
        } else {
          written.setLength(0);
          written.append(fresh ? tag : held);
          reader = new JsonCallReader();
          started = false;
          place = Place.CALL;
        }
      }
      case REASONING -> {
        giveText(parts);
        begin(Place.TEXT, true);
      }
      case BEHIND_CALL -> begin(Place.TEXT, !anyText);
      case CALL -> throw new IllegalStateException("a call is read, not searched");
    }
    held.setLength(0);
  }

  private void begin(Place section, boolean dropsSpaces) {
    place = section;
    fresh = dropsSpaces;
    sinceTag = false;
  }

  private void read(char c, Consumer<Part> parts) {
    switch (reader.accept(c)) {
      case GOING -> written.append(c);
      case COMPLETE -> {
        giveCall(parts);
        place = Place.BEHIND_CALL;
      }
      case MALFORMED -> {
        breakOff(parts);
        held.append(c); // it may begin the next tag
        settle(parts);
      }
    }
  }

  /** What was taken for a call is text. */
  private void breakOff(Consumer<Part> parts) {
    if (started) {
      parts.accept(new ToolCallBroken(nextIndex - 1));
    }
    place = Place.TEXT;
    out.append(written);
    fresh = false;
    sinceTag = true;
    anyText = true;
  }

  private void giveText(Consumer<Part> parts) {
    if (!out.isEmpty()) {
      String text = out.toString();
      parts.accept(place == Place.REASONING ? new Reasoning(text) : new Text(text));
      out.setLength(0);
    }
  }

  private void giveCall(Consumer<Part> parts) {
    if (!started && reader.head().isPresent()) {
      CallReader.Head head = reader.head().get();
      parts.accept(new ToolCallStart(nextIndex++, head.id(), head.name()));
      started = true;
    }
    String arguments = reader.takeArguments();
    if (!arguments.isEmpty()) {
      parts.accept(new ToolCallArguments(nextIndex - 1, arguments));
    }
  }

  @Override
  public void finish(boolean cut, Consumer<Part> parts) {
    switch (place) {
      case START, REASONING, TEXT -> {
        boolean onlySpaces = leadingSpaces() == held.length();
        if (!onlySpaces || (sinceTag && place != Place.REASONING)) {
          release(held.length());
        }
        giveText(parts);
      }
      case CALL -> {
        if (!cut) {
          breakOff(parts);
          giveText(parts);
        }
      }
      case BEHIND_CALL -> {}
    }
    held.setLength(0);
  }
}
