package io.solebox.app.session;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.measured.Measurement;
import io.solebox.planner.measured.Measurement.Prompts;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.measured.Measurements;
import io.solebox.planner.measured.Origin;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured, and on what machine, as JSON. */
record MeasuredFields(MeasuredMachine machine, Measurements measurements) {
  private static final String SCHEMA = "solebox.measured.1";

  /** Thrown within; whoever reads a damaged file passes it over. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1;

    Damaged(String what) {
      super(what);
    }
  }

  Map<String, Object> write() {
    Map<String, Object> of = new LinkedHashMap<>();
    of.put("processor", machine.processor());
    of.put("memory_bytes", machine.memoryBytes());
    of.put("threads", machine.threads());
    of.put("kernel", machine.kernel());
    of.put("kernels", machine.kernels());
    of.put("solebox", machine.version());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", SCHEMA);
    fields.put("machine", of);
    fields.put("measured", measurements.all().stream().map(MeasuredFields::write).toList());
    return fields;
  }

  private static Map<String, Object> write(Measurement one) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", one.device());
    switch (one.subject()) {
      case Subject.Format(TensorType type) -> fields.put("type", type.name());
      case Subject.Model(String name, String format) -> {
        fields.put("model", name);
        fields.put("format", format);
      }
    }
    fields.put("kv_type", one.kvType().wireName());
    fields.put("at", one.origin().at().toString());
    fields.put("where", one.origin().where());
    fields.put("by", one.origin().by());
    fields.put("weight_bytes_per_second", ends(one.weights()));
    fields.put("kept_bytes_per_second", ends(one.kept()));
    one.prompts()
        .ifPresent(
            prompts -> {
              fields.put("product_operations_per_second", ends(prompts.products()));
              fields.put("attention_operations_per_second", ends(prompts.attention()));
            });
    return fields;
  }

  private static List<Double> ends(Range range) {
    return List.of(range.low(), range.high());
  }

  static MeasuredFields read(Map<String, Object> fields) throws Damaged {
    if (!SCHEMA.equals(fields.get("schema"))) {
      throw new Damaged("it is no " + SCHEMA);
    }
    Map<?, ?> of = object(fields.get("machine"));
    MeasuredMachine machine =
        new MeasuredMachine(
            text(of, "processor"),
            whole(of, "memory_bytes"),
            Math.toIntExact(Math.min(whole(of, "threads"), Integer.MAX_VALUE)),
            text(of, "kernel"),
            text(of, "kernels"),
            text(of, "solebox"));
    if (!(fields.get("measured") instanceof List<?> list)) {
      throw new Damaged("it lists nothing that was measured");
    }
    Measurements all = Measurements.NONE;
    for (Object each : list) {
      all = all.with(List.of(measurement(object(each))));
    }
    return new MeasuredFields(machine, all);
  }

  private static Measurement measurement(Map<?, ?> of) throws Damaged {
    Subject subject =
        of.containsKey("type")
            ? new Subject.Format(oneOf(TensorType.values(), TensorType::name, text(of, "type")))
            : new Subject.Model(text(of, "model"), text(of, "format"));
    boolean hasPrompts = of.containsKey("product_operations_per_second");
    return new Measurement(
        text(of, "device"),
        subject,
        oneOf(KvType.values(), KvType::wireName, text(of, "kv_type")),
        new Origin(at(of), text(of, "where"), text(of, "by")),
        range(of, "weight_bytes_per_second", Unit.BYTES_PER_SECOND),
        range(of, "kept_bytes_per_second", Unit.BYTES_PER_SECOND),
        hasPrompts
            ? Optional.of(
                new Prompts(
                    range(of, "product_operations_per_second", Unit.OPERATIONS_PER_SECOND),
                    range(of, "attention_operations_per_second", Unit.OPERATIONS_PER_SECOND)))
            : Optional.empty());
  }

  private interface Naming<T> {
    String of(T value);
  }

  private static <T> T oneOf(T[] all, Naming<T> naming, String name) throws Damaged {
    return Arrays.stream(all)
        .filter(each -> naming.of(each).equals(name))
        .findFirst()
        .orElseThrow(() -> new Damaged("there is no " + name));
  }

  private static Instant at(Map<?, ?> of) throws Damaged {
    try {
      return Instant.parse(text(of, "at"));
    } catch (DateTimeException e) {
      throw new Damaged("'at' is no moment");
    }
  }

  private static Range range(Map<?, ?> of, String name, Unit unit) throws Damaged {
    if (of.get(name) instanceof List<?> ends
        && ends.size() == 2
        && ends.getFirst() instanceof Number low
        && ends.getLast() instanceof Number high
        && low.doubleValue() > 0
        && low.doubleValue() <= high.doubleValue()
        && Double.isFinite(high.doubleValue())) {
      return new Range(low.doubleValue(), high.doubleValue(), unit, "measured");
    }
    throw new Damaged("'%s' is no range of what can be measured".formatted(name));
  }

  private static Map<?, ?> object(Object value) throws Damaged {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new Damaged("something of it is no object");
  }

  private static String text(Map<?, ?> of, String name) throws Damaged {
    if (of.get(name) instanceof String text) {
      return text;
    }
    throw new Damaged("'%s' is no text".formatted(name));
  }

  private static long whole(Map<?, ?> of, String name) throws Damaged {
    if (of.get(name) instanceof Long number && number > 0) {
      return number;
    }
    throw new Damaged("'%s' is no whole number from 1".formatted(name));
  }
}
