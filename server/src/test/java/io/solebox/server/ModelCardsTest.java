package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.tensor.TensorType;
import io.solebox.server.library.MemoryReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of models that are not loaded, by the heads of their files. */
@Timeout(60)
class ModelCardsTest {
  private static final Path REFERENCE = Path.of("../engine-testkit/src/test/reference");
  private static final Path MODEL = REFERENCE.resolve("llama-linear/llama-linear-f32.gguf");

  @TempDir private Path folder;
  private Path file;
  private Engine engine;
  private ModelHost host;
  private volatile Optional<MemoryReads.Seen> seen = Optional.empty();
  private SoleboxServer server;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.exists(MODEL), "SKIPPED: no " + MODEL);
    file = folder.resolve("tiny.gguf");
    Files.copy(MODEL, file);
    engine = Engine.open("cpu", 2);
    LoadOptions options = LoadOptions.defaults().withContext(64);
    host =
        new ModelHost(
            engine,
            Catalog.of(
                List.of(
                    new Catalog.Offer("tiny", file, options),
                    new Catalog.Offer("gone", folder.resolve("gone.gguf"), options),
                    reference("modern-bert", options),
                    reference("bert-reranker", options))),
            LoadGate.OPEN,
            new LoadWatcher() {});
    server =
        SoleboxServer.start(ServerConfig.defaults().withPort(0).withMemorySpeed(new Reads()), host);
  }

  private static Catalog.Offer reference(String name, LoadOptions options) {
    return new Catalog.Offer(name, REFERENCE.resolve(name + "/" + name + "-f32.gguf"), options);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      host.close();
      engine.close();
    }
  }

  private RawClient.Answer call(String method, String path, String body) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.request(method, path, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return client.receive();
    }
  }

  private RawClient.Answer tags() throws IOException {
    return call("GET", "/api/tags", "");
  }

  private RawClient.Answer show() throws IOException {
    return call("POST", "/api/show", "{\"model\":\"tiny\"}");
  }

  @Test
  void aModelIsTheSameLoadedAndNot() throws Exception {
    RawClient.Answer before = tags();
    RawClient.Answer shown = show();
    assertEquals("llama", before.at("models.0.details.family"), before::text);
    assertEquals("F32", before.at("models.0.details.quantization_level"));
    assertFalse(((String) before.at("models.0.details.parameter_size")).isEmpty());
    assertEquals(Files.size(file), before.at("models.0.size"));
    assertEquals("", before.at("models.1.details.family"), "its file is not there");
    assertEquals(0L, before.at("models.1.size"));
    assertEquals("[]", call("GET", "/api/ps", "").at("models").toString(), "nothing was loaded");
    host.use("tiny", Progress.none()).close();
    for (String what : List.of("size", "digest", "details")) {
      assertEquals(before.at("models.0." + what), tags().at("models.0." + what), what);
    }
    RawClient.Answer loaded = show();
    for (String what : List.of("details", "template", "capabilities", "modelfile")) {
      assertEquals(shown.at(what), loaded.at(what), what);
    }
    Map<?, ?> values = (Map<?, ?>) loaded.at("model_info");
    ((Map<?, ?>) shown.at("model_info"))
        .forEach((key, value) -> assertEquals(value, values.get(key), key.toString()));
    assertTrue(values.containsKey("llama.block_count"));
  }

  private Object said(String model, String what) throws IOException {
    return call("GET", "/v1/models/" + model, "").at("solebox." + what);
  }

  @Test
  void whatAModelIsForIsKnownBeforeItIsLoaded() throws Exception {
    for (String model : List.of("tiny", "modern-bert", "bert-reranker")) {
      assertEquals("unloaded", said(model, "state"));
      Object chat = said(model, "chat");
      assertEquals(model.equals("modern-bert"), said(model, "vectors"), model);
      Object can =
          call("POST", "/api/show", "{\"model\":\"%s\"}".formatted(model)).at("capabilities");
      host.use(model, Progress.none()).close();
      assertEquals("ready", said(model, "state"));
      assertEquals(chat, said(model, "chat"), model);
      assertEquals(model.equals("modern-bert"), said(model, "vectors"), model);
      assertEquals(
          can, call("POST", "/api/show", "{\"model\":\"%s\"}".formatted(model)).at("capabilities"));
    }
  }

  @Test
  void whatALoadWouldTakeIsKnownBefore() throws Exception {
    RawClient.Answer models = call("GET", "/chats/prospects", "");
    assertEquals("tiny", models.at("models.0.id"), models::text);
    assertEquals(true, models.at("models.0.answers"));
    assertEquals(true, models.at("models.0.fits"));
    assertEquals(64L, models.at("models.0.context_tokens"));
    assertEquals(List.of(), models.at("models.0.leaving"));
    assertTrue((Long) models.at("models.0.needed_bytes") > 0);
    assertTrue((Double) models.at("models.0.tokens_per_second") > 0);
    assertEquals(false, models.at("models.0.measured"));
    assertEquals(Map.of("id", "gone"), models.at("models.1"), "nobody knows anything of it");
    RawClient.Answer list = call("GET", "/v1/models", "");
    assertEquals("F32", list.at("data.0.solebox.format"));
    for (String field : List.of("context_tokens", "needed_bytes", "fits", "tokens_per_second")) {
      assertEquals(models.at("models.0." + field), list.at("data.0.solebox.estimate." + field));
    }
  }

  /** Memory that reads, and what decode was seen to make of it. */
  private final class Reads implements MemoryReads {
    @Override
    public OptionalDouble ofMemory() {
      return OptionalDouble.of(1e9);
    }

    @Override
    public Optional<Seen> ofDecode(String model, String format, Decoding reads) {
      return seen.filter(
          _ ->
              format.equals("F32")
                  && !model.isEmpty()
                  && reads.formats().containsKey(TensorType.F32));
    }
  }

  @Test
  void whatWasMeasuredStandsBeforeWhatMemoryGives() throws IOException {
    RawClient.Answer before = call("GET", "/v1/models/tiny", "");
    double estimated = (Double) before.at("solebox.estimate.tokens_per_second");
    assertEquals(Optional.empty(), Optional.ofNullable(basis()));
    seen = Optional.of(new MemoryReads.Seen(estimated / 2, "measured on this machine"));
    RawClient.Answer after = call("GET", "/v1/models/tiny", "");
    assertEquals(
        estimated / 2, (Double) after.at("solebox.estimate.tokens_per_second"), estimated / 1000);
    assertEquals("measured on this machine", basis());
    assertEquals(false, after.at("solebox.estimate.measured"));
    assertEquals(
        "measured on this machine", call("GET", "/chats/prospects", "").at("models.0.basis"));
  }

  private Object basis() throws IOException {
    Object estimate = call("GET", "/v1/models/tiny", "").at("solebox.estimate");
    return ((Map<?, ?>) estimate).get("basis");
  }

  @Test
  void aFileThatChangesIsReadAgain() throws IOException {
    Object digest = tags().at("models.0.digest");
    Files.write(file, new byte[100]);
    assertEquals("", tags().at("models.0.details.family"));
    Files.copy(MODEL, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(digest, tags().at("models.0.digest"));
  }
}
