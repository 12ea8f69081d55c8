package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.engine.error.Printable;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.quantize.QuantizePlan;
import io.solebox.store.quantize.QuantizePlan.Planned;
import io.solebox.store.quantize.QuantizeReport;
import io.solebox.store.quantize.TensorClass;
import io.solebox.store.quantize.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A plan, or what came of it, for people and for programs. */
final class QuantizeText {
  private static final String LAYER = "^blk\\.\\d+\\.";

  /** Tensors of one name in all layers that become the same. */
  private record Group(String name, TensorType from, TensorType to, Optional<TensorType> wanted) {}

  private final QuantizePlan plan;
  private final Optional<QuantizeReport> report;
  private final double seconds;

  QuantizeText(QuantizePlan plan) {
    this.plan = plan;
    this.report = Optional.empty();
    this.seconds = 0;
  }

  QuantizeText(QuantizeReport report, double seconds) {
    this.plan = report.plan();
    this.report = Optional.of(report);
    this.seconds = seconds;
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    report.ifPresentOrElse(r -> result(r, lines), () -> tensors(lines));
    fallbacks(lines);
    lines.add(
        String.format(
            Locale.ROOT,
            "%s -> %s, %.2f bits per weight",
            Units.bytes(plan.sourceBytes()),
            Units.bytes(plan.tensorBytes()),
            plan.bitsPerWeight()));
    return lines;
  }

  private void tensors(List<String> lines) {
    Map<Group, List<Planned>> groups = new LinkedHashMap<>();
    for (Planned t : plan.tensors()) {
      groups.computeIfAbsent(group(t), _ -> new ArrayList<>()).add(t);
    }
    lines.add(String.format("%-32s %8s %-8s %-8s %12s", "tensor", "count", "from", "to", "size"));
    groups.forEach(
        (group, tensors) ->
            lines.add(
                String.format(
                    "%-32s %8d %-8s %-8s %12s",
                    group.name(),
                    tensors.size(),
                    group.from(),
                    group.to(),
                    Units.bytes(tensors.stream().mapToLong(Planned::bytes).sum()))));
  }

  private static Group group(Planned t) {
    String name = Printable.name(t.source().name().replaceFirst(LAYER, "blk.*."));
    return new Group(name, t.source().type(), t.target(), t.wanted());
  }

  private void fallbacks(List<String> lines) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Planned t : plan.tensors()) {
      t.wanted()
          .ifPresent(
              wanted ->
                  counts.merge(
                      String.format(
                          "of %d weights, no whole blocks of %d: %s instead of %s",
                          t.source().cols(), wanted.blockSize(), t.target(), wanted),
                      1,
                      Integer::sum));
    }
    counts.forEach((what, count) -> lines.add(count + " tensors have rows " + what));
  }

  private void result(QuantizeReport r, List<String> lines) {
    lines.add(String.format("%-12s %12s %10s", "tensors", "RMSE", "relative"));
    r.byClass()
        .forEach(
            (kind, written) ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "%-12s %12.4e %9.2f%%",
                        kind.title(),
                        written.rmse(),
                        100 * written.relativeError())));
    r.worst()
        .ifPresent(
            worst ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "worst: %s in %s, %.2f%%",
                        Printable.name(worst.tensor().source().name()),
                        worst.tensor().target(),
                        100 * worst.written().relativeError())));
    if (r.resumed() > 0) {
      lines.add(r.resumed() + " tensors were there from an earlier try");
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%s in %.1f s, %.0f million weights/s",
            Units.bytes(r.fileBytes()),
            seconds,
            plan.weights() / seconds / 1e6));
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("weights", plan.weights());
    fields.put("source_bytes", plan.sourceBytes());
    fields.put("tensor_bytes", plan.tensorBytes());
    fields.put("bits_per_weight", plan.bitsPerWeight());
    fields.put("fallbacks", plan.fallbacks());
    report.ifPresent(r -> addResult(r, fields));
    var tensors = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < plan.tensors().size(); i++) {
      Map<String, Object> tensor = tensor(plan.tensors().get(i));
      int index = i;
      report.map(r -> r.tensors().get(index)).ifPresent(w -> addError(w, tensor));
      tensors.add(tensor);
    }
    fields.put("tensors", tensors);
    return fields;
  }

  private void addResult(QuantizeReport r, Map<String, Object> fields) {
    fields.put("file_bytes", r.fileBytes());
    fields.put("seconds", seconds);
    fields.put("resumed_tensors", (long) r.resumed());
    var classes = new LinkedHashMap<String, Object>();
    for (Map.Entry<TensorClass, Written> entry : r.byClass().entrySet()) {
      var error = new LinkedHashMap<String, Object>();
      addError(entry.getValue(), error);
      classes.put(entry.getKey().title(), error);
    }
    fields.put("classes", classes);
    r.worst().ifPresent(worst -> fields.put("worst", worst.tensor().source().name()));
  }

  private static void addError(Written written, Map<String, Object> fields) {
    if (written.weights() > 0) {
      fields.put("rmse", written.rmse());
      fields.put("relative_error", written.relativeError());
    }
  }

  private static Map<String, Object> tensor(Planned t) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", t.source().name());
    fields.put("shape", t.source().shape());
    fields.put("from", t.source().type().name());
    fields.put("to", t.target().name());
    t.wanted().ifPresent(wanted -> fields.put("wanted", wanted.name()));
    fields.put("bytes", t.bytes());
    return fields;
  }
}
