package io.solebox.planner.trial;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.BackendProvider.Options;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Origin;
import io.solebox.planner.model.PlannedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Measures how fast this machine's processor is in the formats of a model: steps of a model of as
 * many layers as take as much memory, format by format. Nothing else may compute meanwhile.
 */
public final class Trials {
  private final int threads;

  public Trials(int threads) {
    this.threads = threads;
  }

  /**
   * Measures for some seconds for each format that decides how fast the model is.
   *
   * @param origin of the measurements
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where the processor cannot be used
   */
  public List<Measurement> of(PlannedModel model, KvType kvType, Origin origin) {
    long bytes = model.outline().info().fileBytes();
    List<Measurement> all = new ArrayList<>();
    try (Backend backend = processor()) {
      for (TensorType type : model.decidingTypes()) {
        Trial trial = Trial.run(backend, type, kvType, bytes);
        all.add(
            new Measurement(
                Measurement.PROCESSOR,
                new Measurement.Subject.Format(type),
                kvType,
                origin,
                trial.weights(),
                trial.kept(),
                Optional.of(new Measurement.Prompts(trial.products(), trial.attention()))));
      }
    }
    return all;
  }

  private Backend processor() {
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      if (provider.name().equals("cpu")) {
        return switch (provider.probe()) {
          case Probe.Usable usable ->
              provider.open(usable.devices().getFirst(), new Options(threads));
          case Probe.Unusable(var reason, var remedy) ->
              throw new SoleboxException(ErrorCode.DEVICE_UNAVAILABLE, "cpu", reason, remedy);
        };
      }
    }
    throw new IllegalStateException("this build has no backend cpu");
  }
}
