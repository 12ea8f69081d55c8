package io.solebox.engine.model.arch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.gguf.TensorInfo;
import io.solebox.engine.graph.Weight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fills records of weights from a file's tensors. Components are {@link Weight} (must be there) or
 * {@code Optional<Weight>}. All missing tensors are reported at once, and tensors that nobody asked
 * for are known afterwards.
 */
public final class WeightBinder {
  private final GgufFile file;
  private final List<String> missing = new ArrayList<>();
  private final Set<String> bound = new HashSet<>();

  public WeightBinder(GgufFile file) {
    this.file = file;
  }

  /**
   * Binds one record. Call {@link #requireComplete()} after the last one and before using any of
   * them.
   *
   * @param lookup with access to the record's constructor
   * @param prefix of every name, as {@code blk.3.}
   */
  public <R extends Record> R bind(Class<R> type, MethodHandles.Lookup lookup, String prefix) {
    var types = new ArrayList<Class<?>>();
    var values = new ArrayList<Object>();
    for (RecordComponent component : type.getRecordComponents()) {
      Gguf gguf = component.getAnnotation(Gguf.class);
      String name = prefix + gguf.value() + "." + gguf.suffix();
      Optional<Weight> weight = find(name);
      types.add(component.getType());
      if (component.getType() == Optional.class) {
        values.add(weight);
      } else {
        if (weight.isEmpty()) {
          missing.add(name);
        }
        values.add(weight.orElse(null));
      }
    }
    try {
      var constructor = lookup.findConstructor(type, MethodType.methodType(void.class, types));
      return type.cast(constructor.invokeWithArguments(values));
    } catch (Throwable e) {
      throw new IllegalStateException("cannot bind " + type.getName(), e);
    }
  }

  /** A single tensor by its whole name. */
  public Optional<Weight> find(String name) {
    Optional<TensorInfo> tensor = file.tensor(name);
    tensor.ifPresent(t -> bound.add(t.name()));
    return tensor.map(t -> new Weight(t.name(), t.rows(), t.cols(), t.type(), file.data(t)));
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} naming all tensors that were not there
   */
  public void requireComplete() {
    if (!missing.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          file.path().toString(),
          "%d tensors are missing: %s."
              .formatted(
                  missing.size(),
                  String.join(", ", missing.subList(0, Math.min(8, missing.size())))),
          "Download or convert the file again.");
    }
  }

  /** Tensors of the file that no record asked for. */
  public List<String> unused() {
    return file.tensors().stream().map(TensorInfo::name).filter(n -> !bound.contains(n)).toList();
  }
}
