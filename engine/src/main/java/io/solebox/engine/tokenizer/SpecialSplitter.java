package io.solebox.engine.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Finds special tokens in text: longer ones first, wherever they stand, then shorter ones in what
 * is left; of equally long ones the lower id, of one token the leftmost. That is what llama.cpp
 * finds by one search per token (ggml-org/llama.cpp: src/llama-vocab.cpp); here one pass finds all
 * ends, and each end gives its longest token up before a shorter one is tried. Immutable.
 */
final class SpecialSplitter implements Splitter {
  private static final int NONE = TokenAutomaton.NONE;

  /**
   * @param anywhere whether it is found in any text, or only where special tokens are parsed
   */
  private record Token(int id, byte[] text, boolean anywhere) {}

  /** In the order in which they take their places. */
  private final List<Token> tokens;

  private final TokenAutomaton automaton;
  private final SpaceEaters eaters;

  /**
   * @param markers further entries that are special, and user-defined ones that are found only
   *     where special tokens are parsed
   */
  SpecialSplitter(Vocabulary vocabulary, Set<Integer> markers, SpaceEaters eaters) {
    List<Token> found = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenKind kind = vocabulary.kind(id);
      boolean userDefined = kind == TokenKind.USER_DEFINED;
      boolean marker = markers.contains(id);
      if (kind.isHidden() || userDefined || marker) {
        byte[] text = vocabulary.textBytes(id);
        if (text.length > 0) {
          found.add(new Token(id, text, userDefined && !marker));
        }
      }
    }
    found.sort(Comparator.comparingInt(token -> -token.text().length));
    this.tokens = List.copyOf(found);
    this.eaters = eaters;
    this.automaton = new TokenAutomaton(found.stream().map(Token::text).toList());
  }

  @Override
  public List<Fragment> split(ParsedText input) {
    return new Search(input).run();
  }

  /** One input. */
  private final class Search {
    private final ParsedText input;
    private final byte[] utf8;

    /** Tokens that have ends to try. */
    private final BitSet open = new BitSet();

    /** Those ends, by token; as long as there is none, empty. */
    private IntList[] ends = {};

    Search(ParsedText input) {
      this.input = input;
      this.utf8 = input.utf8();
    }

    List<Fragment> run() {
      findEnds();
      if (open.isEmpty()) {
        return utf8.length == 0 ? List.of() : List.of(new Fragment.Text(0, utf8.length));
      }
      return fragments(place());
    }

    private void findEnds() {
      int state = TokenAutomaton.ROOT;
      for (int i = 0; i < utf8.length; i++) {
        state = automaton.next(state, utf8[i]);
        int match = automaton.longestMatch(state);
        if (match != NONE) {
          propose(match, i + 1, utf8.length);
        }
      }
    }

    /** Proposes the longest token that ends at {@code end}, may stand there and is not too long. */
    private void propose(int longest, int end, int mostBytes) {
      for (int match = longest; match != NONE; match = automaton.shorterMatch(match)) {
        for (int i = automaton.tokenOf(match); i != NONE; i = automaton.twinOf(i)) {
          Token token = tokens.get(i);
          int length = token.text().length;
          if (length <= mostBytes && (token.anywhere() || input.isParsed(end - length, end))) {
            add(i, end);
            return;
          }
        }
      }
    }

    private void add(int index, int end) {
      if (ends.length == 0) {
        ends = new IntList[tokens.size()];
      }
      if (!open.get(index)) {
        open.set(index);
        ends[index] = new IntList();
      }
      ends[index].add(end);
    }

    /** For each byte the index of its token plus one, or 0. */
    private int[] place() {
      int[] owners = new int[utf8.length];
      for (int index = open.nextSetBit(0); index >= 0; index = open.nextSetBit(index + 1)) {
        int length = tokens.get(index).text().length;
        // Ends that longer tokens gave up came later than those of the first pass.
        for (int end : ends[index].toSortedArray()) {
          int start = end - length;
          // What has its place is at least as long: it covers one of the two ends, or nothing.
          if (owners[end - 1] != 0) {
            continue;
          }
          if (owners[start] == 0) {
            Arrays.fill(owners, start, end, index + 1);
          } else {
            retry(index, end, owners);
          }
        }
      }
      return owners;
    }

    private void retry(int index, int end, int[] owners) {
      int free = end - 1;
      while (owners[free - 1] == 0) {
        free--;
      }
      propose(automaton.shorterMatch(automaton.matchOf(index)), end, end - free);
    }

    private List<Fragment> fragments(int[] owners) {
      List<Fragment> fragments = new ArrayList<>();
      int rest = 0;
      for (int at = 0; at < owners.length; ) {
        if (owners[at] == 0) {
          at++;
          continue;
        }
        Token token = tokens.get(owners[at] - 1);
        int end = at + token.text().length;
        addText(rest, eaters.endBefore(token.id(), utf8, rest, at), fragments);
        fragments.add(new Fragment.Special(token.id()));
        int next = end;
        while (next < owners.length && owners[next] == 0) {
          next++;
        }
        rest = eaters.startBehind(token.id(), utf8, end, next);
        at = next;
      }
      addText(rest, owners.length, fragments);
      return fragments;
    }

    private static void addText(int from, int to, List<Fragment> fragments) {
      if (from < to) {
        fragments.add(new Fragment.Text(from, to));
      }
    }
  }
}
