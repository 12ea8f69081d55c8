package io.solebox.engine.constrain.pattern;

import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.Node;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pattern in the syntax of ECMA-262, with what people bring along from Python: {@code
 * (?P<name>...)}, {@code \A}, {@code \Z}, {@code (?i)} at the beginning. Lazy repetitions match the
 * same texts as greedy ones.
 */
final class PatternParser {
  private static final int MAX_COUNT = 10_000;
  private static final int MAX_DEPTH = 200;
  private static final int MAX_LENGTH = 20_000;

  /** To look at every character that has another case. */
  private static final int CASES_WEIGHT = 3_000;

  private static final Node BEGIN = new Node.Edge(Node.Side.BEFORE, CodePointSet.ALL, true);
  private static final Node END = new Node.Edge(Node.Side.BEHIND, CodePointSet.ALL, true);

  private final PatternReader reader;
  private final CharacterClasses classes;
  private final Budget budget;
  private final Map<CodePointSet, CodePointSet> otherCases = new HashMap<>();
  private int depth;
  private boolean anyCase;
  private boolean dotAll;

  private PatternParser(String pattern, Budget budget) {
    this.reader = new PatternReader(pattern);
    this.classes = new CharacterClasses(reader, this::cased);
    this.budget = budget;
  }

  /**
   * @throws RegexException naming the place and what is wrong there
   */
  static Node parse(String pattern, Budget budget) {
    if (pattern.length() > MAX_LENGTH) {
      throw new RegexException("it is longer than " + MAX_LENGTH + " characters");
    }
    PatternParser parser = new PatternParser(pattern, budget);
    Node node = parser.choice();
    if (parser.reader.more()) {
      throw parser.reader.error("a ) without a (");
    }
    return node;
  }

  private Node choice() {
    boolean outerCase = anyCase;
    boolean outerDot = dotAll;
    List<Node> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (reader.accept("|"));
    anyCase = outerCase;
    dotAll = outerDot;
    return options.size() == 1 ? options.getFirst() : new Node.Choice(options);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    while (reader.more() && reader.peek() != '|' && reader.peek() != ')') {
      parts.add(quantified(atom()));
    }
    return parts.size() == 1 ? parts.getFirst() : new Node.Sequence(parts);
  }

  private Node quantified(Node atom) {
    Node node = atom;
    int start = reader.place();
    int[] counts = counts();
    if (counts.length > 0) {
      if (atom instanceof Node.Look || atom instanceof Node.Edge) {
        throw reader.errorAt(start, "a condition that is repeated");
      }
      // Nothing repeated is nothing, and would cost no state however often it is written out.
      node = isEmpty(atom) ? atom : new Node.Repeat(atom, counts[0], counts[1], true);
      if (!reader.accept("?") && reader.accept("+")) {
        throw reader.errorAt(start, "a repetition that gives nothing back");
      }
      if (reader.more() && "*+?".indexOf(reader.peek()) >= 0) {
        throw reader.error("nothing to repeat");
      }
    }
    return node;
  }

  private static boolean isEmpty(Node node) {
    return node instanceof Node.Sequence(List<Node> parts)
        && parts.stream().allMatch(PatternParser::isEmpty);
  }

  /** The least and the most of the quantifier here; empty if there is none. */
  private int[] counts() {
    if (reader.accept("*")) {
      return new int[] {0, Node.UNBOUNDED};
    }
    if (reader.accept("+")) {
      return new int[] {1, Node.UNBOUNDED};
    }
    if (reader.accept("?")) {
      return new int[] {0, 1};
    }
    int start = reader.place();
    if (!reader.accept("{")) {
      return new int[0];
    }
    String least = reader.digits();
    boolean comma = reader.accept(",");
    String most = comma ? reader.digits() : least;
    boolean closed = reader.accept("}");
    if (closed && least.isEmpty() && !most.isEmpty()) {
      throw reader.errorAt(
          start, "{,%s}, which some read as {0,%s} and others as text,".formatted(most, most));
    }
    if (!closed || least.isEmpty()) {
      reader.goTo(start); // an ordinary brace
      return new int[0];
    }
    int min = count(least, start);
    int max = most.isEmpty() ? Node.UNBOUNDED : count(most, start);
    if (min > max) {
      throw reader.errorAt(start, "a repetition of " + min + " to " + max);
    }
    return new int[] {min, max};
  }

