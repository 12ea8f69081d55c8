package io.solebox.hardware.nvml;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the process that speaks with NVML and the one that asks it say to each other: lines of words
 * between tabs. A question is one line; an answer is lines of which the last is {@link #END}.
 */
final class Lines {
  static final String END = "end";
  static final String READY = "ready";
  static final String SILENT = "silent";
  static final String ABSENT = "absent";

  private static final String DEVICE = "device";
  private static final String VALUE = "value";
  private static final String MISSING = "missing";
  private static final String XID = "xid";
  private static final String DONE = "done";
  private static final String REFUSED = "refused";

  private Lines() {}

  /** A GPU and the Xid errors that are new. */
  record Gpu(DeviceReading reading, List<Long> xids) {}

  static String line(Object... words) {
    return Stream.of(words)
        .map(word -> word.toString().replaceAll("\\p{Cntrl}", " "))
        .collect(Collectors.joining("\t"));
  }

  static List<String> words(String line) {
    return List.of(line.split("\t", -1));
  }

  /** A GPU's lines. */
  static List<String> of(Gpu gpu) {
    DeviceReading reading = gpu.reading();
    List<String> lines = new ArrayList<>();
    lines.add(line(DEVICE, reading.id(), reading.name(), reading.address().orElse("")));
    reading
        .values()
        .forEach(
            (metric, measured) ->
                lines.add(
                    switch (measured) {
                      case Measured.Value(double value, long _) -> line(VALUE, metric, value);
                      case Measured.Missing(String why) -> line(MISSING, metric, why);
                    }));
    gpu.xids().forEach(xid -> lines.add(line(XID, xid)));
    return lines;
  }

  /** The GPUs of an answer. */
  static List<Gpu> gpus(List<String> lines) {
    List<Gpu> gpus = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (words(lines.get(i)).getFirst().equals(DEVICE)) {
        int next = i + 1;
        while (next < lines.size() && !words(lines.get(next)).getFirst().equals(DEVICE)) {
          next++;
        }
        gpus.add(gpu(words(lines.get(i)), lines.subList(i + 1, next)));
      }
    }
    return gpus;
  }

  private static Gpu gpu(List<String> device, List<String> lines) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    List<Long> xids = new ArrayList<>();
    for (String line : lines) {
      List<String> words = words(line);
      switch (words.getFirst()) {
        case VALUE ->
            values.put(
                Metric.valueOf(words.get(1)), Measured.now(Double.parseDouble(words.get(2))));
        case MISSING -> values.put(Metric.valueOf(words.get(1)), Measured.missing(words.get(2)));
        case XID -> xids.add(Long.parseLong(words.get(1)));
        case String _ -> {}
      }
    }
    Optional<String> address = Optional.of(device.get(3)).filter(each -> !each.isEmpty());
    return new Gpu(
        new DeviceReading(Kind.GPU, device.get(1), device.get(2), address, values), xids);
  }

  /** What became of an order, whose value is numbers. */
  static String of(Outcome<List<Integer>> outcome) {
    return switch (outcome) {
      case Outcome.Done<List<Integer>>(List<Integer> numbers) ->
          line(Stream.concat(Stream.of(DONE), numbers.stream()).toArray());
      case Outcome.Refused<List<Integer>>(int code, String why) -> line(REFUSED, code, why);
      case Outcome.Unanswered<List<Integer>>(String why) -> line(SILENT, why);
    };
  }

  /** The same, read. */
  static Outcome<List<Integer>> outcome(String line) {
    List<String> words = words(line);
    return switch (words.getFirst()) {
      case DONE -> new Outcome.Done<>(words.stream().skip(1).map(Integer::parseInt).toList());
      case REFUSED -> new Outcome.Refused<>(Integer.parseInt(words.get(1)), words.get(2));
      case String _ -> new Outcome.Unanswered<>("NVML's process says: " + line);
    };
  }
}
