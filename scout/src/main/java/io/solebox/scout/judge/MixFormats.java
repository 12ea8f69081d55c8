package io.solebox.scout.judge;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.TensorInfo;
import io.solebox.planner.model.PlannedModel;
import io.solebox.store.quantize.Mix;
import io.solebox.store.quantize.QuantizeOptions;
import io.solebox.store.quantize.QuantizePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The formats that the quantizer chooses for a mix. */
record MixFormats(Mix mix) implements PlannedModel.Formats {
  @Override
  public List<TensorInfo> of(Metadata metadata, List<TensorInfo> tensors) {
    var options =
        new QuantizeOptions(mix, false, Optional.empty(), Optional.empty(), List.of(), true);
    List<TensorInfo> chosen = new ArrayList<>();
    for (var each : QuantizePlan.of(metadata, tensors, options, Optional.empty()).tensors()) {
      TensorInfo from = each.source();
      chosen.add(new TensorInfo(from.name(), each.target(), from.shape(), each.bytes()));
    }
    return chosen;
  }
}
