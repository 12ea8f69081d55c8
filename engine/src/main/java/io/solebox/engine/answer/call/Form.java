package io.solebox.engine.answer.call;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a marker of a format looks like. Its text is meant literally, save that a space stands for
 * any white space or none, and <code>{name}</code> for a word that is to be read: {@code
 * "<tool_call> <function={name}>"}. The holes <code>{name}</code>, <code>{id}</code> and others
 * take what names have; <code>{key}</code> may have spaces; <code>{_}</code> takes what nobody
 * needs, or nothing. Immutable.
 *
 * <p>How far a form reaches is bounded, so that text that may be one is never held for long.
 */
public final class Form {
  /** Characters of white space, and of a hole. */
  private static final String REACH = "{0,100}";

  private static final Pattern HOLE = Pattern.compile("\\{(\\w+)}");
  private static final String OF_NAMES = "[^\\s<>\\[\\](){}\"'`|,=]";
  private static final String NAME = OF_NAMES + "{1,100}?";
  private static final String KEY = "[^<>\"\\n]{1,100}?";

  /** A pattern of what stands in a hole {@code key} and is read as it stands there. */
  static final String KEYS = "[^<>\"\\s\\x1c-\\x1f](?:[^<>\"\\n]{0,98}[^<>\"\\s\\x1c-\\x1f])?";

  private static final String ANYTHING = "[^<>\"\\n]{0,100}?";

  /**
   * @param first what it begins with
   * @param holes their names
   */
  private record Alternative(String first, List<String> holes, Pattern pattern) {}

  private final List<String> texts;
  private final List<Alternative> alternatives;

  private Form(List<String> texts, String behind) {
    this.texts = List.copyOf(texts);
    this.alternatives = texts.stream().map(text -> alternative(text, behind)).toList();
  }

  /** Whatever looks like one of the texts; of several that fit the first is taken. */
  public static Form of(String... texts) {
    return new Form(List.of(texts), "");
  }

  /** Nothing looks like it. */
  public static Form none() {
    return of();
  }

  /** What looks like this, and has, behind white space, one of the texts behind it. */
  public Form before(String... next) {
    return new Form(texts, "(?=\\s" + REACH + "(?:" + anyOf(next) + "))");
  }

  /** As {@link #before}; nothing but white space up to the answer's end will do as well. */
  public Form beforeOrEnd(String... next) {
    return new Form(texts, "(?=\\s" + REACH + "(?:" + anyOf(next) + "|\\z))");
  }

  private static String anyOf(String... texts) {
    return Arrays.stream(texts).map(Form::expression).collect(Collectors.joining("|"));
  }

  private static Alternative alternative(String text, String behind) {
    Matcher hole = HOLE.matcher(text);
    List<String> holes = new ArrayList<>();
    int firstEnd = text.length();
    while (hole.find()) {
      firstEnd = Math.min(firstEnd, hole.start());
      if (!hole.group(1).equals("_")) {
        holes.add(hole.group(1));
      }
    }
    int space = text.indexOf(' ');
    String first = text.substring(0, space < 0 ? firstEnd : Math.min(space, firstEnd));
    return new Alternative(first, List.copyOf(holes), Pattern.compile(expression(text) + behind));
  }

  private static String expression(String text) {
    StringBuilder expression = new StringBuilder();
    Matcher hole = HOLE.matcher(text);
    int at = 0;
    while (hole.find()) {
      literal(text.substring(at, hole.start()), expression);
      expression.append(
          switch (hole.group(1)) {
            case "_" -> ANYTHING;
            case "key" -> "(?<key>" + KEY + ")";
            default -> "(?<" + hole.group(1) + ">" + NAME + ")" + end(text, hole.end());
          });
      at = hole.end();
    }
    literal(text.substring(at), expression);
    return expression.toString();
  }

  /** In front of what nobody needs a name ends where it must, and not sooner. */
  private static String end(String text, int at) {
    return text.startsWith(" {_}", at) ? "(?!" + OF_NAMES + ")" : "";
  }

  private static void literal(String text, StringBuilder expression) {
    String separator = "";
    for (String part : text.split(" ", -1)) {
      expression.append(separator);
      if (!part.isEmpty()) {
        expression.append(Pattern.quote(part));
      }
      separator = "\\s" + REACH;
    }
  }

  /** What it looks like; of several that which counts most first. */
  List<String> texts() {
    return texts;
  }

  /** Its texts without holes, for those who look for parts of them. */
  public Stream<String> literals() {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.split("\\{\\w+}| ")))
        .filter(part -> !part.isEmpty());
  }

  /** What its texts begin with, up to a hole or a space; empty for one that begins with such. */
  public Stream<String> firsts() {
    return alternatives.stream().map(Alternative::first);
  }

  /** Something that looks for this form in one answer. */
  public Matching matching() {
    return new Matching(alternatives);
  }

  /** Looks for a form at the start of what is not taken. Owned by one thread. */
  public static final class Matching {
    /** Whether the form is there. */
    public enum Result {
      NO,
      /** More text will tell. */
      MAYBE,
      YES
    }

    private final List<Alternative> alternatives;
    private final List<Matcher> matchers = new ArrayList<>();

    /** Of the alternatives, the one that was found last. */
    private int found;

    private Matching(List<Alternative> alternatives) {
      this.alternatives = alternatives;
      alternatives.forEach(alternative -> matchers.add(alternative.pattern().matcher("")));
    }

    /** Looks at what is not taken, and takes nothing. There must be something. */
    public Result at(Input input) {
      for (int i = 0; i < matchers.size(); i++) {
        String first = alternatives.get(i).first();
        if (!first.isEmpty() && first.charAt(0) != input.peek()) {
          continue;
        }
        Matcher matcher = matchers.get(i);
        matcher.reset(input.characters());
        matcher.region(input.position(), input.characters().length());
        boolean fits = matcher.lookingAt();
        if (!input.ended() && matcher.hitEnd()) {
          return Result.MAYBE;
        }
        if (fits) {
          found = i;
          return Result.YES;
        }
      }
      return Result.NO;
    }

    /** Takes what was found. */
    public void take(Input input) {
      input.skip(matchers.get(found).end() - input.position());
    }

    /** Whether what was found has a hole of that name. */
    public boolean has(String hole) {
      return alternatives.get(found).holes().contains(hole);
    }

    /** What stands in a hole of what was found; empty where it has no such hole. */
    public String hole(String name) {
      return has(name) ? matchers.get(found).group(name).strip() : "";
    }
  }
}
