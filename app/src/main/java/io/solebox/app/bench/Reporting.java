package io.solebox.app.bench;

import io.solebox.app.bench.report.BoxReport;
import io.solebox.app.bench.report.CompareHtml;
import io.solebox.app.bench.report.CompareText;
import io.solebox.app.bench.report.Comparison;
import io.solebox.app.bench.report.Recorder;
import io.solebox.app.bench.report.ReportFile;
import io.solebox.app.bench.report.ReportHtml;
import io.solebox.app.bench.report.ReportJson;
import io.solebox.app.bench.report.ReportReader;
import io.solebox.app.bench.report.ReportText;
import io.solebox.app.bench.report.Subject.ModelPart;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.MachineSources;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes reports, and shows two of them side by side. */
final class Reporting {
  private final Console console;
  private final Environment environment;
  private final String version;

  Reporting(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.version = version;
  }

  /**
   * Measures and writes.
   *
   * @param json whether the report is printed as JSON, too
   * @param words that the command was given
   */
  void make(
      BenchTarget target,
      EngineOptions engine,
      BoxPlan plan,
      Path path,
      boolean json,
      List<String> words)
      throws InterruptedException {
    ReportFile file = ReportFile.at(path);
    BoxReport report = measured(target, engine, plan, command(words));
    Map<String, Object> fields = ReportJson.fields(report);
    file.write(
        switch (file.form()) {
          case HTML -> ReportHtml.of(report);
          case JSON -> Json.text(fields) + "\n";
        });
    if (json) {
      console.println(Json.text(fields));
    } else {
      ReportText.lines(report).forEach(console::println);
    }
    console.error("The report is in " + file + ".");
  }

  /** Without folders, which are nobody's business who reads a report. */
  private static String command(List<String> words) {
    return Stream.concat(Stream.of("solebox bench"), words.stream())
        .map(word -> word.substring(word.lastIndexOf('/') + 1))
        .collect(Collectors.joining(" "));
  }

  private BoxReport measured(BenchTarget target, EngineOptions engine, BoxPlan plan, String command)
      throws InterruptedException {
    try (Recorder recorder = Recorder.begin(MachineSources.of(environment), plan.interval());
        var bench =
            new BoxBench(target, plan, recorder, new ForPlans(console, environment, engine))) {
      List<ModelPart> parts = bench.digests(ModelStore.open(environment.storeFolder()));
      bench.run();
      recorder.close();
      return bench.report(parts, version, command);
    }
  }

  /** Shows two. */
  Comparison compare(List<Path> files, boolean json) {
    Comparison comparison = compared(files);
    if (json) {
      console.println(Json.text(comparison.fields()));
    } else {
      CompareText.print(console, comparison);
    }
    return comparison;
  }

  void write(ReportFile file, Comparison comparison) {
    file.write(
        switch (file.form()) {
          case HTML -> CompareHtml.of(comparison);
          case JSON -> Json.text(comparison.fields()) + "\n";
        });
    console.error("The comparison is in " + file + ".");
  }

  private static Comparison compared(List<Path> files) {
    BoxReport first = ReportReader.read(files.getFirst());
    BoxReport second = ReportReader.read(files.getLast());
    if (first.equals(second)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          files.getLast().toString(),
          "Both files hold the same report.",
          "Name two that were measured at different times or on different machines.");
    }
    return Comparison.of(first, second);
  }
}
