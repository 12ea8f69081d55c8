package io.solebox.engine.regex;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A pattern that splits text in time linear in its length, whatever the two hold: it is compiled to
 * a table in advance, and nothing is ever tried again. Matches are those of a backtracking matcher:
 * the leftmost, and of these the one that the pattern prefers. Immutable; safe for many threads.
 */
public final class Regex {
  /** Each gets a bit in the symbols of the automaton, and so doubles its table. */
  private static final int MAX_LOOKS = 3;

  private static final int NONE = -1;

  private final Alphabet alphabet;
  private final Dfa matches;

  private final Beginnings beginnings;

  private final List<Look> looks;

  /** A condition on more than one character, decided for a whole stretch in advance. */
  private record Look(boolean ahead, Dfa ends) {}

  /**
   * Finds where matches begin, reading from the end; made when first asked for, because few texts
   * need it.
   */
  private static final class Beginnings {
    private final Node node;
    private final Alphabet alphabet;
    private boolean possible;
    private Optional<Dfa> made = Optional.empty();

    Beginnings(Node node, Alphabet alphabet, boolean possible) {
      this.node = node;
      this.alphabet = alphabet;
      this.possible = possible;
    }

    /** Empty for a pattern that looks too far around, or has too many states when read so. */
    synchronized Optional<Dfa> dfa() {
      if (possible && made.isEmpty()) {
        try {
          made = Optional.of(new Dfa(new Program(node.reversed()), alphabet, Dfa.Mode.EVERY_END));
        } catch (RegexException _) {
          possible = false;
        }
      }
      return made;
    }
  }

  /** Gets the pieces of a text in order. */
  @FunctionalInterface
  public interface Pieces {
    /**
     * @param from the piece's first byte
     * @param to behind its last; equal to {@code from} for a match of nothing
     * @param matched whether it is a match, or what lies between matches
     */
    void accept(int from, int to, boolean matched);
  }

  private Regex(Node node) {
    Program program = new Program(node);
    List<Program> bodies = program.looks().stream().map(Regex::bodyOf).toList();
    if (bodies.size() > MAX_LOOKS || bodies.stream().anyMatch(body -> !body.looks().isEmpty())) {
      throw new RegexException("too many conditions on what stands around");
    }
    Set<CodePointSet> sets = new LinkedHashSet<>(program.sets());
    bodies.forEach(body -> sets.addAll(body.sets()));
    this.alphabet = new Alphabet(sets);
    this.matches = new Dfa(program, alphabet, Dfa.Mode.PREFERRED);
    this.beginnings = new Beginnings(node, alphabet, bodies.isEmpty());
    this.looks =
        IntStream.range(0, bodies.size())
            .mapToObj(
                i ->
                    new Look(
                        program.looks().get(i).ahead(),
                        new Dfa(bodies.get(i), alphabet, Dfa.Mode.EVERY_END)))
            .toList();
  }

  private static Program bodyOf(Node.Look look) {
    return new Program(look.ahead() ? look.body().reversed() : look.body());
  }

  /**
   * @param pattern in the syntax of Oniguruma
   * @throws RegexException if it is none, or needs more than one pass
   */
  public static Regex of(String pattern) {
    return new Regex(Parser.parse(pattern));
  }

  /** A pattern that matches exactly this text, or nothing if it is empty. */
  public static Regex literal(String text) {
    List<Node> characters =
        text.codePoints().<Node>mapToObj(c -> new Node.Chars(CodePointSet.of(c))).toList();
    return new Regex(
        characters.isEmpty() ? new Node.Chars(CodePointSet.NONE) : new Node.Sequence(characters));
  }

  /**
   * Splits a stretch of text; its ends are the ends of the text to the pattern.
   *
   * @param utf8 well-formed
   */
  public void split(byte[] utf8, int from, int to, Pieces pieces) {
    new Scan(utf8, from, to).run(pieces);
  }

  /** One stretch. */
  private final class Scan {
    private final byte[] utf8;
    private final int from;
    private final int to;

    /** For each place a bit per look that holds there. */
    private final byte[] held;

    /** Where matches begin; known only once too much was read in vain. */
    private byte[] begins = {};

    private long readInVain;
    private boolean tooMuch;

    Scan(byte[] utf8, int from, int to) {
      this.utf8 = utf8;
      this.from = from;
      this.to = to;
      this.held = looks.isEmpty() ? new byte[0] : new byte[to - from + 1];
      for (int i = 0; i < looks.size(); i++) {
        Look look = looks.get(i);
        mark(look.ends(), look.ahead(), 1 << i, held);
      }
    }

    void run(Pieces pieces) {
      int gap = from;
      for (int at = from; at < to; ) {
        int end = begins.length > 0 && begins[at - from] == 0 ? NONE : match(at);
        int step = at + Alphabet.length(utf8[at]);
        if (end == NONE) {
          at = step;
          continue;
        }
        if (gap < at) {
          pieces.accept(gap, at, false);
        }
        pieces.accept(at, end, true);
        gap = end;
        at = end > at ? end : step;
      }
      if (gap < to) {
        pieces.accept(gap, to, false);
      }
    }

    /** The end of the match at {@code start}, or {@link #NONE}. */
    private int match(int start) {
      int state = matches.start(classBefore(start));
      int end = NONE;
      int at = start;
      while (true) {
        int symbolClass = at < to ? alphabet.classAt(utf8, at) : alphabet.size();
        int symbol = held.length == 0 ? symbolClass : matches.symbol(symbolClass, held[at - from]);
        int next = matches.next(state, symbol);
        if ((next & 1) == 1) {
          end = at;
        }
        state = next >>> 1;
        if (state == Dfa.DEAD) {
          break;
        }
        at += Alphabet.length(utf8[at]);
      }
      if (end == NONE) {
        countInVain(at - start);
      }
      return end;
    }

    /** A pattern as {@code \s+$} would read a long run of spaces from each of its places. */
    private void countInVain(int bytes) {
      readInVain += bytes;
      if (readInVain > 2L * (to - from) + 1024 && !tooMuch) {
        tooMuch = true;
        Optional<Dfa> dfa = beginnings.dfa();
        if (dfa.isPresent()) {
          begins = new byte[to - from + 1];
          mark(dfa.get(), true, 1, begins);
        }
      }
    }

    private int classBefore(int at) {
      return at == from ? alphabet.size() : alphabet.classAt(utf8, characterBefore(at));
    }

    private int characterBefore(int at) {
      int start = at - 1;
      while ((utf8[start] & 0xc0) == 0x80) {
        start--;
      }
      return start;
    }

    /**
     * Sets {@code bit} at each place where a match of {@code ends} ends.
     *
     * @param backwards whether it reads from the end
     */
    private void mark(Dfa ends, boolean backwards, int bit, byte[] marks) {
      int state = ends.start(alphabet.size());
      int at = backwards ? to : from;
      int last = backwards ? from : to;
      while (true) {
        int before = backwards && at > from ? characterBefore(at) : at;
        int symbolClass = at == last ? alphabet.size() : alphabet.classAt(utf8, before);
        int next = ends.next(state, symbolClass);
        if ((next & 1) == 1) {
          marks[at - from] |= (byte) bit;
        }
        if (at == last) {
          return;
        }
        state = next >>> 1;
        at = backwards ? before : at + Alphabet.length(utf8[at]);
      }
    }
  }
}
