package io.solebox.app.plan;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.MeasuredFile;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.speed.Paces;
import io.solebox.planner.trial.Trials;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What of a plan was measured, and is, and is forgotten. */
final class MeasuredOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--measure",
      description =
          "On this machine: measure how fast its processor is in the formats of the model, which"
              + " takes some seconds each, plan with that, and remember it.")
  private boolean measure;

  @Option(
      names = "--bench",
      paramLabel = "FILE",
      description =
          "Plan with what a report of 'solebox bench --report' has measured, of this machine or"
              + " another, with a model in the same format.")
  private Optional<Path> report;

  @Option(
      names = "--forget-measured",
      description = "Forget what this machine was measured to do; needs no MODEL.")
  private boolean forget;

  /** Forgets, where that is wanted. */
  void forget(Console console, Environment environment) {
    if (forget) {
      boolean wasThere = new MeasuredFile(environment).forget();
      console.error(
          wasThere
              ? "note: what this machine was measured to do is forgotten."
              : "note: there was nothing measured to forget.");
    }
  }

  /** Whether there is something to do without a model. */
  boolean needsNoModel() {
    return forget && !measure && report.isEmpty();
  }

  /**
   * @param isHere or a machine that was named
   * @throws ParameterException where another machine is to be measured
   */
  void check(boolean isHere) {
    if (measure && !isHere) {
      throw new ParameterException(
          spec.commandLine(), "--measure is for this machine, and another one is named");
    }
    if (measure && report.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--bench is what was measured, and --measure measures: give one");
    }
  }

  /** Of the devices of a machine with a model; measures, where that is wanted. */
  Paces paces(
      Console console,
      Environment environment,
      boolean isHere,
      MachineProfile profile,
      PlannedModel model,
      KvType kvType) {
    if (report.isPresent()) {
      return new ReportedBench(report.get(), model, kvType);
    }
    if (!isHere) {
      return Paces.OF_PROFILES;
    }
    var file = new MeasuredFile(environment);
    MeasuredFile.Kept kept = file.read();
    if (measure) {
      requireProcessor(profile);
      console.error("note: measuring, which takes some seconds for each format.");
      int threads = Runtime.getRuntime().availableProcessors();
      List<Measurement> measured =
          new Trials(threads).of(model, kvType, MeasuredFile.now("solebox plan --measure"));
      file.remember(measured).ifPresent(why -> console.error("note: " + why + "."));
      kept = new MeasuredFile.Kept(kept.measurements().with(measured), Optional.empty());
    }
    return OwnPaces.of(kept, model, kvType);
  }

  private static void requireProcessor(MachineProfile profile) {
    if (profile.computing().getFirst() != profile.processor()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--measure",
          "Cards are not measured, only processors.",
          "Leave it out; 'solebox bench' measures cards, and plans remember what it says.");
    }
  }
}
