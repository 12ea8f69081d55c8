package io.solebox.planner.measured;

import io.solebox.engine.api.Decoding;
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
    var info = model.outline().info();
    var wanted = new Subject.Model(info.name(), info.format());
    return basis(device, wanted, model.decidingTypes(), kvType)
        .map(
            basis ->
                switch (basis) {
                  case Basis.Whole(Measurement found) ->
                      MeasuredPaces.ofModel(found, profile, isCard);
                  case Basis.Formats(Map<TensorType, Measurement> found, TensorType main) ->
                      MeasuredPaces.ofFormats(found, main, profile);
                });
  }

  /**
   * An answer's speed for one client.
   *
   * @param words where, when and by what that was measured from which it follows
   */
  public record Decoded(double tokensPerSecond, String words) {}

  /**
   * The middle of what {@link #paces} make of what a token reads: for lists of models, of which no
   * plans are made.
   *
   * @param model its own name
   * @param format its main one
   * @param reads what a token does; by formats, or it is only known as this very model was seen
   */
  public Optional<Decoded> decode(
      String device, String model, String format, Decoding reads, KvType kvType) {
    return basis(device, new Subject.Model(model, format), MeasuredReads.deciding(reads), kvType)
        .map(
            basis ->
                switch (basis) {
                  case Basis.Whole(Measurement found) -> MeasuredReads.ofModel(found, reads);
                  case Basis.Formats(Map<TensorType, Measurement> found, TensorType main) ->
                      MeasuredReads.ofFormats(found, main, reads);
                });
  }

  /** What of all that was measured stands for a model. */
  private sealed interface Basis {
    record Whole(Measurement found) implements Basis {}

    /**
     * @param main the format that stands for those that decide nothing
     */
    record Formats(Map<TensorType, Measurement> found, TensorType main) implements Basis {}
  }

  private Optional<Basis> basis(
      String device, Subject.Model wanted, List<TensorType> types, KvType kvType) {
    List<Measurement> own =
        all.stream().filter(m -> m.device().equals(device) && m.kvType() == kvType).toList();
    Map<TensorType, Measurement> formats = formats(own, types);
    return own.stream()
        .filter(each -> each.subject().equals(wanted))
        .filter(each -> formats.values().stream().noneMatch(each::isBefore))
        .findFirst()
        .<Basis>map(Basis.Whole::new)
        .or(
            () ->
                formats.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Basis.Formats(formats, types.getFirst())));
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
