package io.solebox.server.knowledge.chunk;

import java.util.ArrayList;
import java.util.List;

/** Where one text is cut. */
final class Cuts {
  /**
   * A part of the text that begins and ends with something else than white space.
   *
   * @param from in UTF-16 units
   * @param to itself not in it
   */
  record Cut(int from, int to) {}

  private final String text;
  private final TokenCounts counts;
  private final int most;
  private final int overlap;
  private final Atoms atoms;

  /** Tokens of all atoms before each. */
  private final int[] before;

  /**
   * @param most tokens of a cut, with what the model adds
   * @param overlap tokens that cuts share at most, at most half of {@code most}
   */
  Cuts(String text, TokenCounts counts, int most, int overlap) {
    this.text = text;
    this.counts = counts;
    this.most = most;
    this.overlap = overlap;
    this.atoms = Atoms.of(text);
    this.before = new int[atoms.count() + 1];
    for (int i = 0; i < atoms.count(); i++) {
      before[i + 1] = before[i] + counts.of(atoms.text(i));
    }
  }

  List<Cut> all() {
    List<Cut> cuts = new ArrayList<>();
    int from = 0;
    int to = 0;
    int covered = 0;
    while (to < atoms.count()) {
      to = end(from, to);
      Cut cut = stripped(atoms.start(from), atoms.end(to - 1));
      if (cut.from() < cut.to() && cut.to() > covered) {
        cuts.add(cut);
        covered = cut.to();
      }
      from = next(from, to);
    }
    return cuts;
  }

  /**
   * The best end of a cut: the first atom that is not in it.
   *
   * @param from its first atom
   * @param shared the end of the cut before: this one goes on behind it
   */
  private int end(int from, int shared) {
    int room = most - counts.added();
    while (true) {
      int last = last(from, room);
      int to = last == atoms.count() ? last : best(Math.max(shared, last(from, room / 2)), last);
      int tokens = counts.exactly(text.substring(atoms.start(from), atoms.end(to - 1)));
      if (tokens <= most || to == from + 1) {
        return to;
      }
      // Words together may have more tokens than each by itself.
      int estimate = before[to] - before[from];
      room = Math.min(estimate - 1, (int) ((long) estimate * most / tokens));
    }
  }

  /** The first atom that so many tokens do not reach, but one at least is in. */
  private int last(int from, int room) {
    int low = from + 1;
    int high = atoms.count();
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (before[middle] - before[from] <= room) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The last of the best ends in a range: {@code least} itself is not in it. */
  private int best(int least, int last) {
    int best = last;
    for (int to = last - 1; to > least; to--) {
      if (atoms.border(to - 1).compareTo(atoms.border(best - 1)) > 0) {
        best = to;
      }
    }
    return best;
  }

  /** Where the next cut begins: at the best of the places that repeat no more than may be. */
  private int next(int from, int to) {
    int best = to;
    for (int at = to - 1; at > from && before[to] - before[at] <= overlap; at--) {
      if (best == to || atoms.border(at - 1).compareTo(atoms.border(best - 1)) >= 0) {
        best = at;
      }
    }
    return best;
  }

  private Cut stripped(int from, int to) {
    int first = from;
    int last = to;
    while (first < last && isSpace(text.charAt(first))) {
      first++;
    }
    while (last > first && isSpace(text.charAt(last - 1))) {
      last--;
    }
    return new Cut(first, last);
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
