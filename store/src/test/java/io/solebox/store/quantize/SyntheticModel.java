package io.solebox.store.quantize;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** A model whose weights follow from the names of its tensors, by integers. */
final class SyntheticModel implements ModelSource {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private final String name;
  private final long seed;
  private final Metadata metadata;
  private final List<TensorInfo> tensors;
  private final Map<String, byte[]> made = new ConcurrentHashMap<>();

  SyntheticModel(String name, long seed, Metadata metadata, List<TensorInfo> tensors) {
    this.name = name;
    this.seed = seed;
    this.metadata = metadata;
    this.tensors = List.copyOf(tensors);
  }

  /** As the manifest of the references describes it. */
  static SyntheticModel of(String name, Map<String, Object> source) {
    Map<String, Object> p = References.map(source.get("parameters"));
    var tensors = new ArrayList<TensorInfo>();
    References.map(source.get("tensors"))
        .forEach(
            (tensor, value) -> {
              Map<String, Object> fields = References.map(value);
              TensorType type = TensorType.valueOf((String) fields.get("type"));
              tensors.add(info(tensor, type, References.list(fields.get("ne"))));
            });
    return new SyntheticModel(
        name,
        References.number(p.get("seed")),
        llama(
            name,
            parameter(p, "L", 2),
            parameter(p, "H", 4),
            parameter(p, "KV", 2),
            parameter(p, "experts", 0)),
        tensors);
  }

  private static long parameter(Map<String, Object> parameters, String key, long fallback) {
    return parameters.containsKey(key) ? References.number(parameters.get(key)) : fallback;
  }

  static TensorInfo info(String name, TensorType type, List<Object> shape) {
    List<Long> sizes = shape.stream().map(References::number).toList();
    long elements = sizes.stream().reduce(1L, Math::multiplyExact);
    return new TensorInfo(name, type, sizes, type.bytes(elements));
  }

  static Metadata llama(String place, long layers, long heads, long kvHeads, long experts) {
    return metadata(place, "llama", layers, heads, kvHeads, experts);
  }

  static Metadata metadata(
      String place, String architecture, long layers, long heads, long kvHeads, long experts) {
    var entries = new LinkedHashMap<String, Metadata.Entry>();
    put(entries, "general.architecture", new MetadataValue.Text(architecture));
    put(entries, architecture + ".block_count", whole(layers));
    put(entries, architecture + ".attention.head_count", whole(heads));
    put(entries, architecture + ".attention.head_count_kv", whole(kvHeads));
    if (experts > 0) {
      put(entries, architecture + ".expert_count", whole(experts));
    }
    return new Metadata(place, entries);
  }

  private static void put(Map<String, Metadata.Entry> entries, String key, MetadataValue value) {
    entries.put(key, new Metadata.Entry(key, value));
  }

  private static MetadataValue whole(long value) {
    return new MetadataValue.Whole(ValueType.U32, value);
  }

  /** Importance of the matrices of all layers, by the same integers. */
  ImportanceMatrix importance() {
    Map<String, ImportanceMatrix.Entry> entries = new LinkedHashMap<>();
    for (TensorInfo tensor : tensors) {
      boolean matrix = tensor.shape().size() > 1 && tensor.name().startsWith("blk.");
      if (matrix && !tensor.name().contains("ffn_gate_inp")) {
        int experts = tensor.shape().size() > 2 ? Math.toIntExact(tensor.shape().get(2)) : 1;
        float[] sums = new float[tensor.cols() * experts];
        long h = hash("im." + tensor.name());
        for (int i = 0; i < sums.length; i++) {
          float u = (z(h, i) >>> 48) + 1;
          sums[i] = u * (i % tensor.cols() % 64 == 7 ? 64 : 1) * 0x1p-4f;
        }
        float[] counts = new float[experts];
        Arrays.fill(counts, 1);
        entries.put(tensor.name(), new ImportanceMatrix.Entry(sums, counts));
      }
    }
    return new ImportanceMatrix(
        name + ".imatrix", List.of(), OptionalInt.empty(), OptionalInt.empty(), entries);
  }

  private long hash(String text) {
    long h = 0xcbf2_9ce4_8422_2325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ b & 0xff) * 0x100_0000_01b3L;
    }
    return h ^ seed;
  }

  private static long z(long h, long i) {
    long z = h + (i + 1) * GOLDEN;
    z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
    return z ^ z >>> 31;
  }

  private byte[] make(TensorInfo tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
    long h = hash(tensor.name());
    int cols = tensor.cols();
    boolean norm = tensor.shape().size() == 1;
    for (int i = 0; i < tensor.elements(); i++) {
      long z = z(h, i);
      float value = 1 + ((z >>> 48) - 32768) * 0x1p-18f;
      if (!norm) {
        long s = (z & 0xffff) + (z >>> 16 & 0xffff) + (z >>> 32 & 0xffff) + (z >>> 48) - 131070;
        s *= i % cols % 64 == 7 ? 8 : 1;
        s *= i % 1021 == 1020 ? 16 : 1;
        value = s * 0x1p-21f;
      }
      if (tensor.type() == TensorType.F32) {
        Numbers.putInt(bytes, 4 * i, Float.floatToRawIntBits(value));
      } else {
        Numbers.putHalf(bytes, 2 * i, value);
      }
    }
    return bytes;
  }

  @Override
  public String place() {
    return name;
  }

  @Override
  public String fileName() {
    return name;
  }

  @Override
  public long fileBytes() {
    return tensors.stream().mapToLong(TensorInfo::bytes).sum();
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public Optional<TensorInfo> tensor(String wanted) {
    return tensors.stream().filter(t -> t.name().equals(wanted)).findFirst();
  }

  @Override
  public TensorBytes bytes(TensorInfo tensor) {
    byte[] bytes = made.computeIfAbsent(tensor.name(), _ -> make(tensor));
    return new TensorBytes.Stored(MemorySegment.ofArray(bytes));
  }

  @Override
  public void checkUnchanged() {}

  @Override
  public void close() {}
}
