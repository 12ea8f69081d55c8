package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pace;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.model.ModelInfo;
import io.solebox.hardware.board.Board;
import io.solebox.hardware.board.BoardSettings;
import io.solebox.hardware.care.BoardOrders;
import io.solebox.hardware.care.BoardWatch;
import io.solebox.hardware.care.Caretaker;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Ruling.Reason;
import io.solebox.hardware.guard.Sensor;
import io.solebox.hardware.plug.LastLine;
import io.solebox.hardware.plug.PlugSettings;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.hardware.telemetry.SourceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The guard of the hardware, at work for a server: models are loaded, run and sent away as it says.
 * Does nothing before {@link #begin}, nor where nobody wants it.
 */
final class HardwareCare implements LoadGate, Pace, AutoCloseable {
  /** Ledgers of GPUs begin so. */
  private static final String GPU = "cuda";

  /** NVML opens GPUs one after the other, seconds for each. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(100);

  /** Several GPUs that do not answer what they are told take seconds each. */
  private static final Duration STALLED = Duration.ofMinutes(1);

  /** From a cut by the board until nobody should be too hot any more, beside the time to say so. */
  private static final Duration COOLING = Duration.ofMinutes(1);

  private final GuardOptions.Wish wish;
  private final HardwareSettings settings;
  private final String library;
  private final Attached attached;
  private final GuardReporter reporter;
  private Optional<Measuring> measuring = Optional.empty();
  private volatile Optional<Work> work = Optional.empty();
  private volatile long lookedAt;

  /** What runs while there is something to do. */
  private record Work(
      Measuring measured, Caretaker caretaker, Optional<BoardOrders> orders, Thread thread) {}

  /**
   * @param library of NVML
   * @param attached closed with it
   */
  HardwareCare(
      GuardOptions.Wish wish,
      HardwareSettings settings,
      String library,
      Attached attached,
      Console console) {
    this.wish = wish;
    this.settings = settings;
    this.library = library;
    this.attached = attached;
    this.reporter = new GuardReporter(console, power(console));
  }

  /** Measures the machine from now on, whether or not anybody wants it guarded. */
  Measuring measure() {
    if (measuring.isEmpty()) {
      measuring = Optional.of(Measuring.begin(library, attached, settings.upkeep().every()));
    }
    return measuring.get();
  }

  /** What energy costs, where the owner has said it. */
  OptionalDouble pricePerKwh() {
    return settings.pricePerKwh();
  }

  /** Begins to look after what a server runs on, if anybody wants that. */
  void begin(Engine device) {
    boolean wanted =
        switch (wish) {
          case AUTO -> attached.board().isPresent() || usesGpu(device);
          case ON -> true;
          case OFF -> false;
        };
    if (!wanted) {
      return;
    }
    Measuring measured = measure();
    Optional<BoardOrders> orders = attached.board().map(this::orders);
    Caretaker caretaker =
        new Caretaker(
            measured::latest,
            measured.nvml(),
            settings,
            Thread::sleep,
            orders.map(BoardWatch::new).orElseGet(BoardWatch::none),
            reporter);
    Thread thread =
        Thread.ofPlatform().daemon().name("hardware-guard").unstarted(() -> run(caretaker));
    lookedAt = System.nanoTime();
    work = Optional.of(new Work(measured, caretaker, orders, thread));
    thread.start();
    Thread.ofVirtual().name("plug").start(this::setTrip);
  }

  private static boolean usesGpu(Engine device) {
    return device.memory().stream().anyMatch(memory -> memory.device().startsWith(GPU));
  }

  private BoardOrders orders(Board board) {
    boolean beats = settings.board().filter(BoardSettings::heartbeat).isPresent();
    return new BoardOrders(board, beats, reporter::board);
  }

  private PowerCut power(Console console) {
    return new PowerCut(
        words -> console.error("guard: " + words),
        lastLine(),
        attached.board(),
        COOLING.plus(settings.guard().fall()));
  }

  private Optional<LastLine> lastLine() {
    return attached
        .plug()
        .flatMap(
            its ->
                settings
                    .plug()
                    .map(
                        said -> new LastLine(its, new ThisMachine(said.shutDown()), said.grace())));
  }

  /** Has the plug look after itself, whatever becomes of this process. */
  private void setTrip() {
    OptionalInt watts = settings.plug().map(PlugSettings::tripWatts).orElse(OptionalInt.empty());
    if (attached.plug().isPresent() && watts.isPresent()) {
      reporter.tripping(attached.plug().get(), watts.getAsInt());
    }
  }

  /** Whose models it sends away when they must not run. */
  void guard(ModelHost host) {
    reporter.guard(host);
  }

  private void run(Caretaker caretaker) {
    try {
      while (true) {
        look(caretaker);
        Thread.sleep(settings.upkeep().every());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it ends
    }
  }

  /** A guard that has died would be worse than one that has missed a round. */
  private void look(Caretaker caretaker) throws InterruptedException {
    try {
      caretaker.look(System.nanoTime());
      caretaker.seen().ifPresent(seen -> reporter.looked(caretaker.ruling(), seen));
      lookedAt = System.nanoTime();
    } catch (RuntimeException e) {
      reporter.broken(e);
    }
  }

  /** What is asked for now. */
  Ruling ruling() {
    return work.map(its -> ruling(its.caretaker())).orElse(Ruling.NOTHING);
  }

  /** Nobody knows how hot it is where the guard itself hangs. */
  private Ruling ruling(Caretaker caretaker) {
    Ruling last = caretaker.ruling();
    long seconds = (System.nanoTime() - lookedAt) / 1_000_000_000;
    if (seconds < STALLED.toSeconds()) {
      return last;
    }
    String words = "the guard has not been able to look for %d s".formatted(seconds);
    Reason reason = new Reason(Level.PAUSED, Sensor.CORE, OptionalDouble.empty(), words);
    Ruling.Device guard = new Ruling.Device("guard", "the guard", Level.PAUSED, List.of(reason));
    List<Ruling.Device> devices = Stream.concat(last.devices().stream(), Stream.of(guard)).toList();
    return new Ruling(last.level().worse(Level.PAUSED), devices);
  }

  @Override
  public double share() {
    return switch (ruling().level()) {
      case NORMAL, WARN -> 1;
      case SLOW -> 0.5;
      case PAUSED, STOPPED, CUT -> 0.25;
    };
  }

  /** Waits until the hardware is known and cool enough; refuses where cards are not held. */
  @Override
  public void admit(Catalog.Offer offer, ModelInfo info, LoadEstimate estimate, Progress progress)
      throws InterruptedException {
    if (work.isEmpty()) {
      return;
    }
    Work guarded = work.get();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!isKnown(guarded)) {
      if (System.nanoTime() - end > 0) {
        throw refused("NVML has not said anything of the GPUs for two minutes.");
      }
      pause("asking the GPUs how they are", progress);
    }
    while (ruling().level().isAtLeast(Level.PAUSED)) {
      Optional<String> unheld = guarded.caretaker().refusal();
      if (unheld.isPresent()) {
        throw refused(sentence(unheld.get()));
      }
      pause("waiting until " + ruling().words() + " no more", progress);
    }
  }

  private static void pause(String why, Progress progress) throws InterruptedException {
    if (progress.cancelled()) {
      throw new SoleboxException(
          ErrorCode.CANCELLED, "", "Nobody wants it any more.", "Ask for it again.");
    }
    progress.report(why, 0);
    Thread.sleep(LOOK);
  }

  /** Whether the GPUs have said how they are, or there is nobody who could. */
  private static boolean isKnown(Work guarded) {
    return guarded
        .caretaker()
        .seen()
        .flatMap(guarded.measured()::gpus)
        .filter(
            source ->
                switch (source.state()) {
                  case ANSWERS, SILENT -> true;
                  case ASKED, LATE -> false;
                })
        .isPresent();
  }

  /** Why nobody is guarded although somebody wants that; empty where all is well. */
  Optional<String> trouble() {
    return work.flatMap(its -> its.measured().gpus(its.measured().latest()))
        .filter(source -> source.state() == SourceState.State.SILENT)
        .map(source -> "the guard sees no GPU: " + source.why());
  }

  private static String sentence(String words) {
    return words.endsWith(".") ? words : words + ".";
  }

  static SoleboxException refused(String why) {
    return new SoleboxException(
        ErrorCode.HARDWARE_GUARD,
        "hardware",
        why,
        "See 'solebox power plan' and 'solebox doctor'; --guard off does without.");
  }

  @Override
  public void close() {
    work.ifPresent(this::end);
    work = Optional.empty();
    measuring.ifPresent(Measuring::close);
    measuring = Optional.empty();
    attached.close();
  }

  private void end(Work its) {
    its.thread().interrupt();
    try {
      its.thread().join();
      its.caretaker().end();
      its.orders().ifPresent(BoardOrders::close);
      if (settings.upkeep().releaseAtEnd()) {
        its.caretaker().release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
