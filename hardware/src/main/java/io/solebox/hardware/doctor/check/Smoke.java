package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.LastSmoke;
import io.solebox.hardware.doctor.facts.LastSmoke.Trouble;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the last smoke test found. */
final class Smoke implements Check {
  private static final String COMMAND = "solebox smoke";

  /** More of them are in the report. */
  private static final int MOST_NAMED = 4;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  @Override
  public String id() {
    return "smoke";
  }

  @Override
  public String title() {
    return "the last smoke test found nothing wrong";
  }

  @Override
  public List<String> reads() {
    return List.of(LastSmoke.FILE);
  }

  @Override
  public String rule() {
    return "A failure where the last 'solebox smoke' found something bad: less than 30 % of what is"
        + " expected, a wrong result, a wrong word in memory; a warning where something was low"
        + " (less than 60 %), or the test was aborted. That there was none is said.";
  }

  @Override
  public String remedy() {
    return "What the report says of the figure; then run 'solebox smoke' again.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    if (facts.box().read(LastSmoke.FILE) instanceof Reading.Unreadable unreadable) {
      return List.of(Unread.of(id(), "The last smoke test's report", unreadable));
    }
    Optional<LastSmoke> last = LastSmoke.of(facts.box());
    if (last.isPresent()) {
      return List.of(judged(last.get()));
    }
    if (facts.box().read(LastSmoke.FILE) instanceof Reading.Content content) {
      return List.of(Unread.of(id(), LastSmoke.FILE, content));
    }
    return List.of(
        facts.pci().gpus().isEmpty()
            ? Finding.calm(id(), Verdict.NOT_APPLICABLE, "There is no GPU to test.", List.of())
            : Finding.calm(
                id(),
                Verdict.INFO,
                "No smoke test of this machine is known: 'solebox smoke' makes one.",
                List.of()));
  }

  private Finding judged(LastSmoke last) {
    String when = "The last smoke test, %s of %s, ".formatted(last.pace(), DAY.format(last.at()));
    boolean isBad = last.troubles().stream().anyMatch(Trouble::isBad);
    if (!isBad && last.troubles().isEmpty() && last.aborted().isEmpty()) {
      return Finding.calm(
          id(),
          Verdict.OK,
          when + "found nothing wrong in %d figures.".formatted(last.figures()),
          List.of(last.evidence()));
    }
    String aborted = last.aborted().map("was aborted: %s. "::formatted).orElse("");
    String found = last.troubles().isEmpty() ? "" : "found: " + words(last.troubles());
    return Finding.problem(
        id(),
        isBad ? Verdict.FAIL : Verdict.WARN,
        (when + aborted + found).strip(),
        List.of(last.evidence()),
        remedy(),
        COMMAND);
  }

  private static String words(List<Trouble> troubles) {
    List<Trouble> worst =
        troubles.stream()
            .sorted((one, other) -> Boolean.compare(other.isBad(), one.isBad()))
            .limit(MOST_NAMED)
            .toList();
    String named =
        worst.stream()
            .map(
                each ->
                    "%s of %s is %s%s"
                        .formatted(
                            each.title(),
                            each.subject(),
                            each.verdict(),
                            each.reason().isEmpty() ? "" : " (" + each.reason() + ")"))
            .collect(Collectors.joining("; "));
    int more = troubles.size() - worst.size();
    return named + (more > 0 ? "; and %d more.".formatted(more) : ".");
  }
}
