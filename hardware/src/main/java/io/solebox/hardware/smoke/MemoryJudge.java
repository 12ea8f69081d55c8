package io.solebox.hardware.smoke;

import java.util.ArrayList;
import java.util.List;

/** Whether a card's memory keeps what it is given, and how fast it is read. */
public final class MemoryJudge {
  private MemoryJudge() {}

  /** Of a walk through it. */
  public static List<Figure> judge(CardFacts card, MemoryFacts memory) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.faults(
            "memory.wrong",
            card.device(),
            "Wrong words in memory",
            memory.wrongWords(),
            "memory keeps what is written; %.1f GiB were tested, %.1f GiB were not"
                .formatted(gib(memory.testedBytes()), gib(memory.untestedBytes())),
            wrong(memory)));
    memory
        .bytesPerSecond()
        .ifPresent(
            speed ->
                figures.add(
                    Figure.plain(
                        "memory.walk",
                        card.device(),
                        "Memory, patterns written and read",
                        speed,
                        Unit.BYTES_PER_SECOND,
                        "comparing takes time of its own; see the reads alone")));
    memory
        .readBytesPerSecond()
        .ifPresent(
            speed ->
                figures.add(
                    Figure.speed(
                        "memory.read",
                        card.device(),
                        "Memory, reads alone",
                        speed,
                        Unit.BYTES_PER_SECOND,
                        Expectation.of(
                            card.memoryGigabytes(),
                            1e9,
                            "nobody knows what this card's memory gives"))));
    return figures;
  }

  private static double gib(long bytes) {
    return bytes / (double) (1 << 30);
  }

  private static List<String> wrong(MemoryFacts memory) {
    if (memory.wrongWords() == 0) {
      return List.of();
    }
    List<String> reasons = new ArrayList<>(memory.first());
    reasons.add(
        "Any wrong word is a fault of the hardware: cool the memory and try again; one place again"
            + " and again is a chip that must be replaced.");
    return reasons;
  }

  /** Of what the card counted meanwhile; nothing where it does not tell. */
  public static List<Figure> judge(CardFacts card, EccFacts ecc) {
    List<Figure> figures = new ArrayList<>();
    ecc.uncorrected()
        .ifPresent(
            count ->
                figures.add(
                    Figure.faults(
                        "ecc.uncorrected",
                        card.device(),
                        "Memory errors not corrected",
                        count,
                        "counted by the card from before the test to after it",
                        count > 0
                            ? List.of("See 'solebox doctor --explain ecc.retired'.")
                            : List.of())));
    ecc.corrected()
        .ifPresent(
            count -> {
              Figure figure =
                  Figure.faults(
                      "ecc.corrected",
                      card.device(),
                      "Memory errors corrected",
                      count,
                      "counted by the card from before the test to after it",
                      count > 0
                          ? List.of("Errors that are corrected are the first sign: look again.")
                          : List.of());
              figures.add(count > 0 ? figure.graded(Grade.LOW) : figure);
            });
    return figures;
  }
}
