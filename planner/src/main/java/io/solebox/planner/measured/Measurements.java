package io.solebox.planner.measured;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.speed.DevicePaces;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All that was measured of the devices of a machine, each thing once. */
public record Measurements(List<Measurement> all) {
  public static final Measurements NONE = new Measurements(List.of());

  public Measurements {
    all = List.copyOf(all);
  }

  /** The same with others, which take the place of those of the same. */
  public Measurements with(List<Measurement> others) {
    return new Measurements(
        Stream.concat(
                all.stream().filter(each -> others.stream().noneMatch(each::isOfSame)),
                others.stream())
            .toList());
  }

  /**
   * How fast a device goes with a model: as this very model was seen to go, or as all formats that
   * it is made of, whichever was measured last; and empty where neither was.
   *
   * @param device as in {@link Measurement#device}
   * @param profile of it, for what was not measured
   * @param isCard or the processor
   */
  public Optional<DevicePaces> paces(
      String device, PlannedModel model, KvType kvType, DeviceProfile profile, boolean isCard) {
    List<Measurement> own =
        all.stream().filter(m -> m.device().equals(device) && m.kvType() == kvType).toList();
    var info = model.outline().info();
    var wanted = new Subject.Model(info.name(), info.format());
    Map<TensorType, Measurement> formats = formats(own, model.decidingTypes());
    Optional<Measurement> whole =
        own.stream()
            .filter(each -> each.subject().equals(wanted))
            .filter(each -> formats.values().stream().noneMatch(each::isBefore))
            .findFirst();
    return whole
        .map(found -> MeasuredPaces.ofModel(found, profile, isCard))
        .or(
            () ->
                formats.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        MeasuredPaces.ofFormats(
                            formats, model.decidingTypes().getFirst(), profile)));
  }

  /**
   * What decode was seen to do with a model of which the name and the main format are known: with
   * this very model, or with its format where that is one of matrices; the last that was measured.
   */
  public Optional<Measurement> decode(String device, String model, String format, KvType kvType) {
    return all.stream()
        .filter(m -> m.device().equals(device) && m.kvType() == kvType)
        .filter(
            m ->
                switch (m.subject()) {
                  case Subject.Model its -> its.equals(new Subject.Model(model, format));
                  case Subject.Format(TensorType type) -> type.name().equals(format);
                })
        .reduce((one, other) -> one.isBefore(other) ? other : one);
  }

  /** Formats that were not measured, of some. */
  public List<TensorType> missing(String device, List<TensorType> types, KvType kvType) {
    return types.stream()
        .filter(
            type ->
                all.stream()
                    .noneMatch(
                        m ->
                            m.device().equals(device)
                                && m.kvType() == kvType
                                && m.subject().equals(new Subject.Format(type))))
        .toList();
  }

  /** Empty where one of them was not measured. */
  private static Map<TensorType, Measurement> formats(
      List<Measurement> own, List<TensorType> types) {
    Map<TensorType, Measurement> found = new EnumMap<>(TensorType.class);
    for (Measurement each : own) {
      if (each.subject() instanceof Subject.Format(TensorType type) && types.contains(type)) {
        found.put(type, each);
      }
    }
    return found.size() < types.size() ? Map.of() : found;
  }
}
