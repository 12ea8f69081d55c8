package io.solebox.store.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.source.HubSettings;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.SourceSettings;
import io.solebox.store.pull.source.Sources;
import io.solebox.store.pull.transfer.TransferOptions;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeBody;
import io.solebox.testkit.hub.FakeRegistry;
import io.solebox.testkit.hub.FakeRegistry.Layer;
import io.solebox.testkit.hub.FakeServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of registries and of plain addresses. */
@Timeout(60)
class RegistryPullTest {
  private static final byte[] MODEL = new byte[70_000];
  private static final String OLLAMA = "application/vnd.ollama.image.";

  static {
    new Random(3).nextBytes(MODEL);
  }

  @TempDir Path folder;

  private final FakeRegistry registry = new FakeRegistry();
  private Outbound outbound;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = ModelStore.open(folder.resolve("store"));
    outbound =
        new Outbound(
            new Network.Open(),
            new Patience(Duration.ofSeconds(30), Duration.ofMillis(1), 3, _ -> {}));
  }

  @AfterEach
  void close() {
    outbound.close();
    registry.close();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void publishOllamas() {
    registry.publish(
        "library/m",
        "1b",
        "{\"model_format\":\"gguf\",\"file_type\":\"Q4_K_M\"}",
        List.of(
            new Layer(OLLAMA + "model", MODEL),
            new Layer(OLLAMA + "template", text("{{ .Prompt }}")),
            new Layer(OLLAMA + "params", text("{\"temperature\":1}")),
            new Layer(OLLAMA + "license", text("\n  Apache License  \nVersion 2.0"))));
  }

  private String ollamas() {
    return registry.host() + "/library/m:1b";
  }

  private Source source(String name, Optional<Digest> sha256) {
    HubSettings hub = HubSettings.of(Map.of(), folder);
    return Sources.of(
        PullName.parse(name), outbound, new SourceSettings(hub, true, sha256, Optional.empty()));
  }

  private Generation pull(String name, Optional<Digest> sha256) throws Exception {
    Source source = source(name, sha256);
    Offer offer = source.look();
    ModelName kept = StoreNames.of(PullName.parse(name), offer.variants().getFirst());
    var order =
        new Pull.Order(kept, offer, offer.variants().getFirst(), Optional.empty(), Map.of());
    return new Pull(store, outbound, TransferOptions.USUAL, Whereabouts.NOWHERE)
        .run(order, source, PullListener.NONE);
  }

  private SoleboxException refused(String name) {
    return assertThrows(SoleboxException.class, () -> source(name, Optional.empty()).look());
  }

  private void holds(byte[] content) throws Exception {
    Path blob = store.blobs().find(Digest.of(content)).orElseThrow();
    assertArrayEquals(content, Files.readAllBytes(blob));
  }

  @Test
  void bringsAModelOfModelScopeByTheDigestOfItsList() throws Exception {
    String list =
        """
        {"Code":200,"Data":{"Files":[
          {"Path":"README.md","Size":3,"Sha256":"%1$s"},
          {"Path":"q/m-Q8_0.gguf","Size":%2$d,"Sha256":"%1$s"},
          {"Path":"q/m-Q2_K.gguf","Size":%2$d}]}}\
        """
            .formatted(Digest.of(MODEL).hex(), MODEL.length);
    try (var server =
        new FakeServer(
            request ->
                request.target().equals("/api/v1/models/u/r/repo/files?Revision=v1&Recursive=true")
                    ? FakeAnswer.json(200, list)
                    : request
                            .target()
                            .equals("/api/v1/models/u/r/repo?Revision=v1&FilePath=q%2Fm-Q8_0.gguf")
                        ? FakeAnswer.ranged(request, FakeBody.of(MODEL), "\"x\"")
                        : FakeAnswer.status(404))) {
      var hub = HubSettings.of(Map.of("MODELSCOPE_ENDPOINT", server.uri() + "/"), folder);
      var settings = new SourceSettings(hub, false, Optional.empty(), Optional.empty());
      PullName name = PullName.parse("modelscope:u/r@v1");
      Source source = Sources.of(name, outbound, settings);
      Offer offer = source.look();
      assertEquals(1, offer.variants().size()); // of the other one no digest is known
      ModelName kept = StoreNames.of(name, offer.variants().getFirst());
      assertEquals("modelscope.cn/u/r:v1-Q8_0", kept.toString());
      var order =
          new Pull.Order(kept, offer, offer.variants().getFirst(), Optional.empty(), Map.of());
      new Pull(store, outbound, TransferOptions.USUAL, Whereabouts.NOWHERE)
          .run(order, source, PullListener.NONE);
      holds(MODEL);
      Source other = Sources.of(PullName.parse("modelscope:u/none"), outbound, settings);
      assertEquals(
          ErrorCode.MODEL_NOT_FOUND, assertThrows(SoleboxException.class, other::look).code());
    }
  }

  @Test
  void bringsAModelOfOllamasWithWhatBelongsToIt() throws Exception {
    publishOllamas();
    Generation pulled = pull(ollamas(), Optional.empty());
    holds(MODEL);
    holds(text("{\"temperature\":1}"));
    assertEquals(3, pulled.manifest().layers().size());
    assertEquals("Apache License", pulled.manifest().annotations().get(Annotations.LICENSES));
    assertEquals(Optional.of("m-1b.gguf"), pulled.manifest().layers().getFirst().title());
    assertTrue(
        registry.store.requests().stream().allMatch(r -> r.header("authorization").isEmpty()));
  }

  @Test
  void fetchesATokenWhereOneIsWanted() throws Exception {
    publishOllamas();
    registry.wantTokens();
    pull(ollamas(), Optional.empty());
    holds(MODEL);
    assertTrue(
        registry.registry.requests().stream()
            .anyMatch(r -> r.target().contains("scope=repository%3Alibrary%2Fm%3Apull")));
  }

  @Test
  void takesNoTokenOfAnotherHostForOllamas() {
    publishOllamas();
    registry.wantForeignTokens();
    assertEquals(ErrorCode.ACCESS_DENIED, refused(ollamas()).code());
    assertEquals(0, registry.store.requests().size());
  }

  @Test
  void bringsArtifactsWithTokensOfTheirAuthority() throws Exception {
    registry.publish(
        "ai/m",
        "latest",
        "{\"config\":{\"format\":\"gguf\"}}",
        List.of(new Layer("application/vnd.docker.ai.gguf.v3", MODEL)));
    registry.wantForeignTokens();
    pull("oci://" + registry.host() + "/ai/m", Optional.empty());
    holds(MODEL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_format\":\"safetensors\"} | model | safetensors",
        "{\"remote_host\":\"https://x\"} | model | somebody else's machine",
        "{\"model_format\":\"gguf\"} | tensor | tensor by tensor",
        "{\"model_format\":\"gguf\"} | adapter | not known",
        "{\"model_format\":\"gguf\"} | license | no model in GGUF",
      })
  void refusesWhatItCannotRunWithTheReason(String config, String kind, String reason) {
    registry.publish("library/m", "1b", config, List.of(new Layer(OLLAMA + kind, MODEL)));
    var refusal = refused(ollamas());
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, refusal.code());
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void knowsThatThereIsNoSuchModel() {
    assertEquals(ErrorCode.MODEL_NOT_FOUND, refused(ollamas()).code());
  }

  @Test
  void refusesAManifestThatIsNone() {
    publishOllamas();
    registry.registry.fault(1, r -> true, a -> FakeAnswer.json(200, "{\"layers\":[]}"));
    assertEquals(ErrorCode.IO_ERROR, refused(ollamas()).code());
    registry.registry.fault(1, r -> true, a -> FakeAnswer.json(200, "<html>"));
    assertEquals(ErrorCode.IO_ERROR, refused(ollamas()).code());
  }

  @Test
  void bringsAFileOfAPlainAddressWithItsDigest() throws Exception {
    try (var server =
        new FakeServer(
            request ->
                request.path().equals("/d/m-Q4_K_M.gguf")
                    ? FakeAnswer.redirect(302, "/e?signature=s3cr3t")
                    : FakeAnswer.ranged(request, FakeBody.of(MODEL), "\"m\""))) {
      String address = server.uri() + "/d/m-Q4_K_M.gguf";
      Generation pulled = pull(address, Optional.of(Digest.of(MODEL)));
      holds(MODEL);
      assertEquals(address, pulled.manifest().annotations().get(Annotations.SOURCE));
      var unnamed = assertThrows(SoleboxException.class, () -> source(address, Optional.empty()));
      assertTrue(unnamed.remedy().contains("--sha256"));
      var other = Optional.of(Digest.of(new byte[1]));
      var wrong = assertThrows(SoleboxException.class, () -> pull(address, other));
      assertEquals(ErrorCode.BAD_MODEL_FILE, wrong.code());
    }
  }
}
