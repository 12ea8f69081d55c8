package io.solebox.app.serve;

import io.solebox.hardware.board.BoardSource;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.hardware.plug.PlugSource;
import io.solebox.hardware.sensors.Sensors;
import io.solebox.hardware.telemetry.PollingSampler;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.SamplerPace;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import io.solebox.hardware.telemetry.SourceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What measures this machine while a server runs.
 *
 * @param nvml one of its sources, which is also told things
 */
record Measuring(Nvml nvml, Sampler sampler) implements AutoCloseable {
  /** A server does not wait for slow sensors before it listens. */
  private static final Duration FIRST_PATIENCE = Duration.ofMillis(300);

  private static final Duration SEARCH = Duration.ofMinutes(1);

  /**
   * Begins.
   *
   * @param library of NVML
   */
  static Measuring begin(String library, Attached attached, Duration every) {
    Box box = MachineBox.here();
    Nvml nvml = Nvml.of(box, library);
    List<Source> own =
        Stream.of(
                Optional.of(nvml),
                attached.plug().map(PlugSource::new),
                attached.board().map(BoardSource::new))
            .<Source>flatMap(Optional::stream)
            .toList();
    Sampler sampler =
        PollingSampler.start(
            () -> Stream.concat(own.stream(), Sensors.of(box).stream()).toList(),
            new SamplerPace(every, every.dividedBy(2), FIRST_PATIENCE, SEARCH));
    return new Measuring(nvml, sampler);
  }

  Snapshot latest() {
    return sampler.latest();
  }

  /** How the GPUs' source was. */
  Optional<SourceState> gpus(Snapshot snapshot) {
    return snapshot.sources().stream()
        .filter(source -> source.name().equals(nvml.name()))
        .findFirst();
  }

  @Override
  public void close() {
    sampler.close();
    nvml.close();
  }
}
