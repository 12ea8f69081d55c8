package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Literals.Dialect;
import io.solebox.engine.answer.call.Literals.Quotes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Named arguments as a programming language writes them, told in JSON: {@code a="x", b=[1, None])}
 * in Python, {@code a:<|"|>x<|"|>,b:[1,null]}} in Gemma's way. Texts go out as they come, words and
 * numbers when they are complete. Objects have keys in quotes or without.
 */
final class LiteralsReader implements CallReader {
  private static final int MAX_DEPTH = 200;

  /** What may come next. */
  private enum Expect {
    KEY_OR_END,
    KEY,
    ASSIGN,
    VALUE_OR_END,
    VALUE,
    COMMA_OR_END,
    /** More of a key, word or number. */
    WORD,
    TEXT,
    ESCAPE
  }

  /** What is open. */
  private enum Bracket {
    ARGUMENTS("{", '}'),
    OBJECT("{", '}'),
    LIST("[", ']'),
    TUPLE("[", ')');

    private final String json;
    private final char end;

    Bracket(String json, char end) {
      this.json = json;
      this.end = end;
    }
  }

  private record Quoted(Quotes quotes, Form.Matching marks) {}

  private final Head head;
  private final Dialect dialect;
  private final List<Quoted> quoted = new ArrayList<>();
  private final Deque<Bracket> open = new ArrayDeque<>(List.of(Bracket.ARGUMENTS));
  private final StringBuilder arguments = new StringBuilder();
  private final StringBuilder word = new StringBuilder();
  private Expect expect = Expect.KEY_OR_END;

  /** Whether the word or text that is being read is a key. */
  private boolean key;

  /** The quotes of the text that is being read. */
  private Optional<Quoted> within = Optional.empty();

  private boolean began;

  /** Whether a comma stands behind what was read last. */
  private boolean comma;

  LiteralsReader(Head head, Dialect dialect) {
    this.head = head;
    this.dialect = dialect;
    for (Quotes quotes : dialect.quotes()) {
      quoted.add(new Quoted(quotes, Form.of(quotes.marks()).matching()));
    }
  }

  @Override
  public Progress read(Input input) {
    Progress progress = Progress.GOING;
    boolean moves = true;
    while (moves && progress == Progress.GOING && !input.isEmpty()) {
      int before = input.position();
      Expect wasExpected = expect;
      progress = step(input);
      moves = input.position() > before || expect != wasExpected;
    }
    return progress;
  }

  private Progress step(Input input) {
    return switch (expect) {
      case KEY_OR_END, KEY, ASSIGN, VALUE_OR_END, VALUE, COMMA_OR_END -> {
        input.skipSpaces();
        yield input.isEmpty() ? Progress.GOING : between(input);
      }
      case WORD -> word(input);
      case TEXT -> text(input, within.orElseThrow());
      case ESCAPE -> escape(input);
    };
  }

  private Progress between(Input input) {
    char c = input.peek();
    boolean mayEnd =
        expect == Expect.KEY_OR_END
            || expect == Expect.VALUE_OR_END
            || expect == Expect.COMMA_OR_END;
    if (mayEnd && c == end()) {
      input.skip(1);
      return close();
    }
    return switch (expect) {
      case KEY_OR_END, KEY -> begin(input, true);
      case VALUE_OR_END, VALUE -> isBracket(c) ? openBracket(input) : begin(input, false);
      case ASSIGN -> {
        boolean object = open.peek() == Bracket.OBJECT;
        yield take(input, object ? ':' : dialect.assign(), Expect.VALUE);
      }
      case COMMA_OR_END -> {
        boolean keys = open.peek() == Bracket.OBJECT || open.peek() == Bracket.ARGUMENTS;
        // Python lets a comma stand behind the last one.
        yield take(input, ',', keys ? Expect.KEY_OR_END : Expect.VALUE_OR_END);
      }
      case WORD, TEXT, ESCAPE -> throw new IllegalStateException("inside " + expect);
    };
  }

  private char end() {
    return open.peek() == Bracket.ARGUMENTS ? dialect.end() : open.peek().end;
  }

