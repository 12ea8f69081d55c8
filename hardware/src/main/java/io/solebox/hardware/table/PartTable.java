package io.solebox.hardware.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Parts of one kind, by the names that people give them. */
public final class PartTable {
  /** Names that are offered for one that is not known. */
  private static final int OFFERED = 3;

  /** Drivers put them before names. */
  private static final Set<String> MAKERS = Set.of("nvidia", "amd");

  /** What a name may turn out to be. */
  public sealed interface Found {
    /** Clear. */
    record One(Part part) implements Found {}

    /**
     * Not clear.
     *
     * @param parts all that the name fits
     */
    record Several(List<Part> parts) implements Found {
      public Several {
        parts = List.copyOf(parts);
      }
    }

    /**
     * Not known.
     *
     * @param nearest whose names are like it, the likest first
     */
    record Unknown(List<Part> nearest) implements Found {
      public Unknown {
        nearest = List.copyOf(nearest);
      }
    }
  }

  private final List<Part> parts;

  private PartTable(String resource) {
    CellTable table = CellTable.of(resource);
    parts = table.subjects().stream().map(each -> part(table, each)).toList();
  }

  /** GPUs: {@code cards.tsv}. */
  public static PartTable cards() {
    return new PartTable("cards.tsv");
  }

  /** Systems on a chip, boards, kinds of PCs: {@code hosts.tsv}. */
  public static PartTable hosts() {
    return new PartTable("hosts.tsv");
  }

  /** Classes of power supplies: {@code supplies.tsv}. */
  public static PartTable supplies() {
    return new PartTable("supplies.tsv");
  }

  /** Ways to cool a card: {@code coolers.tsv}. */
  public static PartTable coolers() {
    return new PartTable("coolers.tsv");
  }

  /** What is bought again and again: {@code prices.tsv}. */
  public static PartTable prices() {
    return new PartTable("prices.tsv");
  }

  private static Part part(CellTable table, String key) {
    Map<Quantity, Figure> figures = new EnumMap<>(Quantity.class);
    for (Quantity quantity : Quantity.values()) {
      table.cell(key, quantity.field()).ifPresent(cell -> figures.put(quantity, Figure.of(cell)));
    }
    return new Part(
        key,
        table.value(key, "name").orElseThrow(),
        table.value(key, "form"),
        table.value(key, "architecture"),
        table.value(key, "compute"),
        table
            .cell(key, "link")
            .map(cell -> new Part.SourcedLink(HostTable.link(cell.value()), cell.source())),
        figures);
  }

  /** In the order of the file. */
  public List<Part> parts() {
    return parts;
  }

  /**
   * By a key or a name, or by words with which those of key and name begin: {@code a100 80} is two
   * cards. Numbers are not cut. Parts that differ by their ids alone are one.
   */
  public Found find(String name) {
    List<String> asked = words(name);
    for (Part part : parts) {
      if (words(part.key()).equals(asked) || words(part.name()).equals(asked)) {
        return new Found.One(part);
      }
    }
    Map<String, Part> fitting = new LinkedHashMap<>();
    for (Part part : parts) {
      List<String> has = allWords(part);
      if (!asked.isEmpty()
          && asked.stream().allMatch(word -> has.stream().anyMatch(each -> begins(each, word)))) {
        fitting.putIfAbsent(part.name(), part);
      }
    }
    return switch (fitting.size()) {
      case 0 -> new Found.Unknown(nearest(name));
      case 1 -> new Found.One(fitting.values().iterator().next());
      default -> new Found.Several(List.copyOf(fitting.values()));
    };
  }

  /** Numbers are not cut: {@code a400} is no beginning of {@code a4000}. */
  private static boolean begins(String text, String word) {
    int end = word.length();
    return text.startsWith(word)
        && !(text.length() > end
            && Character.isDigit(text.charAt(end))
            && Character.isDigit(text.charAt(end - 1)));
  }

  private List<Part> nearest(String name) {
    String asked = String.join("", words(name));
    return parts.stream()
        .collect(
            Collectors.toMap(Part::name, each -> each, (first, _) -> first, LinkedHashMap::new))
        .values()
        .stream()
        .sorted(Comparator.comparingInt(part -> distance(asked, part)))
        .limit(OFFERED)
        .toList();
  }

  private static int distance(String asked, Part part) {
    List<String> texts = new ArrayList<>(allWords(part));
    texts.add(String.join("", words(part.key())));
    texts.add(String.join("", words(part.name())));
    return texts.stream().mapToInt(each -> distance(asked, each)).min().orElseThrow();
  }

  /** Letters to put in, take out, change or swap with a neighbour (Damerau, Levenshtein). */
  private static int distance(String a, String b) {
    int[][] table = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        table[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : step(table, a, b, i, j);
      }
    }
    return table[a.length()][b.length()];
  }

  private static int step(int[][] table, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int least = Math.min(table[i - 1][j], table[i][j - 1]) + 1;
    least = Math.min(least, table[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, table[i - 2][j - 2] + 1) : least;
  }

  private static List<String> allWords(Part part) {
    List<String> all = new ArrayList<>(words(part.key()));
    all.addAll(words(part.name()));
    return all;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9+]+"))
        .filter(word -> !word.isEmpty() && !MAKERS.contains(word))
        .toList();
  }
}
