package io.solebox.store.quantize;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What came of a model.
 *
 * @param fileBytes of the file
 * @param resumed tensors that an earlier try had finished
 * @param tensors in the order of the plan
 */
public record QuantizeReport(
    QuantizePlan plan, long fileBytes, int resumed, List<Written> tensors) {
  /** A tensor and what came of it. */
  public record Result(QuantizePlan.Planned tensor, Written written) {}

  public QuantizeReport {
    tensors = List.copyOf(tensors);
  }

  /** Of all tensors that were rounded, by what they do. */
  public Map<TensorClass, Written> byClass() {
    Map<TensorClass, Written> classes = new EnumMap<>(TensorClass.class);
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).weights() > 0) {
        classes.merge(plan.tensors().get(i).kind(), tensors.get(i), Written::plus);
      }
    }
    return classes;
  }

  /** The tensor that lost most, as a share of its weights; empty where none was rounded. */
  public Optional<Result> worst() {
    return results().stream()
        .filter(r -> r.written().weights() > 0)
        .max(Comparator.comparingDouble(r -> r.written().relativeError()));
  }

  /** Of each tensor. */
  public List<Result> results() {
    return IntStream.range(0, tensors.size())
        .mapToObj(i -> new Result(plan.tensors().get(i), tensors.get(i)))
        .toList();
  }
}
