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

    /**
     * @param name whether it has digits
     */
    record Wrong(String word, String alike, long letters, boolean name, int most) implements Piece {
      static Wrong of(String word, int most) {
        return new Wrong(
            word,
            Edits.alike(word),
            Edits.letters(word),
            word.chars().anyMatch(Character::isDigit),
            most);
      }

      boolean isNear(Text text, int at) {
        String seen = text.words().get(at);
        int longer = Math.abs(seen.length() - word.length());
        if (longer > (name ? most - 1 : most)) {
          return false;
        }
        return alike.equals(text.alike(at)) || (name ? isNearName(text, at) : isNearWord(text, at));
      }

      private boolean isNearName(Text text, int at) {
        return Edits.swapped(alike, text.alike(at))
            || (most > 1 && Edits.within(alike, text.alike(at), 1));
      }

      private boolean isNearWord(Text text, int at) {
        return Long.bitCount(letters ^ text.letters(at)) <= 2 * most
            && Edits.within(word, text.words().get(at), most);
      }
    }

    default boolean fits(Text text, int at) {
      String word = text.words().get(at);
      return switch (this) {
        case Exact(String exact) -> exact.equals(word);
        case Part(String part, boolean begins, boolean ends) ->
            begins ? word.startsWith(part) : ends ? word.endsWith(part) : word.contains(part);
        case Wrong wrong -> wrong.isNear(text, at);
      };
    }
  }

  /**
   * Words beside each other.
   *
   * @param whole all of them as one, where it is a name: written in pieces here, it may be written
   *     as one there, as {@code PG-199} is
   */
  private record Phrase(List<Piece> pieces, Optional<String> whole) {
    static Phrase of(List<Piece> pieces) {
      StringBuilder whole = new StringBuilder();
      for (Piece piece : pieces) {
        if (!(piece instanceof Piece.Exact(String word))) {
          return new Phrase(pieces, Optional.empty());
        }
        whole.append(word);
      }
      boolean name = pieces.size() == 1 || whole.chars().anyMatch(Character::isDigit);
      return new Phrase(pieces, name ? Optional.of(whole.toString()) : Optional.empty());
    }

    boolean in(Text text) {
      if (whole.isPresent() && text.has(whole.get())) {
        return true;
      }
      if (pieces.getFirst() instanceof Piece.Exact(String first)
          && (pieces.size() == 1 || !text.has(first))) {
        return false;
      }
      for (int at = 0; at + pieces.size() <= text.words().size(); at++) {
        if (at(text, at)) {
          return true;
        }
      }
      return false;
    }

    boolean at(Text text, int at) {
      if (at + pieces.size() > text.words().size()) {
        return false;
      }
      for (int i = 0; i < pieces.size(); i++) {
        if (!pieces.get(i).fits(text, at + i)) {
          return false;
        }
      }
      return true;
    }
  }

  private final String written;
  private final List<Phrase> phrases;

  private Term(String written, List<Phrase> phrases) {
    this.written = written;
    this.phrases = phrases;
  }

  /**
   * @throws IllegalArgumentException if there is no word in it; the message says so in words
   */
  public static Term of(String written) {
    List<Phrase> phrases = new ArrayList<>();
    Matcher pieces = PIECE.matcher(written.strip());
    while (pieces.find()) {
      List<Piece> phrase =
          pieces.group(1) == null ? marked(pieces.group(2)) : quoted(pieces.group(1));
      if (!phrase.isEmpty()) {
        phrases.add(Phrase.of(phrase));
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
      case "~", "~1" -> Piece.Wrong.of(word, 1);
      case "~2" -> Piece.Wrong.of(word, 2);
      default -> open ? new Piece.Part(word, false, true) : new Piece.Exact(word);
    };
  }

  /** Whether the text has it. */
  public boolean in(Text text) {
    for (Phrase phrase : phrases) {
      if (!phrase.in(text)) {
        return false;
      }
    }
    return true;
  }

  /** Whether its first phrase begins at that word. */
  boolean isAt(Text text, int word) {
    return phrases.getFirst().at(text, word);
  }

  /** The word at which its first phrase begins next, or the number of all words if it does not. */
  public int at(Text text, int from) {
    int word = from;
    while (word < text.words().size() && !isAt(text, word)) {
      word++;
    }
    return word;
  }

  /** How many words its first phrase has. */
  int length() {
    return phrases.getFirst().pieces().size();
  }

  /** The word with which its first phrase begins, where that is one as it stands. */
  Optional<String> first() {
    return phrases.getFirst().pieces().getFirst() instanceof Piece.Exact(String word)
        ? Optional.of(word)
        : Optional.empty();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return written;
  }
}
