package io.solebox.app.plan;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import io.solebox.planner.model.PlannedModel;
import io.solebox.store.quantize.Mix;
import io.solebox.store.quantize.QuantizeOptions;
import io.solebox.store.quantize.QuantizePlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The formats that the quantizer would choose, tensor by tensor. */
final class Quantizations {
  /** To fall back to, from the largest; those below need an importance matrix. */
  private static final List<Mix> SMALLER =
      List.of(Mix.Q8_0, Mix.Q6_K, Mix.Q5_K_M, Mix.Q4_K_M, Mix.Q3_K_M, Mix.Q2_K);

  private Quantizations() {}

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for a name that there is not
   */
  static PlannedModel.Formats named(String name) {
    return Mix.named(name)
        .map(Quantizations::of)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "--quant",
                    "There is no quantization %s.".formatted(name),
                    "There are: " + String.join(", ", Mix.names()) + "."));
  }

  /** By name. */
  static Map<String, PlannedModel.Formats> smaller() {
    var all = new LinkedHashMap<String, PlannedModel.Formats>();
    SMALLER.forEach(mix -> all.put(mix.name(), of(mix)));
    return all;
  }

  private static PlannedModel.Formats of(Mix mix) {
    var options =
        new QuantizeOptions(mix, false, Optional.empty(), Optional.empty(), List.of(), true);
    return (metadata, tensors) ->
        QuantizePlan.of(metadata, tensors, options, Optional.empty()).tensors().stream()
            .map(planned -> info(planned.source(), planned))
            .toList();
  }

  private static TensorInfo info(TensorInfo from, QuantizePlan.Planned planned) {
    return new TensorInfo(from.name(), planned.target(), from.shape(), planned.bytes());
  }
}
