package io.solebox.engine.answer.call;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows one JSON value (RFC 8259) a character at a time, and says as soon as it is complete or
 * cannot become one. Control characters may stand in strings unescaped, because models write them;
 * {@link #inString} tells who wants to escape them. A number at the top level is never complete.
 */
final class JsonScanner {
  enum State {
    OPEN,
    COMPLETE,
    INVALID
  }

  /** What may come next. */
  private enum Expect {
    VALUE,
    VALUE_OR_END,
    KEY,
    KEY_OR_END,
    COLON,
    COMMA_OR_END,
    STRING,
    ESCAPE,
    HEX,
    WORD,
    NUMBER,
    NOTHING
  }

  private static final String WHITE_SPACE = " \t\r\n";
  private static final int MAX_DEPTH = 200;

  /** Open brackets. */
  private final Deque<Character> open = new ArrayDeque<>();

  private Expect expect = Expect.VALUE;
  private boolean key;
  private int hexLeft;

  /** What is left of {@code true}, {@code false} or {@code null}. */
  private String word = "";

  private NumberPart number = NumberPart.START;

  /** Whether a text is one JSON object. */
  static boolean isObject(String text) {
    JsonScanner scanner = new JsonScanner();
    State state = State.OPEN;
    boolean object = false;
    for (int i = 0; i < text.length() && state != State.INVALID; i++) {
      state = scanner.accept(text.charAt(i));
      object = object || scanner.depth() > 0 && scanner.open.peekLast() == '{';
    }
    return object && state == State.COMPLETE;
  }

  State accept(char c) {
    expect = next(c);
    return switch (expect) {
      case NOTHING -> State.INVALID;
      case COMMA_OR_END -> open.isEmpty() ? State.COMPLETE : State.OPEN;
      case VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, STRING, ESCAPE, HEX, WORD, NUMBER ->
          State.OPEN;
    };
  }

  /** Whether the next character stands in a string, and not behind a backslash. */
  boolean inString() {
    return expect == Expect.STRING;
  }

  /** How many brackets are open. */
  int depth() {
    return open.size();
  }

  /** Whether what is being read, or was read last, of strings is a key. */
  boolean atKey() {
    return key;
  }

  /** Whether a value has ended, and a comma or bracket must come. */
  boolean behindValue() {
    return expect == Expect.COMMA_OR_END;
  }

  private Expect next(char c) {
    if (WHITE_SPACE.indexOf(c) >= 0 && !isInside()) {
      return expect;
    }
    return switch (expect) {
      case VALUE -> value(c);
      case VALUE_OR_END -> c == ']' ? close('[') : value(c);
      case KEY -> c == '"' ? string(true) : Expect.NOTHING;
      case KEY_OR_END -> c == '}' ? close('{') : c == '"' ? string(true) : Expect.NOTHING;
      case COLON -> c == ':' ? Expect.VALUE : Expect.NOTHING;
      case COMMA_OR_END -> behindValue(c);
      case STRING -> c == '"' ? endOfString() : c == '\\' ? Expect.ESCAPE : Expect.STRING;
      case ESCAPE -> escape(c);
      case HEX -> hex(c);
      case WORD -> word(c);
      case NUMBER -> number(c);
      case NOTHING -> Expect.NOTHING;
    };
  }

  private boolean isInside() {
    return switch (expect) {
      case STRING, ESCAPE, HEX, WORD, NUMBER -> true;
      case VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END, NOTHING -> false;
    };
  }

  private Expect value(char c) {
    return switch (c) {
      case '{' -> open('{', Expect.KEY_OR_END);
      case '[' -> open('[', Expect.VALUE_OR_END);
      case '"' -> string(false);
      case 't' -> begin("rue");
      case 'f' -> begin("alse");
      case 'n' -> begin("ull");
      default -> {
        number = NumberPart.START.next(c);
        yield number == NumberPart.NONE ? Expect.NOTHING : Expect.NUMBER;
      }
    };
  }

  private Expect open(char bracket, Expect inside) {
    open.push(bracket);
    return open.size() > MAX_DEPTH ? Expect.NOTHING : inside;
  }

  private Expect close(char bracket) {
    return !open.isEmpty() && open.pop() == bracket ? Expect.COMMA_OR_END : Expect.NOTHING;
  }

  private Expect string(boolean asKey) {
    key = asKey;
    return Expect.STRING;
  }

  private Expect endOfString() {
    return key ? Expect.COLON : Expect.COMMA_OR_END;
  }

  private Expect begin(String rest) {
    word = rest;
    return Expect.WORD;
  }

  private Expect word(char c) {
    if (c != word.charAt(0)) {
      return Expect.NOTHING;
    }
    word = word.substring(1);
    return word.isEmpty() ? Expect.COMMA_OR_END : Expect.WORD;
  }

  private Expect number(char c) {
    NumberPart next = number.next(c);
    if (next != NumberPart.NONE) {
      number = next;
      return Expect.NUMBER;
    }
    if (!number.mayEnd) {
      return Expect.NOTHING;
    }
    return WHITE_SPACE.indexOf(c) >= 0 ? Expect.COMMA_OR_END : behindValue(c);
  }

  private Expect behindValue(char c) {
    if (open.isEmpty()) {
      return Expect.NOTHING;
    }
    boolean object = open.peek() == '{';
    return switch (c) {
      case ',' -> object ? Expect.KEY : Expect.VALUE;
      case '}' -> close('{');
      case ']' -> close('[');
      default -> Expect.NOTHING;
    };
  }

  private Expect escape(char c) {
    if (c == 'u') {
      hexLeft = 4;
      return Expect.HEX;
    }
    return "\"\\/bfnrt".indexOf(c) >= 0 ? Expect.STRING : Expect.NOTHING;
  }

  private Expect hex(char c) {
    if (Character.digit(c, 16) < 0 || c >= 0x80) {
      return Expect.NOTHING;
    }
    return --hexLeft == 0 ? Expect.STRING : Expect.HEX;
  }

  /** Where in a number the last character was. */
  private enum NumberPart {
    START(false),
    MINUS(false),
    ZERO(true),
    DIGITS(true),
    POINT(false),
    FRACTION(true),
    E(false),
    SIGN(false),
    EXPONENT(true),
    NONE(false);

    private final boolean mayEnd;

    NumberPart(boolean mayEnd) {
      this.mayEnd = mayEnd;
    }

    NumberPart next(char c) {
      boolean digit = c >= '0' && c <= '9';
      boolean exponent = c == 'e' || c == 'E';
      return switch (this) {
        case START -> c == '-' ? MINUS : first(c, digit);
        case MINUS -> first(c, digit);
        case ZERO -> c == '.' ? POINT : exponent ? E : NONE;
        case DIGITS -> digit ? DIGITS : c == '.' ? POINT : exponent ? E : NONE;
        case POINT -> digit ? FRACTION : NONE;
        case FRACTION -> digit ? FRACTION : exponent ? E : NONE;
        case E -> digit ? EXPONENT : c == '+' || c == '-' ? SIGN : NONE;
        case SIGN, EXPONENT -> digit ? EXPONENT : NONE;
        case NONE -> NONE;
      };
    }

    private static NumberPart first(char c, boolean digit) {
      return c == '0' ? ZERO : digit ? DIGITS : NONE;
    }
  }
}
