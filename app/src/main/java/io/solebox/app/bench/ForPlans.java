package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.MeasuredFile;
import io.solebox.app.session.MeasuredMachine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.graph.Cost;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurement.Prompts;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.measured.Seen;
import java.util.List;
import java.util.Optional;

/** Remembers what was measured of a model with one client, so that plans of it know. */
record ForPlans(Console console, Environment environment, EngineOptions engine) {
  /**
   * Says on stderr where it is not remembered, and why.
   *
   * @param decode at each context: bytes of a token, and tokens a second
   * @param prompts operations of a token, and tokens a second; may be none
   */
  void remember(LoadedModel model, List<Seen> decode, List<Seen> prompts) {
    Optional<String> device = MeasuredMachine.device(model);
    int usual = Runtime.getRuntime().availableProcessors();
    if (device.isEmpty()) {
      note("several devices shared this model, so no plan goes by it");
    } else if (device.get().equals(Measurement.PROCESSOR) && engine.threads() != usual) {
      note("plans are of %d threads, and this was not, so none goes by it".formatted(usual));
    } else {
      var file = new MeasuredFile(environment);
      file.read().trouble().ifPresent(this::note);
      file.remember(List.of(measurement(device.get(), model, decode, prompts)))
          .ifPresent(this::note);
    }
  }

  /**
   * The same of a report.
   *
   * @param runs with one client, at its contexts
   */
  void remember(LoadedModel model, Cost cost, List<PointRuns> runs) {
    List<Seen> decode = runs.stream().flatMap(each -> each.decodeSeen().stream()).toList();
    if (!decode.isEmpty()) {
      remember(
          model,
          decode,
          runs.stream()
              .flatMap(
                  each ->
                      each.prefillSeen(cost.prefillFlopsPerToken(each.point().context())).stream())
              .toList());
    }
  }

  private void note(String what) {
    console.error("note: " + what + ".");
  }

  private Measurement measurement(
      String device, LoadedModel model, List<Seen> decode, List<Seen> prompts) {
    Range read = Seen.pace(decode, Unit.BYTES_PER_SECOND);
    Optional<Prompts> computed =
        prompts.isEmpty()
            ? Optional.empty()
            : Optional.of(Seen.pace(prompts, Unit.OPERATIONS_PER_SECOND))
                .map(pace -> new Prompts(pace, pace));
    return new Measurement(
        device,
        new Subject.Model(model.info().name(), model.info().format()),
        engine.kvType(),
        MeasuredFile.now("solebox bench"),
        read,
        read,
        computed);
  }
}
