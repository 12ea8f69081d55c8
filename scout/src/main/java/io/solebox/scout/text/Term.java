package io.solebox.scout.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something to look for in texts, as people write it:
 *
 * <ul>
 *   <li>{@code word}, wherever it stands; {@code two words}, wherever both stand;
 *   <li>{@code "two words"} beside each other; so are the pieces of {@code A100-SXM4-40GB};
 *   <li>{@code word*}, {@code *word} and {@code *word*}: what begins, ends with it, holds it;
 *   <li>{@code word~} and {@code word~2} with one or two letters that are wrong. Words with digits
 *       are names, and another letter makes another name of them ({@code P100}, {@code V100}):
 *       there {@code ~} takes letters for the digits that they look like ({@code V1OO}, {@code
 *       VlO0}) and neighbours swapped, {@code ~2} one wrong letter more.
 * </ul>
 *
 * Case, accents and the like make no difference.
 */
public final class Term {
  private static final Pattern PIECE = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern MARKED = Pattern.compile("(\\*?)(.*?)(\\*|~[12]?)?");

  /** One word of it. */
  private sealed interface Piece {
    record Exact(String word) implements Piece {}

    record Part(String word, boolean begins, boolean ends) implements Piece {}

    record Wrong(String word, String alike, int most) implements Piece {}

    default boolean fits(String word) {
      return switch (this) {
        case Exact(String exact) -> exact.equals(word);
        case Part(String part, boolean begins, boolean ends) ->
            begins ? word.startsWith(part) : ends ? word.endsWith(part) : word.contains(part);
        case Wrong(String right, String alike, int most) -> near(right, alike, word, most);
      };
    }

    private static boolean near(String right, String alike, String word, int most) {
      if (Math.abs(right.length() - word.length()) > most) {
        return false;
      }
      boolean name = right.chars().anyMatch(Character::isDigit);
      if (name && most == 1 && right.length() != word.length()) {
        return false;
      }
      String seen = Edits.alike(word);
      if (!name) {
        return Edits.within(right, word, most) || alike.equals(seen);
      }
      return alike.equals(seen)
          || Edits.swapped(alike, seen)
          || (most > 1 && Edits.within(alike, seen, 1));
    }
  }

  private final String written;
  private final List<List<Piece>> phrases;

  private Term(String written, List<List<Piece>> phrases) {
    this.written = written;
    this.phrases = phrases;
  }

  /**
   * @throws IllegalArgumentException if there is no word in it; the message says so in words
   */
  public static Term of(String written) {
    List<List<Piece>> phrases = new ArrayList<>();
    Matcher pieces = PIECE.matcher(written.strip());
    while (pieces.find()) {
      List<Piece> phrase =
          pieces.group(1) == null ? marked(pieces.group(2)) : quoted(pieces.group(1));
      if (!phrase.isEmpty()) {
        phrases.add(phrase);
      }
    }
    if (phrases.isEmpty()) {
      throw new IllegalArgumentException("there is no word in '" + written + "'");
    }
    return new Term(written.strip(), List.copyOf(phrases));
  }

  private static List<Piece> quoted(String phrase) {
    List<Piece> pieces = new ArrayList<>();
    for (String each : phrase.strip().split("\\s+")) {
      pieces.addAll(marked(each));
    }
    return List.copyOf(pieces);
  }

  /** What has a mark at its end has it at its last piece. */
  private static List<Piece> marked(String word) {
    Matcher marked = MARKED.matcher(word);
    if (!marked.matches()) {
      throw new IllegalArgumentException("no word: '" + word + "'");
    }
    List<String> words = Text.of(marked.group(2)).words();
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      boolean first = i == 0 && !marked.group(1).isEmpty();
      String mark = i == words.size() - 1 && marked.group(3) != null ? marked.group(3) : "";
      pieces.add(piece(words.get(i), first, mark));
    }
    return List.copyOf(pieces);
  }

  private static Piece piece(String word, boolean open, String mark) {
    return switch (mark) {
      case "*" -> new Piece.Part(word, !open, false);
      case "~", "~1" -> new Piece.Wrong(word, Edits.alike(word), 1);
      case "~2" -> new Piece.Wrong(word, Edits.alike(word), 2);
      default -> open ? new Piece.Part(word, false, true) : new Piece.Exact(word);
    };
  }

  /** Whether the text has it. */
  public boolean in(Text text) {
    for (List<Piece> phrase : phrases) {
      if (!has(text, phrase)) {
        return false;
      }
    }
    return true;
  }

  /** Whether its first phrase begins at that word. */
  boolean at(Text text, int word) {
    List<Piece> phrase = phrases.getFirst();
    return word + phrase.size() <= text.words().size() && fits(text, phrase, word);
  }

  /** How many words its first phrase has. */
  int length() {
    return phrases.getFirst().size();
  }

  /** The word that it is, where it is one word as it stands. */
  Optional<String> word() {
    return phrases.size() == 1
            && phrases.getFirst().size() == 1
            && phrases.getFirst().getFirst() instanceof Piece.Exact(String word)
        ? Optional.of(word)
        : Optional.empty();
  }

  private static boolean has(Text text, List<Piece> phrase) {
    if (phrase.size() == 1 && phrase.getFirst() instanceof Piece.Exact(String word)) {
      return text.has(word);
    }
    for (int at = 0; at + phrase.size() <= text.words().size(); at++) {
      if (fits(text, phrase, at)) {
        return true;
      }
    }
    return isOneWord(text, phrase);
  }

  private static boolean fits(Text text, List<Piece> phrase, int at) {
    for (int i = 0; i < phrase.size(); i++) {
      if (!phrase.get(i).fits(text.words().get(at + i))) {
        return false;
      }
    }
    return true;
  }

  /** Names that are written in pieces here, and as one there: {@code PG-199}. */
  private static boolean isOneWord(Text text, List<Piece> phrase) {
    StringBuilder whole = new StringBuilder();
    for (Piece piece : phrase) {
      if (!(piece instanceof Piece.Exact(String word))) {
        return false;
      }
      whole.append(word);
    }
    return whole.chars().anyMatch(Character::isDigit) && text.has(whole.toString());
  }

  /** As it was written. */
  @Override
  public String toString() {
    return written;
  }
}
