package io.solebox.scout.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A title, cut into words. Words are runs of letters and digits; what stands between them is kept,
 * so that part numbers with hyphens are found whole, as their pieces, and without the hyphens. An
 * amount of memory is one word however it is written: {@code 32 GB}, {@code 32G} and {@code 32 Go}
 * are {@code 32gb}. Counts are cut from what they count: {@code 4xV100} is {@code 4x v100}.
 */
public final class Text {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,4})(g|gb|go|gib|gigs?|гb)");
  private static final Set<String> UNITS =
      Set.of(
          "g",
          "gb",
          "go",
          "gib",
          "gig",
          "gigs",
          "giga",
          "gigas",
          "gbyte",
          "gigabyte",
          "gigabytes",
          "гб",
          "гb");
  private static final Pattern COUNTED =
      Pattern.compile("([1-9][0-9]{0,2}x)([a-z].*|[0-9]+(?:gb?|pin))");
  private static final Pattern TIMES = Pattern.compile("(.*[0-9].*|pcie)(x[1-9][0-9]?)");

  /** Part numbers have up to this many pieces. */
  private static final int MOST_PIECES = 5;

  private final List<String> words;
  private final List<String> gaps;
  private final List<String> alike;
  private final long[] letters;
  private final Set<String> all;

  private Text(List<String> words, List<String> gaps) {
    this.words = List.copyOf(words);
    this.gaps = List.copyOf(gaps);
    alike = this.words.stream().map(Edits::alike).toList();
    letters = this.words.stream().mapToLong(Edits::letters).toArray();
    all = new HashSet<>(words);
    join();
  }

  /** Of a text as a stranger wrote it. */
  public static Text of(String written) {
    var cutter = new Cutter();
    cutter.cut(Folding.fold(written));
    return new Text(cutter.words, cutter.gaps);
  }

  /** Folded, in their order. */
  public List<String> words() {
    return words;
  }

  /** What stands before a word; at {@code words().size()} what stands after the last. */
  public String gap(int word) {
    return gaps.get(word);
  }

  /** A word in which letters are those digits that they look like. */
  String alike(int word) {
    return alike.get(word);
  }

  /** Which letters a word has, as of {@link Edits#letters}. */
  long letters(int word) {
    return letters[word];
  }

  /** Whether it is a word, or words with hyphens or the like between them, written as one. */
  public boolean has(String word) {
    return all.contains(word);
  }

  /** Pieces of part numbers as one, and names such as {@code PG 199}. */
  private void join() {
    for (int from = 0; from < words.size(); from++) {
      StringBuilder joined = new StringBuilder(words.get(from));
      int most = Math.min(words.size(), from + MOST_PIECES);
      for (int next = from + 1; next < most && isJoint(next); next++) {
        all.add(joined.append(words.get(next)).toString());
      }
    }
  }

  private boolean isJoint(int next) {
    String gap = gaps.get(next);
    return switch (gap) {
      case "-", "_", ".", "/" -> true;
      case " " -> isName(words.get(next - 1)) && Character.isDigit(words.get(next).charAt(0));
      default -> false;
    };
  }

  /** Letters that a number may follow; one alone is more often a word than a name. */
  private static boolean isName(String word) {
    return word.length() >= 2
        && word.length() <= 3
        && word.chars().allMatch(each -> each >= 'a' && each <= 'z');
  }

  /** In the form in which texts are compared. */
  @Override
  public String toString() {
    return String.join(" ", words);
  }

  /** Cuts words where letters and digits end. */
  private static final class Cutter {
    private final List<String> words = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();
    private String gap = "";

    void cut(String folded) {
      int at = 0;
      while (at < folded.length()) {
        int end = end(folded, at);
        String run = folded.substring(at, end);
        if (Character.isLetterOrDigit(run.codePointAt(0))) {
          word(run);
        } else {
          gap = run.isBlank() ? " " : run.strip();
        }
        at = end;
      }
      gaps.add(gap);
    }

    /** Where the run ends that begins there: of a word, of a word of ideographs, or of neither. */
    private static int end(String folded, int from) {
      int kind = kind(folded.codePointAt(from));
      int at = from;
      while (at < folded.length() && kind(folded.codePointAt(at)) == kind) {
        at += Character.charCount(folded.codePointAt(at));
      }
      return at;
    }

    private static int kind(int letter) {
      if (!Character.isLetterOrDigit(letter)) {
        return 0;
      }
      return Character.isIdeographic(letter) ? 1 : 2;
    }

    private void word(String run) {
      // most words are letters alone, and expressions are slow
      if (run.chars().noneMatch(each -> each >= '0' && each <= '9')) {
        put(run);
        return;
      }
      Matcher counted = COUNTED.matcher(run);
      Matcher times = TIMES.matcher(run);
      if (counted.matches()) {
        put(counted.group(1));
        word(counted.group(2));
      } else if (times.matches()) {
        word(times.group(1));
        put(times.group(2));
      } else {
        put(run);
      }
    }

    private void put(String word) {
      Optional<String> amount = amount(word);
      if (amount.isPresent()) {
        add(amount.get());
      } else if (UNITS.contains(word) && gap.length() <= 1 && lastIsNumber()) {
        words.set(words.size() - 1, words.getLast() + "gb");
        gap = "";
      } else {
        add(word);
      }
    }

    private void add(String word) {
      words.add(word);
      gaps.add(gap);
      gap = "";
    }

    private static Optional<String> amount(String word) {
      if (word.charAt(0) < '0' || word.charAt(0) > '9') {
        return Optional.empty();
      }
      Matcher amount = AMOUNT.matcher(word);
      return amount.matches() ? Optional.of(amount.group(1) + "gb") : Optional.empty();
    }

    /** More digits are a name, as in {@code RTX 3090 Gigabyte}. */
    private boolean lastIsNumber() {
      return !words.isEmpty()
          && words.getLast().length() <= 3
          && words.getLast().chars().allMatch(each -> each >= '0' && each <= '9');
    }
  }
}