  private int count(String digits, int start) {
    if (digits.length() > 6 || Integer.parseInt(digits) > MAX_COUNT) {
      throw reader.errorAt(start, "a count over " + MAX_COUNT);
    }
    return Integer.parseInt(digits);
  }

  private Node atom() {
    int c = reader.next();
    return switch (c) {
      case '(' -> group();
      case '[' -> new Node.Chars(classes.bracket());
      case '.' ->
          new Node.Chars(dotAll ? CodePointSet.ALL : CharacterClasses.LINE_ENDS.complement());
      case '^' -> BEGIN;
      case '$' -> END;
      case '*', '+', '?' -> throw reader.errorAt(reader.place() - 1, "nothing to repeat");
      case '\\' -> escape();
      default -> new Node.Chars(cased(CodePointSet.of(c)));
    };
  }

  /** With other cases, where they do not matter. */
  private CodePointSet cased(CodePointSet set) {
    if (!anyCase) {
      return set;
    }
    CodePointSet known = otherCases.get(set);
    if (known == null) {
      budget.spend(CASES_WEIGHT);
      known = set.withOtherCases();
      otherCases.put(set, known);
    }
    return known;
  }

  private Node escape() {
    int start = reader.place() - 1;
    int c = reader.more() ? reader.peek() : 0;
    Node edge =
        switch (c) {
          case 'A' -> BEGIN;
          case 'Z', 'z' -> END;
          case 'b', 'B' -> throw reader.errorAt(start, "a word boundary");
          case '1', '2', '3', '4', '5', '6', '7', '8', '9', 'k' ->
              throw reader.errorAt(start, "a reference back");
          default -> Node.EMPTY;
        };
    if (!edge.equals(Node.EMPTY)) {
      reader.next();
      return edge;
    }
    return new Node.Chars(cased(classes.escape(false)));
  }

  private Node group() {
    int start = reader.place() - 1;
    if (++depth > MAX_DEPTH) {
      throw reader.errorAt(start, "groups too deep");
    }
    Node node = groupBody(start);
    depth--;
    return node;
  }

  private Node groupBody(int start) {
    if (reader.accept("?:")) {
      return closed(start);
    }
    if (reader.accept("?=")) {
      return new Node.Look(closed(start), true, false);
    }
    if (reader.accept("?!")) {
      return new Node.Look(closed(start), true, true);
    }
    if (reader.accept("?<=") || reader.accept("?<!")) {
      throw reader.errorAt(start, "a condition on what stands before");
    }
    if (reader.accept("?>")) {
      throw reader.errorAt(start, "an atomic group");
    }
    if (reader.accept("?P=") || reader.accept("?(")) {
      throw reader.errorAt(start, "a reference back");
    }
    if (reader.accept("?<") || reader.accept("?P<")) {
      while (reader.more() && reader.next() != '>') {
        // the name says nothing
      }
    } else if (reader.accept("?")) {
      return flags(start);
    }
    return closed(start);
  }

  private Node closed(int start) {
    Node node = choice();
    if (!reader.accept(")")) {
      throw reader.errorAt(start, "a ( without a )");
    }
    return node;
  }

  /** {@code (?i:...)} for a group; {@code (?i)} for the rest of the one around. */
  private Node flags(int start) {
    boolean outerCase = anyCase;
    boolean outerDot = dotAll;
    boolean on = true;
    while (reader.more() && reader.peek() != ':' && reader.peek() != ')') {
      switch (reader.next()) {
        case '-' -> on = false;
        case 'i' -> anyCase = on;
        case 's' -> dotAll = on;
        default -> throw reader.errorAt(start, "a flag other than i and s");
      }
    }
    if (reader.accept(")")) {
      return Node.EMPTY;
    }
    reader.accept(":");
    Node node = closed(start);
    anyCase = outerCase;
    dotAll = outerDot;
    return node;
  }
}
