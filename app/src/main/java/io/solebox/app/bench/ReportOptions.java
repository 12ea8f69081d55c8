package io.solebox.app.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Whether a report is to be made, or two of them are to be compared. */
final class ReportOptions {
  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Measure the machine with a model, over contexts and clients, with power and heat, and"
              + " write a page of one file (.html) or JSON (.json). With --compare, write that.")
  private Optional<Path> report;

  @ArgGroup private Pace pace = new Pace();

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "A B",
      hideParamSyntax = true,
      description = "Show two reports, pages or JSON, side by side with ratios.")
  private List<Path> compared;

  /** How much is measured for a report. */
  private static final class Pace {
    @Option(names = "--quick", description = "With --report: less of all, in about a minute.")
    private boolean quick;

    @Option(names = "--full", description = "With --report: all of it, however long it takes.")
    private boolean full;
  }

  Optional<Path> report() {
    return report;
  }

  /** Two files, or none. */
  List<Path> compared() {
    return compared == null ? List.of() : compared;
  }

  boolean hasPace() {
    return pace.quick || pace.full;
  }

  BoxPlan plan() {
    return pace.quick ? BoxPlan.QUICK : pace.full ? BoxPlan.FULL : BoxPlan.USUAL;
  }
}
