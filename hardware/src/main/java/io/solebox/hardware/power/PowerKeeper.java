package io.solebox.hardware.power;

import io.solebox.hardware.nvml.GpuControl;
import io.solebox.hardware.nvml.Outcome;
import io.solebox.hardware.power.PowerPlan.Measure;
import io.solebox.hardware.power.PowerPlan.Share;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Holds cards to a plan, and looks whether they hold. A lock is taken for held only when the clock
 * that the card runs at was read back, and lies where it was locked.
 */
public final class PowerKeeper {
  /** Clocks follow a lock within a fraction of a second. */
  private static final int LOOKS = 10;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** Half a step of NVIDIA's clocks, which are 15 MHz, or 7 and 8, apart. */
  private static final int STEP_MEGAHERTZ = 8;

  private static final int NO_PERMISSION = 4;

  /** Waits; a test's does not. */
  public interface Pause {
    void rest(Duration time) throws InterruptedException;
  }

  /** What became of a share. */
  public sealed interface Hold {
    /** It is held, and that was read back. */
    record Held(String words) implements Hold {}

    /** It is not. */
    record Loose(String words, String remedy) implements Hold {}
  }

  private final GpuControl control;
  private final Pause pause;

  public PowerKeeper(GpuControl control, Pause pause) {
    this.control = control;
    this.pause = pause;
  }

  /** Holds a card to its share. */
  public Hold apply(Share share) throws InterruptedException {
    String uuid = share.card().uuid();
    return switch (share.measure()) {
      case Measure.AsItIs _ -> new Hold.Held("its power limit is low enough");
      case Measure.Limit(int milliwatts) ->
          limited(uuid, milliwatts, control.setPowerLimit(uuid, milliwatts));
      case Measure.Clock(int megahertz, _) ->
          locked(uuid, megahertz, control.lockSmClocks(uuid, megahertz, megahertz));
      case Measure.Impossible(String why) ->
          new Hold.Loose(
              "nothing holds its power: " + why,
              "Take it out, or put a plug with an overload trip before the box.");
    };
  }

  private Hold limited(String uuid, int milliwatts, Outcome<Void> set) {
    OptionalInt now = limit(uuid);
    if (now.isPresent() && now.getAsInt() <= milliwatts) {
      return new Hold.Held("power limit of %d W, read back".formatted(now.getAsInt() / 1000));
    }
    return refused(set)
        .orElseGet(
            () ->
                new Hold.Loose(
                    "a power limit of %d W was set and is not in force"
                        .formatted(milliwatts / 1000),
                    "See 'nvidia-smi -q -d POWER', and 'solebox doctor'."));
  }

  private Hold locked(String uuid, int megahertz, Outcome<Void> lock) throws InterruptedException {
    OptionalInt seen = OptionalInt.empty();
    boolean mayTakeOthers =
        lock instanceof Outcome.Refused<Void>(int code, _) && code == NO_PERMISSION;
    for (int look = 0; look < LOOKS && (look == 0 || lock instanceof Outcome.Done<Void>); look++) {
      seen = clock(uuid);
      boolean isThere = seen.isPresent() && Math.abs(seen.getAsInt() - megahertz) <= STEP_MEGAHERTZ;
      if (isThere && (mayTakeOthers || lock instanceof Outcome.Done<Void>)) {
        return new Hold.Held("clocks locked at %d MHz, read back".formatted(seen.getAsInt()));
      }
      pause.rest(BETWEEN_LOOKS);
    }
    Optional<Hold> refused = refused(lock);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (seen.isPresent() && seen.getAsInt() < megahertz) {
      // At rest some cards go below their lock; whether it holds is seen once they work.
      return new Hold.Held(
          "clocks locked at %d MHz; at rest it runs at %d".formatted(megahertz, seen.getAsInt()));
    }
    String runs =
        seen.isPresent()
            ? "it runs at %d MHz".formatted(seen.getAsInt())
            : "it does not tell its clock";
    return new Hold.Loose(
        "clocks were locked at %d MHz, and %s".formatted(megahertz, runs),
        "See 'nvidia-smi -q -d CLOCK'; switch persistence on ('nvidia-smi -pm 1'), and look whether"
            + " another program sets the clocks.");
  }

  private static Optional<Hold> refused(Outcome<Void> outcome) {
    return switch (outcome) {
      case Outcome.Done<Void> _ -> Optional.empty();
      case Outcome.Refused<Void>(int code, String why) ->
          Optional.of(
              new Hold.Loose(
                  "the driver refuses: " + why,
                  code == NO_PERMISSION
                      ? "It takes root: 'sudo solebox power apply', or the unit"
                          + " solebox-power.service."
                      : "See 'nvidia-smi -q -d SUPPORTED_CLOCKS,POWER', and 'solebox doctor'."));
      case Outcome.Unanswered<Void>(String why) ->
          Optional.of(new Hold.Loose("nobody answers: " + why, "See 'solebox doctor'."));
    };
  }

  /** Whether a card that was held still is, as far as its limit and its clock tell. */
  public boolean holds(Share share) {
    String uuid = share.card().uuid();
    return switch (share.measure()) {
      case Measure.AsItIs _ -> true;
      case Measure.Limit(int milliwatts) -> {
        OptionalInt now = limit(uuid);
        yield now.isPresent() && now.getAsInt() <= milliwatts;
      }
      case Measure.Clock(int megahertz, _) -> {
        OptionalInt now = clock(uuid);
        yield now.isPresent() && now.getAsInt() <= megahertz + STEP_MEGAHERTZ;
      }
      case Measure.Impossible _ -> false;
    };
  }

  /** Gives a card back all that it may draw by itself. */
  public Hold release(Share share) {
    String uuid = share.card().uuid();
    return switch (share.card().means()) {
      case Card.Means.Limit limit ->
          refused(control.setPowerLimit(uuid, limit.usualMilliwatts()))
              .orElse(
                  new Hold.Held("power limit of %d W".formatted(limit.usualMilliwatts() / 1000)));
      case Card.Means.Clocks _ ->
          refused(control.resetSmClocks(uuid)).orElse(new Hold.Held("clocks as it wants them"));
      case Card.Means.Nothing _ -> new Hold.Held("nothing held it");
    };
  }

  private OptionalInt limit(String uuid) {
    return control.powerLimits(uuid) instanceof Outcome.Done<GpuControl.PowerLimits>(var limits)
        ? OptionalInt.of(limits.currentMilliwatts())
        : OptionalInt.empty();
  }

  private OptionalInt clock(String uuid) {
    return control.smMegahertz(uuid) instanceof Outcome.Done<Integer>(var megahertz)
        ? OptionalInt.of(megahertz)
        : OptionalInt.empty();
  }
}
