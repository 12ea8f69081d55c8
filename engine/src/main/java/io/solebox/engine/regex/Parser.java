package io.solebox.engine.regex;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a pattern in the syntax of Oniguruma (kkos/oniguruma: doc/RE), which is what tokenizer.json
 * is written in; without what no scanner of one pass can do: references back, conditions, atomic
 * groups that differ from plain ones.
 */
public final class Parser {
  /** A repetition of more is no word. */
  private static final int MAX_COUNT = 1000;

  private static final int MAX_DEPTH = 200;

  private final int[] pattern;
  private final ClassParser classes;
  private int at;
  private int depth;

  /** Flags that hold where the parser stands. */
  private boolean anyCase;

  private boolean dotAll;
  private boolean free;

  private Parser(String pattern) {
    this.pattern = pattern.codePoints().toArray();
    this.classes = new ClassParser(this.pattern);
  }

  /**
   * @throws RegexException naming the place and what is wrong there
   */
  public static Node parse(String pattern) {
    Parser parser = new Parser(pattern);
    Node node = parser.choice();
    if (parser.at < parser.pattern.length) {
      throw parser.error("a ) without a (");
    }
    return node;
  }

  private RegexException error(String what) {
    return new RegexException(what + " at character " + (at + 1));
  }

  private boolean more() {
    return at < pattern.length;
  }

  private boolean accept(String text) {
    if (at + text.length() > pattern.length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (pattern[at + i] != text.charAt(i)) {
        return false;
      }
    }
    at += text.length();
    return true;
  }

  private Node choice() {
    boolean outerCase = anyCase;
    boolean outerDot = dotAll;
    boolean outerFree = free;
    List<Node> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (accept("|"));
    anyCase = outerCase;
    dotAll = outerDot;
    free = outerFree;
    return options.size() == 1 ? options.getFirst() : new Node.Choice(options);
  }

  private Node sequence() {
    List<Node> parts = new ArrayList<>();
    List<Possessive> possessives = new ArrayList<>();
    while (more() && pattern[at] != '|' && pattern[at] != ')') {
      if (free && (Character.isWhitespace(pattern[at]) || pattern[at] == '#')) {
        skipFree();
        continue;
      }
      Node atom = atom();
      Node repeated = quantified(atom, parts.size(), possessives);
      parts.add(repeated);
    }
    possessives.forEach(possessive -> possessive.check(parts, depth));
    return parts.size() == 1 ? parts.getFirst() : new Node.Sequence(parts);
  }

  private void skipFree() {
    if (pattern[at] == '#') {
      while (more() && pattern[at] != '\n') {
        at++;
      }
    } else {
      at++;
    }
  }

  private Node quantified(Node atom, int index, List<Possessive> possessives) {
    Node node = atom;
    while (more()) {
      int start = at;
      int[] counts = counts();
      if (counts.length == 0) {
        return node;
      }
      boolean interval = pattern[start] == '{';
      boolean lazy = accept("?");
      node = new Node.Repeat(node, counts[0], counts[1], !lazy);
      if (!lazy && !interval && accept("+")) {
        possessives.add(new Possessive(index, atom, start + 1));
      }
    }
    return node;
  }

  /** The least and the most of the quantifier here; empty if there is none. */
  private int[] counts() {
    if (accept("*")) {
      return new int[] {0, Node.UNBOUNDED};
    }
    if (accept("+")) {
      return new int[] {1, Node.UNBOUNDED};
    }
    if (accept("?")) {
      return new int[] {0, 1};
    }
    int start = at;
    if (accept("{")) {
      int min = number();
      boolean comma = accept(",");
      int max = comma ? number() : min;
      if (accept("}") && (min >= 0 || max >= 0)) {
        int least = Math.max(min, 0);
        int most = max < 0 ? Node.UNBOUNDED : max;
        if (least > MAX_COUNT || (most != Node.UNBOUNDED && most > MAX_COUNT) || least > most) {
          throw error("a repetition of " + least + " to " + most);
        }
        return new int[] {least, most};
      }
      at = start; // an ordinary brace
    }
    return new int[0];
  }

  /** A number of digits, or a negative one where there are none. */
  private int number() {
    int value = -1;
    while (more() && pattern[at] >= '0' && pattern[at] <= '9' && value <= MAX_COUNT) {
      value = Math.max(value, 0) * 10 + pattern[at++] - '0';
    }
    return value;
  }

  private Node atom() {
    int c = pattern[at];
    return switch (c) {
      case '(' -> group();
      case '[' -> chars(charClass());
      case '.' -> {
        at++;
        yield new Node.Chars(dotAll ? CodePointSet.ALL : Properties.dot());
      }
      case '^' -> {
        at++;
        yield new Node.Edge(Node.Side.BEFORE, Properties.dot(), true);
      }
      case '$' -> {
        at++;
        yield new Node.Edge(Node.Side.BEHIND, Properties.dot(), true);
      }
      case '*', '+', '?' -> throw error("nothing to repeat");
      case '\\' -> escape();
      default -> {
        at++;
        yield chars(CodePointSet.of(c));
      }
    };
  }

