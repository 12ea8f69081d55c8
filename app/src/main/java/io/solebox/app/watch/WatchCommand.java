package io.solebox.app.watch;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Screen;
import io.solebox.app.session.MachineSources;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.sensors.Sensors;
import io.solebox.hardware.telemetry.PollingSampler;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.SamplerPace;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SnapshotFields;
import io.solebox.hardware.telemetry.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what a machine measures, again and again. */
@Command(
    name = "watch",
    description =
        "Show temperatures, power and what else the machine measures, again and again. On a"
            + " terminal it fills the screen; q or Ctrl-C ends it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class WatchCommand implements Callable<Integer> {
  private static final int REMEMBERED = 60;
  private static final long KEY_MILLIS = 50;
  private static final double SHORTEST_SECONDS = 0.1;
  private static final double LONGEST_SECONDS = 3600;

  private final Console console;
  private final Environment environment;

  @Spec private CommandSpec spec;

  @ArgGroup private Form form = new Form();

  /** How it is written, where that is not for people. */
  private static final class Form {
    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Option(
        names = "--csv",
        description = "Print comma-separated values, one measured value a line.")
    private boolean csv;
  }

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description = "From one measurement to the next; default: ${DEFAULT-VALUE}.")
  private double interval;

  private OptionalLong count = OptionalLong.empty();

  private Optional<Path> root = Optional.empty();

  public WatchCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Option(names = "--count", paramLabel = "N", description = "End after so many measurements.")
  void count(long value) {
    if (value < 1) {
      throw new ParameterException(spec.commandLine(), "--count must be at least 1.");
    }
    count = OptionalLong.of(value);
  }

  @Option(
      names = "--root",
      paramLabel = "FOLDER",
      description = "Read sensors below this folder instead of /, and ask no GPU.")
  void root(Path folder) {
    root = Optional.of(folder);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!(interval >= SHORTEST_SECONDS && interval <= LONGEST_SECONDS)) {
      throw new ParameterException(
          spec.commandLine(), "--interval must be from 0.1 to 3600 seconds.");
    }
    Duration every = Duration.ofMillis(Math.round(interval * 1000));
    BlockingQueue<Snapshot> snapshots = new LinkedBlockingQueue<>();
    try (Sampler sampler = PollingSampler.start(sources(), SamplerPace.every(every))) {
      snapshots.add(sampler.latest());
      sampler.subscribe(snapshots::add);
      if (form.json) {
        lines(snapshots, each -> console.println(Json.text(SnapshotFields.of(each))));
      } else if (form.csv) {
        console.println(Csv.HEADER);
        lines(snapshots, each -> Csv.lines(each).forEach(console::println));
      } else if (console.outIsTerminal() && console.inIsTerminal()) {
        live(snapshots);
      } else {
        lines(snapshots, each -> View.plain(each).forEach(console::println));
      }
    }
    return 0;
  }

  private Supplier<List<Source>> sources() {
    if (root.isEmpty()) {
      return MachineSources.of(environment);
    }
    Box box = folder(root.get());
    return () -> Sensors.of(box);
  }

  private static Box folder(Path folder) {
    try {
      return new FolderBox(folder);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, folder.toString(), "It is no folder.", "Check the path.", e);
    }
  }

  private void lines(BlockingQueue<Snapshot> snapshots, Consumer<Snapshot> print)
      throws InterruptedException {
    for (long i = 0; i < count.orElse(Long.MAX_VALUE); i++) {
      print.accept(snapshots.take());
    }
  }

  private void live(BlockingQueue<Snapshot> snapshots) {
    Series series = new Series(REMEMBERED);
    AtomicBoolean ended = new AtomicBoolean();
    try (Screen screen = Screen.open()) {
      screen.onInterrupt(() -> ended.set(true));
      long shown = 0;
      while (!ended.get() && shown < count.orElse(Long.MAX_VALUE)) {
        for (Snapshot each : drained(snapshots)) {
          series.add(each);
          screen.show(View.live(each, series));
          shown++;
        }
        // In raw mode some terminals send Ctrl-C as a key.
        if (screen.pressed("qQ\u0003", KEY_MILLIS)) {
          ended.set(true);
        }
      }
    }
  }

  private static List<Snapshot> drained(BlockingQueue<Snapshot> snapshots) {
    List<Snapshot> all = new ArrayList<>();
    snapshots.drainTo(all);
    return all;
  }
}
