package io.solebox.engine.answer.call;

import java.util.Optional;

/**
 * {@code {"name": "f", "arguments": {...}}}, as Hermes and Qwen write calls. The arguments go out
 * as they come, spaces included; line breaks and other control characters that a model forgot to
 * escape in a string are escaped. Arguments may stand before the name, be called {@code
 * parameters}, be left out, or be a string that holds the object; name and id may bear Cohere's
 * names. Other members are passed over.
 */
final class JsonCallReader extends CharacterReader {
  /** What the value that is being read is for. */
  private enum Member {
    NAME,
    ARGUMENTS,
    ID,
    OTHER
  }

  /** Where in the outer object the last character was. */
  private enum Place {
    OUTSIDE,
    KEY,
    COLON,
    VALUE
  }

  private final JsonScanner json = new JsonScanner();

  /** The key or short value that is being read. */
  private final StringBuilder piece = new StringBuilder();

  private final StringBuilder arguments = new StringBuilder();
  private Place place = Place.OUTSIDE;
  private Member member = Member.OTHER;
  private boolean began;

  /** Whether the value is a string. */
  private boolean string;

  private Optional<String> name = Optional.empty();
  private Optional<String> id = Optional.empty();

  /** An id that stands behind the arguments comes too late for it. */
  private Optional<Head> head = Optional.empty();

  private boolean hasArguments;
  private final boolean needsArguments;

  /**
   * @param needsArguments whether an object without arguments is no call
   */
  JsonCallReader(boolean needsArguments) {
    this.needsArguments = needsArguments;
  }

  @Override
  Progress accept(char c) {
    if (!began) {
      if (Character.isWhitespace(c)) {
        return Progress.GOING;
      }
      if (c != '{') {
        return Progress.MALFORMED;
      }
      began = true;
    }
    boolean wasInString = json.inString();
    JsonScanner.State state = json.accept(c);
    if (state == JsonScanner.State.INVALID || !take(c, wasInString)) {
      return Progress.MALFORMED;
    }
    if (head.isEmpty() && hasArguments) {
      head = name.map(known -> new Head(id, known));
    }
    return state == JsonScanner.State.COMPLETE ? complete() : Progress.GOING;
  }

  private Progress complete() {
    if (name.isEmpty() || (needsArguments && !hasArguments)) {
      return Progress.MALFORMED;
    }
    if (!hasArguments) {
      arguments.append("{}");
    }
    head = head.or(() -> name.map(known -> new Head(id, known)));
    return Progress.COMPLETE;
  }

  /** Whether the character, valid as JSON, is one that a call may have. */
  private boolean take(char c, boolean wasInString) {
    switch (place) {
      case OUTSIDE -> {
        if (json.depth() == 1 && json.inString() && json.atKey()) {
          place = Place.KEY;
          piece.setLength(0);
        }
      }
      case KEY -> {
        if (wasInString && c == '"') {
          member = member(JsonStrings.unescape(piece));
          place = Place.COLON;
        } else {
          piece.append(c);
        }
      }
      case COLON -> {
        if (c != ':' && !Character.isWhitespace(c)) {
          place = Place.VALUE;
          piece.setLength(0);
          return beginValue(c);
        }
      }
      case VALUE -> {
        return takeValue(c, wasInString);
      }
    }
    return true;
  }

  private static Member member(String key) {
    return switch (key) {
      case "name", "tool_name" -> Member.NAME;
      case "arguments", "parameters" -> Member.ARGUMENTS;
      case "id", "tool_call_id" -> Member.ID;
      default -> Member.OTHER;
    };
  }

  private boolean beginValue(char c) {
    string = c == '"';
    return switch (member) {
      case NAME -> string && name.isEmpty();
      case ARGUMENTS -> {
        boolean again = hasArguments;
        hasArguments = c != 'n';
        if (c == '{') {
          arguments.append(c);
        }
        yield !again && (c == '{' || c == 'n' || string);
      }
      case ID, OTHER -> true;
    };
  }

  private boolean takeValue(char c, boolean wasInString) {
    if (member != Member.ARGUMENTS || string) {
      piece.append(c);
    } else if (hasArguments) {
      arguments.append(wasInString && c < ' ' ? JsonStrings.escape(c) : String.valueOf(c));
    }
    // Only a number is ended by what stands behind it.
    boolean behindNumber = json.depth() == 0 || (c == ',' && !wasInString);
    if (json.depth() > 1 || !(json.behindValue() || behindNumber)) {
      return true;
    }
    place = Place.OUTSIDE;
    return !string || endString(JsonStrings.unescape(piece.substring(0, piece.length() - 1)));
  }

  private boolean endString(String value) {
    switch (member) {
      case NAME -> name = Optional.of(value);
      case ID -> id = Optional.of(value);
      case ARGUMENTS -> {
        if (!JsonScanner.isObject(value)) {
          return false;
        }
        arguments.append(value);
      }
      case OTHER -> {}
    }
    return member != Member.NAME || !value.isEmpty();
  }

  @Override
  public Optional<Head> head() {
    return head;
  }

  @Override
  public String takeArguments() {
    if (head.isEmpty()) {
      return "";
    }
    String taken = arguments.toString();
    arguments.setLength(0);
    return taken;
  }
}
