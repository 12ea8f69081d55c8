package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import java.time.Duration;

/**
 * Takes a machine's power away, which it must not lose while it runs: not before it was told to
 * shut down and had time for that, or does not answer any more.
 */
public final class LastLine {
  /** The machine behind the plug. */
  public interface Machine {
    /** Tells it to shut down. */
    Said<String> shutDown();

    /** Whether it answers. */
    boolean answers();
  }

  private final Plug plug;
  private final Machine machine;
  private final Duration grace;

  /**
   * @param grace from the word to shut down until the plug goes off
   */
  public LastLine(Plug plug, Machine machine, Duration grace) {
    this.plug = plug;
    this.machine = machine;
    this.grace = grace;
  }

  /** Takes the power away in the order that there is; what became of that, for people. */
  public Said<String> cut() {
    return switch (machine.shutDown()) {
      case Said.Yes<String>(var words) ->
          after(
              plug.switchOffIn(grace),
              words + ", and the plug goes off in %d seconds".formatted(grace.toSeconds()));
      case Said.No<String>(var why) ->
          machine.answers()
              ? new Said.No<>("the plug stays on, since the machine was not told: " + why)
              : after(plug.switchTo(false), "the machine does not answer, and the plug is off");
    };
  }

  private Said<String> after(Said<PlugReading> switched, String words) {
    return switch (switched) {
      case Said.Yes<PlugReading> _ -> new Said.Yes<>(words);
      case Said.No<PlugReading>(var why) ->
          new Said.No<>("%s does not switch: %s".formatted(plug.name(), why));
    };
  }
}
