package io.solebox.app.plan;

import io.solebox.app.session.MeasuredFile;
import io.solebox.app.session.MeasuredMachine;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurements;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Paces;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Paces of this machine's devices with a model: as they were measured, or else as their profiles
 * say.
 *
 * @param notes on what was measured and does not hold, sentences without their ends
 * @param cards names of them as their drivers tell them
 */
record OwnPaces(
    Measurements measured,
    List<String> notes,
    List<String> cards,
    PlannedModel model,
    KvType kvType)
    implements Paces {
  /** As it is remembered. */
  static OwnPaces of(MeasuredFile.Kept kept, PlannedModel model, KvType kvType) {
    return new OwnPaces(
        kept.measurements(),
        kept.trouble().stream().toList(),
        MeasuredMachine.cards(),
        model,
        kvType);
  }

  @Override
  public Optional<DevicePaces> of(DeviceProfile device, boolean isCard, int number) {
    return name(isCard, number)
        .flatMap(name -> measured.paces(name, model, kvType, device, isCard))
        .or(
            () ->
                DevicePaces.of(device, isCard).map(paces -> paces.because(lacking(isCard, number))))
        .map(paces -> paces.because(notes));
  }

  private Optional<String> name(boolean isCard, int number) {
    return isCard ? cards.stream().skip(number).findFirst() : Optional.of(Measurement.PROCESSOR);
  }

  /** Where some formats of the model were measured, that others were not. */
  private List<String> lacking(boolean isCard, int number) {
    List<TensorType> types = model.decidingTypes();
    List<TensorType> missing =
        name(isCard, number).map(name -> measured.missing(name, types, kvType)).orElse(types);
    return missing.size() == types.size()
        ? List.of()
        : List.of(
            "What was measured on this machine is not used: %s was not, of which the model has much, too"
                .formatted(missing.stream().map(Enum::name).collect(Collectors.joining(", "))));
  }
}
