package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What llama.cpp made of the synthetic models: the format and the bits of each tensor of all runs.
 */
class ReferenceRunsTest {
  /** What a tensor becomes follows from these: many runs have it in common. */
  private record Key(String source, String tensor, TensorType target, boolean weighted) {}

  private record Made(String sha256, double rmse) {}

  private static Map<String, Object> manifest;
  private static final Map<String, SyntheticModel> SOURCES = new HashMap<>();
  private static final Map<Key, Made> MADE = new ConcurrentHashMap<>();

  @BeforeAll
  static void read() throws IOException {
    manifest = References.json("manifest.json");
    References.map(manifest.get("sources"))
        .forEach((name, s) -> SOURCES.put(name, SyntheticModel.of(name, References.map(s))));
  }

  @Test
  void sourcesAreTheReferences() {
    References.map(manifest.get("sources"))
        .forEach(
            (name, source) -> {
              ModelSource model = SOURCES.get(name);
              References.map(References.map(source).get("tensors"))
                  .forEach(
                      (tensor, fields) ->
                          assertEquals(
                              References.map(fields).get("sha256"),
                              sha256(
                                  model
                                      .data(model.tensor(tensor).orElseThrow())
                                      .toArray(ValueLayout.JAVA_BYTE)),
                              name + " " + tensor));
            });
  }

  @Test
  void everyRunIsEqual() {
    List<Object> runs = References.list(manifest.get("runs"));
    assertEquals(160, runs.size());
    List<String> wrong =
        runs.parallelStream().flatMap(run -> differences(References.map(run)).stream()).toList();
    assertEquals(List.of(), wrong);
  }

  private static List<String> differences(Map<String, Object> run) {
    String label = run.get("source") + " " + run.get("ftype") + run.get("label");
    Map<String, Object> options =
        run.containsKey("options") ? References.map(run.get("options")) : Map.of();
    boolean fromBytes = run.get("label").toString().startsWith("-from-Q8_0");
    if (fromBytes) {
      try (var source =
          GgufSource.open(References.file("src2-Q8_0.gguf"), ModelSource.Access.COPIED)) {
        return run.containsKey("error")
            ? refused(source, run, options)
            : differences(label, "src2-Q8_0", source, run, options);
      }
    }
    String name = (String) run.get("source");
    return differences(label, name, SOURCES.get(name), run, options);
  }

  private static List<String> refused(
      ModelSource source, Map<String, Object> run, Map<String, Object> options) {
    var e = assertThrows(SoleboxException.class, () -> job(source, run, options));
    assertEquals("invalid_parameter", e.code().wireName());
    return List.of();
  }

  private static QuantizeJob job(
      ModelSource source, Map<String, Object> run, Map<String, Object> options) {
    var overrides = new ArrayList<QuantizeOptions.Override>();
    if (options.containsKey("tt")) {
      for (Object pair : References.list(options.get("tt"))) {
        List<Object> both = References.list(pair);
        overrides.add(
            new QuantizeOptions.Override(Pattern.compile((String) both.get(0)), type(both.get(1))));
      }
    }
    var wish =
        new QuantizeOptions(
            Mix.valueOf((String) run.get("ftype")),
            options.containsKey("pure"),
            Optional.ofNullable(options.get("out")).map(ReferenceRunsTest::type),
            Optional.ofNullable(options.get("emb")).map(ReferenceRunsTest::type),
            overrides,
            options.containsKey("requant"));
    Optional<ImportanceMatrix> importance =
        options.containsKey("imatrix")
            ? Optional.of(((SyntheticModel) source).importance())
            : Optional.empty();
    return QuantizeJob.of(source, List.of(), wish, importance);
  }

  private static TensorType type(Object id) {
    return TensorType.byId(Math.toIntExact(References.number(id))).orElseThrow();
  }

  private static List<String> differences(
      String label,
      String name,
      ModelSource source,
      Map<String, Object> run,
      Map<String, Object> options) {
    var wrong = new ArrayList<String>();
    QuantizeJob job = job(source, run, options);
    QuantizePlan plan = job.plan();
    expect(wrong, label + " bytes", References.number(run.get("tensorBytes")), plan.tensorBytes());
    expect(
        wrong,
        label + " fallbacks",
        References.number(run.get("fallbacks")),
        (long) plan.fallbacks());
    expect(
        wrong,
        label + " order",
        run.get("order"),
        plan.tensors().stream().map(t -> t.source().name()).toList());
    Map<String, Object> expected = References.map(run.get("tensors"));
    for (int i = 0; i < plan.tensors().size(); i++) {
      QuantizePlan.Planned tensor = plan.tensors().get(i);
      Map<String, Object> fields = References.map(expected.get(tensor.source().name()));
      String place = label + " " + tensor.source().name();
      expect(wrong, place, fields.get("type"), tensor.target().name());
      int index = i;
      var key =
          new Key(name, tensor.source().name(), tensor.target(), options.containsKey("imatrix"));
      Made made = MADE.computeIfAbsent(key, _ -> make(job, index));
      expect(wrong, place, fields.get("sha256"), made.sha256());
      if (fields.containsKey("rmse")) {
        double rmse = ((Number) fields.get("rmse")).doubleValue();
        if (Math.abs(rmse - made.rmse()) > 1e-5 * rmse) {
          wrong.add(place + " rmse " + rmse + " " + made.rmse());
        }
      }
    }
    return wrong;
  }

  private static Made make(QuantizeJob job, int tensor) {
    MessageDigest digest = digest();
    var worker = new ChunkWorker(job, new VectorSearches());
    Written sum = Written.NOTHING;
    for (Chunk chunk : Chunk.of(tensor, job.plan().tensors().get(tensor))) {
      sum = sum.plus(worker.run(chunk));
      digest.update(worker.bytes(), 0, worker.byteCount());
    }
    return new Made(HexFormat.of().formatHex(digest.digest()), sum.rmse());
  }

  private static void expect(List<String> wrong, String place, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      wrong.add(place + ": " + expected + " " + actual);
    }
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
