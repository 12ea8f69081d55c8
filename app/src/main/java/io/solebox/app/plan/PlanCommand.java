package io.solebox.app.plan;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.KvType;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.memory.Sizings;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.plan.ModelQuestion;
import io.solebox.planner.plan.ModelReport;
import io.solebox.planner.report.MachineQuestion;
import io.solebox.planner.report.MachineReport;
import io.solebox.planner.speed.Paces;
import io.solebox.planner.speed.SpeedPlan;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a model would need and give on a machine, before either is there. */
@Command(
    name = "plan",
    description =
        "Say whether a model fits a machine, how fast, how hot and how dear it would be: this"
            + " machine, or one of which only the parts are named. Ends with 1 where it does not"
            + " fit.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PlanCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "A path, a name, one of the catalogue that is not here yet, a shape (1b, 3b, 7b, 8b, 13b,"
              + " 70b, 30b-a3b), or hyperparameters as in"
              + " layers=40,width=5120,ffn=13824,heads=40,vocab=32000.")
  private Optional<String> model;

  @Option(
      names = "--quant",
      paramLabel = "FORMAT",
      description =
          "As if it were quantized to it. Default: as it is; of a shape F16; of the catalogue as it"
              + " is pulled, mostly Q4_K_M.")
  private Optional<String> quantization;

  @Option(
      names = "--kv-type",
      paramLabel = "TYPE",
      defaultValue = "f16",
      description = "How keys and values are stored: f32, f16 or q8_0. Default: ${DEFAULT-VALUE}.")
  private KvType kvType;

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      description = "The longest sequence. Default: what the model was trained for, at most 8192.")
  private Optional<Integer> context;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many ask at once. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--prompt",
      paramLabel = "TOKENS",
      defaultValue = "512",
      description = "Of a question. Default: ${DEFAULT-VALUE}.")
  private int prompt;

  @Option(
      names = "--want",
      paramLabel = "TOKENS/S",
      description = "A speed for one client, to be told whether it can be.")
  private Optional<Double> wish;

  @Mixin private MeasuredOptions measured;
  @Mixin private MachineOptions machine;

  @Option(names = "--explain", description = "Print the reason of each figure.")
  private boolean explain;

  @Option(names = "--json", description = "Print one JSON object, with all reasons.")
  private boolean json;

  public PlanCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    measured.forget(console, environment);
    if (model.isEmpty() && measured.needsNoModel()) {
      return 0;
    }
    Reckoned reckoned = reckon();
    if (json) {
      console.println(Json.text(reckoned.fields()));
    } else {
      new PlanText(console, explain).print(reckoned.sections());
    }
    return reckoned.model().fits() ? 0 : 1;
  }

  /** What the arguments ask for; prints nothing of it. */
  Reckoned reckon() {
    requirePositive("--prompt", prompt);
    requirePositive("--clients", clients);
    context.ifPresent(tokens -> requirePositive("--context", tokens));
    wish.ifPresent(speed -> requirePositive("--want", speed));
    Optional<MachineProfile> planned = machine.planned();
    boolean isHere = planned.isEmpty();
    measured.check(isHere);
    int threads = Runtime.getRuntime().availableProcessors();
    MachineProfile profile =
        planned.orElseGet(() -> machine.here(new OwnMachine(environment).profile(threads)));
    var devices = new MemoryPlan.Devices(profile, Sizings.find(threads), isHere);
    AskedModel asked = new NamedModels(environment).find(named(), quantization);
    PlannedModel found = asked.planned();
    Paces paces = measured.paces(console, environment, isHere, profile, found, kvType);
    ModelReport report =
        ModelReport.of(
            new ModelQuestion(
                found, devices, options(), prompt, wished(), paces, Quantizations.smaller()));
    return new Reckoned(report, MachineReport.of(question(profile, report)), asked.notes());
  }

  private void requirePositive(String option, Number value) {
    if (!(value.doubleValue() > 0) || Double.isInfinite(value.doubleValue())) {
      throw new ParameterException(
          spec.commandLine(),
          option + " is " + value + ", but must be more than nothing, and finite");
    }
  }

  private OptionalDouble wished() {
    return wish.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  private LoadOptions options() {
    LoadOptions options = LoadOptions.defaults().withKvType(kvType).withParallel(clients);
    return context.map(options::withContext).orElse(options);
  }

  private String named() {
    return model.orElseThrow(
        () -> new ParameterException(spec.commandLine(), "name a MODEL to plan for"));
  }

  private MachineQuestion question(MachineProfile profile, ModelReport report) {
    MachineQuestion question = machine.question(profile);
    return report.expected().map(SpeedPlan::together).map(question::making).orElse(question);
  }
}