  private Progress take(Input input, char wanted, Expect next) {
    if (input.peek() != wanted) {
      return Progress.MALFORMED;
    }
    input.skip(1);
    if (next == Expect.VALUE) {
      arguments.append(':');
    } else {
      comma = true;
    }
    expect = next;
    return Progress.GOING;
  }

  private static boolean isBracket(char c) {
    return c == '{' || c == '[' || c == '(';
  }

  private Progress openBracket(Input input) {
    Bracket bracket =
        switch (input.peek()) {
          case '{' -> Bracket.OBJECT;
          case '[' -> Bracket.LIST;
          default -> Bracket.TUPLE;
        };
    input.skip(1);
    separate();
    arguments.append(bracket.json);
    open.push(bracket);
    expect = bracket == Bracket.OBJECT ? Expect.KEY_OR_END : Expect.VALUE_OR_END;
    return open.size() > MAX_DEPTH ? Progress.MALFORMED : Progress.GOING;
  }

  /** What is written in front of an element. */
  private void separate() {
    if (!began) {
      arguments.append(Bracket.ARGUMENTS.json);
      began = true;
    }
    if (comma) {
      arguments.append(',');
      comma = false;
    }
  }

  private Progress close() {
    comma = false;
    separate();
    Bracket closed = open.pop();
    arguments.append(closed.json.equals("[") ? ']' : '}');
    expect = Expect.COMMA_OR_END;
    return open.isEmpty() ? Progress.COMPLETE : Progress.GOING;
  }

  private Progress begin(Input input, boolean asKey) {
    key = asKey;
    for (Quoted one : quoted) {
      switch (one.marks().at(input)) {
        case YES -> {
          one.marks().take(input);
          separate();
          arguments.append('"');
          within = Optional.of(one);
          expect = Expect.TEXT;
          return Progress.GOING;
        }
        case MAYBE -> {
          return Progress.GOING;
        }
        case NO -> {}
      }
    }
    separate();
    word.setLength(0);
    expect = Expect.WORD;
    return Progress.GOING;
  }

  private Progress word(Input input) {
    while (!input.isEmpty()) {
      char c = input.peek();
      boolean assigned = key && (c == dialect.assign() || c == ':');
      if (assigned || Character.isWhitespace(c) || ",)]}".indexOf(c) >= 0) {
        return endWord();
      }
      if ("\"'`<>({[".indexOf(c) >= 0) {
        return Progress.MALFORMED;
      }
      word.append(c);
      input.skip(1);
    }
    return Progress.GOING;
  }

  private Progress endWord() {
    if (key) {
      JsonStrings.appendQuoted(word, arguments);
      expect = Expect.ASSIGN;
      return word.isEmpty() ? Progress.MALFORMED : Progress.GOING;
    }
    Optional<String> value = Literals.word(word.toString());
    value.ifPresent(arguments::append);
    expect = Expect.COMMA_OR_END;
    return value.isPresent() ? Progress.GOING : Progress.MALFORMED;
  }

  private Progress text(Input input, Quoted quotes) {
    while (!input.isEmpty()) {
      switch (quotes.marks().at(input)) {
        case YES -> {
          quotes.marks().take(input);
          arguments.append('"');
          expect = key ? Expect.ASSIGN : Expect.COMMA_OR_END;
          return Progress.GOING;
        }
        case MAYBE -> {
          return Progress.GOING;
        }
        case NO -> {
          char c = input.peek();
          input.skip(1);
          if (c == '\\' && quotes.quotes().escapes()) {
            expect = Expect.ESCAPE;
            return Progress.GOING;
          }
          JsonStrings.append(c, arguments);
        }
      }
    }
    return Progress.GOING;
  }

  private Progress escape(Input input) {
    int length = 1 + Literals.digits(input.peek());
    if (input.available() < length) {
      return Progress.GOING;
    }
    Optional<String> escaped = Literals.escaped(input.next(length));
    if (escaped.isEmpty()) {
      return Progress.MALFORMED;
    }
    arguments.append(escaped.get());
    input.skip(length);
    expect = Expect.TEXT;
    return Progress.GOING;
  }

  @Override
  public Optional<Head> head() {
    return began ? Optional.of(head) : Optional.empty();
  }

  @Override
  public String takeArguments() {
    String taken = arguments.toString();
    arguments.setLength(0);
    return taken;
  }
}
