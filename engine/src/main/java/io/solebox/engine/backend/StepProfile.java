package io.solebox.engine.backend;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where the time of a decode step of one token goes.
 *
 * @param stepMicros of a whole step on the device
 * @param phases all that the device does in a step, by kind, in the order in which kinds begin
 * @param host what the host adds, where the device is another than the host
 */
public record StepProfile(double stepMicros, List<Phase> phases, Optional<Host> host) {
  public StepProfile {
    phases = List.copyOf(phases);
  }

  /**
   * All work of one kind in a step.
   *
   * @param kind as in {@code ffn_down Q4_K}
   * @param launches how often it begins in a step
   * @param bytes of weights and of the KV cache that they read together
   * @param micros of one launch, the mean
   * @param microsApart of one launch when none begins before the end of the one ahead of it; empty
   *     where none ever does
   */
  public record Phase(
      String kind, int launches, long bytes, double micros, OptionalDouble microsApart) {
    /** Of all launches in a step. */
    public double totalMicros() {
      return launches * micros;
    }

    public double bytesPerSecond() {
      return bytes / (totalMicros() * 1e-6);
    }
  }

  /**
   * The host's part of a step, medians.
   *
   * @param handOverMicros until the thread of the device begins
   * @param launchMicros until the device has been told all
   * @param waitMicros until that thread sees that the device is done; most of it is the device's
   *     own time
   * @param wakeUpMicros until the thread that asked goes on
   */
  public record Host(
      double handOverMicros, double launchMicros, double waitMicros, double wakeUpMicros) {}
}
