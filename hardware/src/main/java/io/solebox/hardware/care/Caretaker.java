package io.solebox.hardware.care;

import io.solebox.hardware.guard.Guard;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Ruling.Reason;
import io.solebox.hardware.guard.Sensor;
import io.solebox.hardware.nvml.GpuControl;
import io.solebox.hardware.power.PowerKeeper;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Follows what is measured, round by round, and does what the hardware needs: holds cards to their
 * power, lowers their clocks, and says to what level all else has to go. Owned by one thread; what
 * it rules may be read by all.
 */
public final class Caretaker {
  private final Supplier<Snapshot> measured;
  private final VitalsReader reader = new VitalsReader();
  private final Guard guard;
  private final PowerWatch power;
  private final SlowClocks clocks;
  private final BoardWatch board;
  private final CareListener listener;
  private volatile Ruling ruling = Ruling.NOTHING;
  private volatile Optional<String> refusal = Optional.empty();
  private volatile Optional<Snapshot> seen = Optional.empty();

  /**
   * @param measured the last snapshot, at once
   * @param control of the GPUs that are measured
   * @param pause between two looks at a clock
   * @param board under the same guard
   */
  public Caretaker(
      Supplier<Snapshot> measured,
      GpuControl control,
      HardwareSettings settings,
      PowerKeeper.Pause pause,
      BoardWatch board,
      CareListener listener) {
    this.measured = measured;
    this.guard = new Guard(settings.guard());
    this.power = new PowerWatch(control, settings.power(), pause);
    this.clocks = new SlowClocks(control, power);
    this.board = board;
    this.listener = listener;
  }

  /**
   * One round.
   *
   * @param now in nanoseconds, of a clock that never goes back
   */
  public void look(long now) throws InterruptedException {
    Snapshot snapshot = measured.get();
    if (power.look(snapshot)) {
      clocks.forget();
      listener.held(power.plan(), power.holds());
    }
    Ruling gpus = withPower(guard.observe(reader.of(snapshot, power.plan()), now));
    Ruling next = withBoard(gpus, snapshot, now);
    Ruling before = ruling;
    refusal = unheld(next);
    ruling = next;
    seen = Optional.of(snapshot);
    clocks.follow(gpus);
    if (!levels(before).equals(levels(next))) {
      listener.ruled(before, next);
    }
  }

  private static Map<String, Level> levels(Ruling ruling) {
    Map<String, Level> levels = new HashMap<>();
    ruling.devices().stream()
        .filter(device -> device.level() != Level.NORMAL)
        .forEach(device -> levels.put(device.device(), device.level()));
    return levels;
  }

  /** And the board, which takes power by itself. */
  private Ruling withBoard(Ruling gpus, Snapshot snapshot, long now) {
    return board
        .look(snapshot, gpus.level(), now)
        .map(
            its -> {
              List<Ruling.Device> devices = new ArrayList<>(gpus.devices());
              devices.add(its);
              return new Ruling(gpus.level().worse(its.level()), devices);
            })
        .orElse(gpus);
  }

  /** What asks for more than what was measured: cards that are not held to what they may draw. */
  private Ruling withPower(Ruling guarded) {
    List<Ruling.Device> devices = guarded.devices().stream().map(this::withPower).toList();
    Level level = devices.stream().map(Ruling.Device::level).reduce(Level.NORMAL, Level::worse);
    return new Ruling(level, devices);
  }

  private Ruling.Device withPower(Ruling.Device device) {
    return unheld(device)
        .map(
            reason -> {
              List<Reason> reasons = new ArrayList<>(device.reasons());
              reasons.add(reason);
              reasons.sort((a, b) -> b.level().compareTo(a.level()));
              return new Ruling.Device(
                  device.device(), device.name(), reason.level().worse(device.level()), reasons);
            })
        .orElse(device);
  }

  private Optional<String> unheld(Ruling now) {
    return now.devices().stream()
        .flatMap(device -> unheld(device).stream())
        .filter(reason -> reason.level() == Level.STOPPED)
        .map(Reason::words)
        .findFirst();
  }

  private Optional<Reason> unheld(Ruling.Device device) {
    PowerPlan plan = power.plan();
    Optional<Reason> unsafe =
        power
            .unsafe(device.device())
            .map(loose -> reason(Level.STOPPED, device, loose))
            .or(() -> exceeds(plan, device));
    return unsafe.or(
        () -> power.loose(device.device()).map(loose -> reason(Level.WARN, device, loose)));
  }

  /** A card without a limit, on a supply that its lowest clock may trip. */
  private Optional<Reason> exceeds(PowerPlan plan, Ruling.Device device) {
    boolean clocked =
        power
            .share(device.device())
            .filter(share -> share.measure() instanceof PowerPlan.Measure.Clock)
            .isPresent();
    if (plan.fits() || !clocked) {
      return Optional.empty();
    }
    String words =
        "%s has no power limit, and even at its lowest clock all cards together may draw %.0f W of %.0f W"
            .formatted(device.name(), plan.plannedWatts(), plan.gpuWatts().orElse(0));
    return Optional.of(
        reason(Level.STOPPED, words + " (" + String.join(" ", plan.remedies()) + ")"));
  }

  private static Reason reason(Level level, Ruling.Device device, Hold.Loose loose) {
    return reason(level, "%s: %s (%s)".formatted(device.name(), loose.words(), loose.remedy()));
  }

  private static Reason reason(Level level, String words) {
    return new Reason(level, Sensor.POWER, OptionalDouble.empty(), words);
  }

  /** What is asked for now. Any thread may ask. */
  public Ruling ruling() {
    return ruling;
  }

  /**
   * Why cards must not be used that nothing holds; empty where all are held. Any thread may ask.
   */
  public Optional<String> refusal() {
    return refusal;
  }

  /** What the ruling is of; empty before the first round. Any thread may ask. */
  public Optional<Snapshot> seen() {
    return seen;
  }

  /** Lets clocks go that it has lowered; cards stay held to their shares. */
  public void end() throws InterruptedException {
    clocks.close();
  }

  /** Gives cards all back that they may draw by themselves. */
  public void release() {
    power.plan().cards().forEach(power.keeper()::release);
  }
}