  private Node chars(CodePointSet set) {
    return new Node.Chars(anyCase ? set.withOtherCases() : set);
  }

  private CodePointSet charClass() {
    CodePointSet set = classes.parse(at);
    at = classes.end();
    return set;
  }

  private Node escape() {
    int next = at + 1 < pattern.length ? pattern[at + 1] : 0;
    Node edge =
        switch (next) {
          case 'b' -> new Node.Edge(Node.Side.DIFFERS, Properties.word(), false);
          case 'B' -> new Node.Edge(Node.Side.DIFFERS, Properties.word(), true);
          case 'A' -> new Node.Edge(Node.Side.BEFORE, CodePointSet.ALL, true);
          case 'z' -> new Node.Edge(Node.Side.BEHIND, CodePointSet.ALL, true);
          case 'Z' -> new Node.Look(parse("\\n?\\z"), true, false);
          default -> Node.EMPTY;
        };
    if (edge != Node.EMPTY) {
      at += 2;
      return edge;
    }
    if ((next >= '1' && next <= '9') || next == 'k' || next == 'g' || next == 'G') {
      throw error("a reference back");
    }
    CodePointSet set = classes.escape(at);
    at = classes.end();
    return chars(set);
  }

  private Node group() {
    if (++depth > MAX_DEPTH) {
      throw error("groups too deep");
    }
    int start = at++;
    Node node = groupBody(start);
    depth--;
    return node;
  }

  private Node groupBody(int start) {
    if (accept("?=")) {
      return look(true, false);
    }
    if (accept("?!")) {
      return look(true, true);
    }
    if (accept("?<=")) {
      return look(false, false);
    }
    if (accept("?<!")) {
      return look(false, true);
    }
    if (accept("?>")) {
      throw error("an atomic group");
    }
    if (accept("?#")) {
      while (more() && pattern[at] != ')') {
        at++;
      }
      close(start);
      return Node.EMPTY;
    }
    if (accept("?<") || accept("?P<") || accept("?'")) {
      while (more() && pattern[at] != '>' && pattern[at] != '\'') {
        at++;
      }
      at++;
    } else if (accept("?")) {
      return flags(start);
    }
    return closed(start);
  }

  private Node closed(int start) {
    Node node = choice();
    close(start);
    return node;
  }

  private void close(int start) {
    if (!accept(")")) {
      at = start;
      throw error("a ( without a )");
    }
  }

  private Node look(boolean ahead, boolean negated) {
    int start = at;
    Node body = closed(start);
    if (body instanceof Node.Chars(CodePointSet set)) {
      return new Node.Edge(ahead ? Node.Side.BEHIND : Node.Side.BEFORE, set, negated);
    }
    return new Node.Look(body, ahead, negated);
  }

  /** {@code (?i:...)} for a group, {@code (?i)} up to the end of the one around. */
  private Node flags(int start) {
    boolean outerCase = anyCase;
    boolean outerDot = dotAll;
    boolean outerFree = free;
    boolean on = true;
    while (more() && pattern[at] != ':' && pattern[at] != ')') {
      switch (pattern[at]) {
        case '-' -> on = false;
        case 'i' -> anyCase = on;
        case 'm', 's' -> dotAll = on;
        case 'x' -> free = on;
        default -> throw error("an unknown flag");
      }
      at++;
    }
    if (accept(")")) {
      return choice();
    }
    accept(":");
    Node node = closed(start);
    anyCase = outerCase;
    dotAll = outerDot;
    free = outerFree;
    return node;
  }

  /**
   * A repetition that gives nothing back. Where what follows cannot begin with what it took, it is
   * the same as a greedy one; elsewhere it is refused.
   */
  private final class Possessive {
    private final int index;
    private final Node body;
    private final int place;

    Possessive(int index, Node body, int place) {
      this.index = index;
      this.body = body;
      this.place = place;
    }

    void check(List<Node> parts, int groups) {
      CodePointSet taken = Firsts.of(body);
      CodePointSet following = CodePointSet.NONE;
      boolean open = true;
      for (Node next : parts.subList(index + 1, parts.size())) {
        if (open) {
          following = following.union(Firsts.of(next));
          open = Firsts.mayBeEmpty(next);
        }
      }
      boolean atEnd = open && groups > 0;
      if (atEnd || !following.intersection(taken).isEmpty() || !(body instanceof Node.Chars)) {
        at = place;
        throw error("a repetition that gives nothing back");
      }
    }
  }
}
