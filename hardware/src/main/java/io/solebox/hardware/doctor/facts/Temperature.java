package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.doctor.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A temperature with the limit that it is held against.
 *
 * @param what as in {@code core}
 * @param aside what else is worth saying of it
 */
public record Temperature(
    String what, double celsius, double limit, String aside, Evidence evidence) {
  private static final double COOL = 20;

  /** One with nothing beside. */
  public static Temperature of(String what, double celsius, double limit, Evidence evidence) {
    return new Temperature(what, celsius, limit, "", evidence);
  }

  /** The same, beside the temperature of the core: air may be led past the memory. */
  public Temperature beside(OptionalDouble core) {
    boolean cool = core.isPresent() && celsius - core.getAsDouble() >= COOL;
    return cool
        ? new Temperature(
            what,
            celsius,
            limit,
            String.format(Locale.ROOT, ", while the core is at %.0f °C", core.getAsDouble()),
            evidence)
        : this;
  }

  /** Degrees that are left. */
  public double margin() {
    return limit - celsius;
  }

  /** Those of AMD's GPUs, which the kernel reads: {@code edge}, {@code junction}, {@code mem}. */
  public static List<Temperature> ofAmd(Box box) {
    List<Temperature> all = new ArrayList<>();
    String folder = "sys/class/hwmon";
    for (String monitor : box.names(folder)) {
      String at = folder + "/" + monitor + "/";
      if (box.read(at + "name").word().equals(Optional.of("amdgpu"))) {
        for (String name : box.names(folder + "/" + monitor)) {
          if (name.matches("temp\\d+_input")) {
            of(box, at + name.substring(0, name.indexOf('_'))).ifPresent(all::add);
          }
        }
      }
    }
    return all;
  }

  private static Optional<Temperature> of(Box box, String sensor) {
    OptionalDouble now = celsius(box, sensor + "_input");
    OptionalDouble limit = celsius(box, sensor + "_crit");
    if (now.isEmpty() || limit.isEmpty()) {
      return Optional.empty();
    }
    String label = box.read(sensor + "_label").word().orElse("temperature");
    String what = label.equals("mem") ? "memory" : label;
    Evidence evidence =
        new Evidence(sensor + "_input", 0, box.read(sensor + "_input").word().orElse(""));
    return Optional.of(of(what, now.getAsDouble(), limit.getAsDouble(), evidence));
  }

  private static OptionalDouble celsius(Box box, String path) {
    return box.read(path)
        .word()
        .filter(word -> word.matches("-?\\d{1,7}"))
        .map(word -> OptionalDouble.of(Integer.parseInt(word) / 1000.0))
        .orElse(OptionalDouble.empty());
  }
}
