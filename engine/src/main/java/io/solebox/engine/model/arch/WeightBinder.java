package io.solebox.engine.model.arch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Harmless;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Fills records of weights from a source's tensors. Components are {@link Weight} (must be there),
 * {@link Projection} (its weight must, its bias may), an {@code Optional} of these, {@link Qkv}, or
 * records of these. All missing tensors are reported at once, and so are tensors that nobody asked
 * for.
 */
final class WeightBinder {
  private static final String ENDING = ".weight";

  private final ModelSource source;
  private final String architecture;
  private final List<String> missing = new ArrayList<>();
  private final Set<String> bound = new HashSet<>();
  private final Set<String> read = new HashSet<>(); // as numbers, and not by an op
  private final Map<String, String> leftOut = new HashMap<>(); // why, by prefix

  /**
   * @param architecture its name, for errors
   */
  WeightBinder(ModelSource source, String architecture) {
    this.source = source;
    this.architecture = architecture;
  }

  /** Binds the records of all layers, {@code blk.0.} and so on; see {@link #bind}. */
  <R extends Record> List<R> bindLayers(Class<R> type, int layers) {
    return IntStream.range(0, layers).mapToObj(l -> bind(type, "blk." + l + ".")).toList();
  }

  /**
   * Binds one record of this package. Call {@link #requireComplete()} after the last one and before
   * using any of them.
   *
   * @param prefix of every name, as {@code blk.3.}
   */
  <R extends Record> R bind(Class<R> type, String prefix) {
    var types = new ArrayList<Class<?>>();
    var values = new ArrayList<Object>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
      values.add(value(component, prefix));
    }
    try {
      var constructor =
          MethodHandles.lookup().findConstructor(type, MethodType.methodType(void.class, types));
      return type.cast(constructor.invokeWithArguments(values));
    } catch (Throwable e) {
      throw new IllegalStateException("cannot bind " + type.getName(), e);
    }
  }

  private Object value(RecordComponent component, String prefix) {
    Class<?> type = component.getType();
    if (type == Qkv.class) {
      return qkv(prefix);
    }
    if (type.isRecord() && !component.isAnnotationPresent(Gguf.class)) {
      return bind(type.asSubclass(Record.class), prefix);
    }
    Gguf gguf = component.getAnnotation(Gguf.class);
    if (type == Optional.class && gguf == null) {
      Class<? extends Record> held = held(component).asSubclass(Record.class);
      return isThere(held, prefix) ? Optional.of(bind(held, prefix)) : Optional.empty();
    }
    String name = prefix + (isOther(gguf, prefix) ? gguf.or() : gguf.value());
    String full = gguf.suffix().isEmpty() ? name : name + "." + gguf.suffix();
    if (type == Optional.class) {
      Optional<Weight> weight = find(full);
      return held(component) == Projection.class ? weight.map(w -> projection(w, name)) : weight;
    }
    Weight weight = required(full);
    return type == Projection.class ? projection(weight, name) : weight;
  }

  private boolean isOther(Gguf gguf, String prefix) {
    return !gguf.or().isEmpty() && !has(prefix + gguf.value() + "." + gguf.suffix());
  }

  /** What an {@code Optional} may hold. */
  private static Class<?> held(RecordComponent component) {
    var type = (ParameterizedType) component.getGenericType();
    return (Class<?>) type.getActualTypeArguments()[0];
  }

  /** Whether any tensor of a record is there: then all of them must be. */
  private boolean isThere(Class<? extends Record> type, String prefix) {
    return Arrays.stream(type.getRecordComponents())
        .map(c -> c.getAnnotation(Gguf.class))
        .anyMatch(g -> has(prefix + g.value() + "." + g.suffix()));
  }

  private Projection projection(Weight weight, String name) {
    return new Projection(weight, find(name + ".bias").map(Weight::flat));
  }

  /** Null where it is missing: {@link #requireComplete} speaks before anybody sees it. */
  private Weight required(String name) {
    Weight weight = find(name).orElse(null);
    if (weight == null) {
      missing.add(name);
    }
    return weight;
  }

  /** Whether the source has a tensor. */
  boolean has(String name) {
    return tensor(name).isPresent();
  }

  /** Some converters leave the ending of some names out. */
  private Optional<TensorInfo> tensor(String name) {
    return source
        .tensor(name)
        .or(
            () ->
                name.endsWith(ENDING)
                    ? source.tensor(name.substring(0, name.length() - ENDING.length()))
                    : Optional.empty());
  }

  private Qkv qkv(String prefix) {
    if (has(prefix + "attn_qkv.weight")) {
      return new Qkv.Fused(
          projection(required(prefix + "attn_qkv.weight"), prefix + "attn_qkv"),
          find(prefix + "attn_q.bias"),
          find(prefix + "attn_k.bias"),
          find(prefix + "attn_v.bias"));
    }
    return bind(SplitQkv.class, prefix).split();
  }

  /** {@link Qkv.Split} by its tensors. */
  record SplitQkv(
      @Gguf("attn_q") Projection q, @Gguf("attn_k") Projection k, @Gguf("attn_v") Projection v) {
    Qkv.Split split() {
      return new Qkv.Split(q, k, v);
    }
  }

  /** Passes over all tensors whose names begin so, which a graph does without; a note says so. */
  void leaveOut(String prefix, String reason) {
    leftOut.put(prefix, reason);
  }

  private Optional<Weight> find(String name) {
    Optional<TensorInfo> tensor = tensor(name);
    tensor.ifPresent(t -> bound.add(t.name()));
    return tensor.map(t -> new Weight(t.name(), t.rows(), t.cols(), t.type(), source.bytes(t)));
  }

  /**
   * Numbers that a graph is made with, as f32.
   *
   * @throws SoleboxException {@code BAD_MODEL_FILE} if there are not {@code count} of them
   */
  float[] numbers(Weight weight, int count) {
    if (weight.elements() != count) {
      throw bad(weight, "holds %d values where %d are needed".formatted(weight.elements(), count));
    }
    read.add(weight.name());
    float[] values = new float[count];
    weight.dequantize(values, 0);
    return values;
  }

  /**
   * Numbers that a graph needs to be made at all, as f32.
   *
   * @throws SoleboxException {@code BAD_MODEL_FILE} if there are not {@code count} of them, or one
   *     is not above 0
   */
  float[] positiveNumbers(Weight weight, int count) {
    float[] values = numbers(weight, count);
    for (float value : values) {
      if (!(value > 0 && Float.isFinite(value))) {
        throw bad(weight, "holds " + value + " where numbers above 0 are needed");
      }
    }
    return values;
  }

  private SoleboxException bad(Weight weight, String what) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        source.place() + ", tensor " + weight.name(),
        "It " + what + ".",
        "Download or convert the file again.");
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} naming all tensors that were not there
   */
  void requireComplete() {
    if (!missing.isEmpty()) {
      List<String> unknown = unasked();
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          source.place(),
          "%s missing: %s.%s"
              .formatted(
                  TensorNames.counted(missing),
                  TensorNames.listed(missing),
                  unknown.isEmpty()
                      ? ""
                      : " There are others that %s does not know: %s."
                          .formatted(architecture, TensorNames.listed(unknown))),
          "Download or convert the file again.");
    }
  }

  /**
   * Refuses tensors that no record asked for, or that one did and the graph has no use for: answers
   * without them would be wrong.
   *
   * @return notes on those that may be left out
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming all others
   */
  List<String> requireAllUsed(Graph graph) {
    refuse(unasked(), "not known to the architecture " + architecture, "would");
    Set<String> used = new HashSet<>(read);
    graph.weights().forEach(weight -> used.add(weight.name()));
    List<String> idle =
        source.tensors().stream().map(TensorInfo::name).filter(n -> !used.contains(n)).toList();
    refuse(
        idle.stream().filter(name -> whyLeftOut(name).isEmpty()).toList(),
        "of no use to the architecture %s as the keys describe the model".formatted(architecture),
        "may");
    Map<String, List<String>> byReason = new TreeMap<>();
    for (String name : idle) {
      byReason.computeIfAbsent(whyLeftOut(name).orElseThrow(), _ -> new ArrayList<>()).add(name);
    }
    return byReason.entrySet().stream()
        .map(
            e ->
                "%s not used: %s (%s)."
                    .formatted(
                        TensorNames.counted(e.getValue()),
                        TensorNames.listed(e.getValue()),
                        e.getKey()))
        .toList();
  }

  private void refuse(List<String> tensors, String why, String would) {
    if (!tensors.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          source.place(),
          "%s %s: %s. Without them the answers %s be wrong."
              .formatted(TensorNames.counted(tensors), why, TensorNames.listed(tensors), would),
          "Update Solebox, or use a conversion of the same model that does without.");
    }
  }

  /** What nobody asked for and that matters. */
  private List<String> unasked() {
    return source.tensors().stream()
        .map(TensorInfo::name)
        .filter(name -> !bound.contains(name) && whyLeftOut(name).isEmpty())
        .toList();
  }

  private Optional<String> whyLeftOut(String name) {
    return leftOut.entrySet().stream()
        .filter(e -> name.startsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> Harmless.tensor(name));
  }
}
