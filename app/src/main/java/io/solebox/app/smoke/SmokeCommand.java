package io.solebox.app.smoke;

import io.solebox.app.bench.report.ReportFile;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.StopWish;
import io.solebox.app.session.HardwareFile;
import io.solebox.app.session.MachineSources;
import io.solebox.engine.api.TriedDevices;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.smoke.Grade;
import io.solebox.hardware.smoke.SmokeFields;
import io.solebox.hardware.smoke.SmokeGuard;
import io.solebox.hardware.smoke.SmokeReport;
import io.solebox.hardware.telemetry.PollingSampler;
import io.solebox.hardware.telemetry.SamplerPace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tries the cards of a box: whether they compute, keep and carry what they should. */
@Command(
    name = "smoke",
    description =
        "Try the GPUs without a model: work with every result checked, all free memory, copies,"
            + " and what goes between cards; each figure beside what is expected of this card in"
            + " this slot. Ends with 1 where something is bad, was aborted, or may not be tried.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SmokeCommand implements Callable<Integer> {
  /** What there must be, where there is nothing to try. */
  private static final List<String> NEEDS =
      List.of(
          "a GPU of NVIDIA's, with its driver, that 'solebox devices' lists",
          "NVML (libnvidia-ml.so.1, of the driver), which tells temperatures and holds power",
          "root, where power limits or locked clocks are to be set");

  private static final Duration LOOKS = Duration.ofMillis(500);

  /** As long as NVML may take to open the cards. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Console console;
  private final Environment environment;
  private final String version;

  @Spec private CommandSpec spec;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cuda:all",
      description = "What is tried, as in cuda:all, cuda:1, cuda:0,2. Default: ${DEFAULT-VALUE}.")
  private String device;

  @ArgGroup private Pace pace = new Pace();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page of one file, with plots; it needs no network.")
  private Optional<Path> html;

  @Option(
      names = "--i-know",
      description =
          "Put load on cards that nothing holds to a power, or that nobody watches. What they draw"
              + " at worst is shown.")
  private boolean iKnow;

  /** How much is tried. */
  private static final class Pace {
    @Option(names = "--quick", description = "Less of all, in a minute or two.")
    private boolean quick;

    @Option(names = "--full", description = "For a night: ten minutes of each work, all patterns.")
    private boolean full;
  }

  public SmokeCommand(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.version = version;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<ReportFile> page = html.map(this::page);
    TriedDevices opened;
    try {
      opened = TriedDevices.open(device, threads());
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.DEVICE_UNAVAILABLE) {
        throw e;
      }
      return nothing(e);
    }
    try (opened) {
      List<TriedCard> cards =
          opened.devices().stream().map(TriedCard::of).flatMap(Optional::stream).toList();
      return cards.size() == opened.devices().size()
          ? run(opened, cards, page)
          : nothing(untriable());
    }
  }

  private SoleboxException untriable() {
    return new SoleboxException(
        ErrorCode.DEVICE_UNAVAILABLE,
        "--device " + device,
        "Its backend has no trials.",
        "Name a GPU, as in --device cuda:all.");
  }

  private static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  private ReportFile page(Path path) {
    ReportFile file = ReportFile.at(path);
    if (file.form() != ReportFile.Form.HTML) {
      throw new ParameterException(
          spec.commandLine(), "--html is a page, whose name ends with .html; JSON is --json");
    }
    return file;
  }

  private int run(TriedDevices opened, List<TriedCard> cards, Optional<ReportFile> page)
      throws InterruptedException {
    boolean hasGpu = cards.stream().anyMatch(card -> card.identity().isPresent());
    BurnLeave leave = hasGpu ? BurnLeave.ask(environment) : BurnLeave.nothingToHold();
    var guard =
        new SmokeGuard(HardwareFile.read(Optional.empty(), environment).guard(), leave.plan());
    try (StopWish wish = StopWish.ofCtrlC();
        var watchman =
            new Watchman(
                PollingSampler.start(MachineSources.of(environment), SamplerPace.every(LOOKS)),
                guard,
                wish::isWished,
                System::nanoTime);
        var progress = new SmokeProgress(console, () -> watchman.latest().gpus())) {
      var test = new SmokeRun(cards, opened.links(), pace(), watchman, Facts.of(MachineBox.here()));
      BurnLeave watched = leave.watched(test.gpus(), watchman.latest());
      watched.troubles().forEach(each -> console.error((iKnow ? "WARNING: " : "note: ") + each));
      SmokeRun.Result result = test.run(progress, watched, iKnow, version);
      progress.close();
      return tell(result, page, watched.isGiven() || iKnow);
    }
  }

  private SmokePace pace() {
    return pace.quick ? SmokePace.QUICK : pace.full ? SmokePace.FULL : SmokePace.USUAL;
  }

  private int tell(SmokeRun.Result result, Optional<ReportFile> page, boolean wasBurned) {
    SmokeReport report = result.report();
    KeptReport.keep(report, environment.dataFolder())
        .ifPresent(why -> console.error("note: " + why));
    if (json) {
      console.println(Json.text(SmokeHtml.fields(report, result.trace())));
    } else {
      SmokeText.print(console, report);
    }
    page.ifPresent(
        file -> {
          file.write(SmokeHtml.of(report, result.trace()));
          console.error("The report is in " + file + ".");
        });
    boolean isWell = report.grade() != Grade.BAD && report.aborted().isEmpty() && wasBurned;
    return isWell ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Says what it would need, where there is nothing to try. */
  private int nothing(SoleboxException why) {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", SmokeFields.SCHEMA);
      fields.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
      fields.put("version", version);
      fields.put("pace", pace().word());
      fields.put("verdict", Grade.NOT_JUDGED.word());
      fields.put("devices", List.of());
      fields.put("figures", List.of());
      fields.put("missing", List.of(why.describe()));
      fields.put("needs", NEEDS);
      console.println(Json.text(fields));
    } else {
      console.error("solebox: " + why.describe());
      console.error("A smoke test needs " + String.join("; ", NEEDS) + ". See 'solebox doctor'.");
    }
    return ExitCode.SOFTWARE;
  }
}
