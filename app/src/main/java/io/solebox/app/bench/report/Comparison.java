package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Quantity.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Two reports beside each other.
 *
 * @param differences what is not the same of the two, by what it is
 * @param rows figures that both have
 * @param onlyFirst titles of those that the second one lacks
 * @param onlySecond the other way round
 */
public record Comparison(
    BoxReport first,
    BoxReport second,
    List<Difference> differences,
    List<Row> rows,
    List<String> onlyFirst,
    List<String> onlySecond) {
  /** What can differ. */
  enum Subject {
    MODEL("model"),
    FORMAT("format"),
    CONDITIONS("settings"),
    VERSION("Solebox version"),
    MACHINE("machine");

    private final String word;

    Subject(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    /** Whether figures are no longer of the same work. */
    boolean isOtherWork() {
      return switch (this) {
        case MODEL, FORMAT, CONDITIONS -> true;
        case VERSION, MACHINE -> false;
      };
    }
  }

  /** As in {@code format: Q8_0, Q4_0}. */
  record Difference(Subject subject, String first, String second) {
    String words() {
      return "Another %s: %s, then %s.".formatted(subject.word(), first, second);
    }
  }

  /** What a ratio says. */
  enum Verdict {
    BETTER("better"),
    WORSE("worse"),
    NOISE("within the noise"),
    ONE_RUN("of one run: noise unknown"),
    OTHER_WORK("not comparable");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** A figure of both. */
  record Row(Figure first, Figure second, Verdict verdict) {
    /** How many times the first one the second is. */
    double ratio() {
      return second.spread().median() / first.spread().median();
    }

    String ratioText() {
      return Double.isFinite(ratio()) ? String.format(Locale.ROOT, "%.2f", ratio()) : "–";
    }
  }

  public static Comparison of(BoxReport first, BoxReport second) {
    List<Difference> differences = differences(first, second);
    boolean isOtherWork = differences.stream().anyMatch(each -> each.subject().isOtherWork());
    Map<Figure.Key, Figure> others = byKey(second);
    var rows = new ArrayList<Row>();
    var onlyFirst = new ArrayList<String>();
    for (Figure figure : first.figures()) {
      Optional.ofNullable(others.remove(figure.key()))
          .ifPresentOrElse(
              other -> rows.add(new Row(figure, other, verdict(figure, other, isOtherWork))),
              () -> onlyFirst.add(figure.title()));
    }
    List<String> onlySecond = others.values().stream().map(Figure::title).toList();
    return new Comparison(
        first, second, differences, List.copyOf(rows), List.copyOf(onlyFirst), onlySecond);
  }

  private static Map<Figure.Key, Figure> byKey(BoxReport report) {
    return report.figures().stream()
        .collect(Collectors.toMap(Figure::key, each -> each, (one, _) -> one, LinkedHashMap::new));
  }

  private static Verdict verdict(Figure first, Figure second, boolean isOtherWork) {
    if (isOtherWork) {
      return Verdict.OTHER_WORK;
    }
    if (first.spread().overlaps(second.spread())) {
      return Verdict.NOISE;
    }
    if (first.spread().runs().size() == 1 || second.spread().runs().size() == 1) {
      return Verdict.ONE_RUN;
    }
    boolean isMore = second.spread().median() > first.spread().median();
    return isMore == first.quantity().isMoreBetter() ? Verdict.BETTER : Verdict.WORSE;
  }

  private static List<Difference> differences(BoxReport first, BoxReport second) {
    var found = new ArrayList<Difference>();
    if (!first.model().isSame(second.model())) {
      found.add(new Difference(Subject.MODEL, first.model().shortly(), second.model().shortly()));
    }
    add(found, Subject.FORMAT, first.model().format(), second.model().format());
    add(found, Subject.CONDITIONS, words(first.conditions()), words(second.conditions()));
    add(found, Subject.VERSION, first.version(), second.version());
    add(found, Subject.MACHINE, words(first.machine()), words(second.machine()));
    return List.copyOf(found);
  }

  private static void add(List<Difference> found, Subject subject, String first, String second) {
    if (!Objects.equals(first, second)) {
      found.add(new Difference(subject, first, second));
    }
  }

  /** What changes the work itself; how often and with how many threads it is done does not. */
  private static String words(Conditions how) {
    return "answers of %d tokens, clients that ask with %d, keys and values in %s"
        .formatted(how.newTokens(), how.clientPrompt(), how.kvType());
  }

  private static String words(Machine machine) {
    String gpus =
        machine.gpus().stream().map(Machine.Gpu::name).collect(Collectors.joining(" and "));
    return machine.device() + " of " + machine.cpu() + (gpus.isEmpty() ? "" : " with " + gpus);
  }

  /** Whether a ratio can be laid to something. */
  boolean isPlain() {
    return differences.size() <= 1
        && differences.stream().noneMatch(each -> each.subject().isOtherWork());
  }

  /** What can be laid to what, in a sentence. */
  String conclusion() {
    List<String> other =
        differences.stream()
            .map(Difference::subject)
            .filter(Subject::isOtherWork)
            .map(Subject::word)
            .toList();
    if (!other.isEmpty()) {
      return "Not comparable: the two are of another %s. Ratios are shown, and say nothing of who is faster."
          .formatted(joined(other));
    }
    List<String> causes = differences.stream().map(Difference::subject).map(Subject::word).toList();
    return switch (causes.size()) {
      case 0 -> "The same model, settings, machine and Solebox.";
      case 1 -> "The same work; the %s is another one.".formatted(causes.getFirst());
      default ->
          "The same work, but more than one thing differs (%s): a ratio can be laid to none of them alone."
              .formatted(joined(causes));
    };
  }

  private static String joined(List<String> words) {
    return String.join(" and ", words);
  }

  /** How many rows have each verdict, in words. */
  String counts() {
    return Arrays.stream(Verdict.values())
        .map(
            verdict -> {
              long count = rows.stream().filter(row -> row.verdict() == verdict).count();
              return count == 0 ? "" : count + " " + verdict.words();
            })
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /** For programs. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "solebox.bench.comparison");
    fields.put("version", 1);
    fields.put("conclusion", conclusion());
    fields.put("differences", differences.stream().map(Comparison::fields).toList());
    fields.put("figures", rows.stream().map(Comparison::fields).toList());
    fields.put("only_first", onlyFirst);
    fields.put("only_second", onlySecond);
    return fields;
  }

  private static Map<String, Object> fields(Difference difference) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("subject", difference.subject().word());
    fields.put("first", difference.first());
    fields.put("second", difference.second());
    return fields;
  }

  private static Map<String, Object> fields(Row row) {
    Unit unit = row.first().quantity().unit();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("figure", row.first().title());
    fields.put("unit", unit.word());
    fields.put("first", row.first().spread().fields());
    fields.put("second", row.second().spread().fields());
    fields.put("ratio", row.ratio());
    fields.put("verdict", row.verdict().name().toLowerCase(Locale.ROOT));
    return fields;
  }
}
