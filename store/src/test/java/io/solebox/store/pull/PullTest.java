package io.solebox.store.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.http.Secret;
import io.solebox.store.pull.name.PullName;
import io.solebox.store.pull.source.HubSettings;
import io.solebox.store.pull.source.HuggingFace;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.pull.transfer.TransferOptions;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeHub;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a name to a model in the store, against a hub that behaves as the real one. */
@Timeout(60)
class PullTest {
  private static final String COMMIT = "a".repeat(40);
  private static final String LATER = "b".repeat(40);
  private static final byte[] SMALL = noise(50_000, 1);
  private static final byte[] LARGE = noise(90_000, 2);

  @TempDir Path folder;

  private final FakeHub hub =
      new FakeHub()
          .commit(
              "u/r",
              "main",
              COMMIT,
              Map.of(
                  "README.md", noise(10, 3),
                  "m-Q4_K_M.gguf", SMALL,
                  "m-UD-Q4_K_XL.gguf", noise(70_000, 4),
                  "Q8_0/m-Q8_0-00001-of-00002.gguf", LARGE,
                  "Q8_0/m-Q8_0-00002-of-00002.gguf", noise(80_000, 5),
                  "mmproj-F16.gguf", noise(20, 6)));

  private final List<String> notes = new ArrayList<>();
  private final List<PullListener.Standing> standings = new ArrayList<>();
  private Outbound outbound;
  private ModelStore store;

  private static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  @BeforeEach
  void open() {
    store = ModelStore.open(folder.resolve("store"));
    outbound =
        new Outbound(
            new Network.Open(),
            new Patience(Duration.ofSeconds(30), Duration.ofMillis(1), 3, _ -> Thread.sleep(1)));
  }

  @AfterEach
  void close() {
    outbound.close();
    hub.close();
  }

  private HuggingFace source(String name, String... token) {
    var settings =
        new HubSettings(
            URI.create(hub.uri().toString()),
            Optional.of(token).filter(t -> t.length > 0).map(t -> Secret.bearer(t[0])),
            URI.create("http://127.0.0.1:1"));
    return new HuggingFace(outbound, settings, (PullName.Hub) PullName.parse(name));
  }

  private Generation pull(String choice) throws Exception {
    return pull(source("hf.co/u/r"), choice, Whereabouts.NOWHERE);
  }

  private Generation pull(HuggingFace source, String choice, Whereabouts elsewhere)
      throws Exception {
    Offer offer = source.look();
    Variant variant =
        offer.variants().stream().filter(v -> v.isCalled(choice)).findFirst().orElseThrow();
    var order =
        new Pull.Order(
            ModelName.parse("hf.co/u/r:" + choice), offer, variant, Optional.empty(), Map.of());
    return new Pull(store, outbound, TransferOptions.USUAL, elsewhere)
        .run(order, source, new Heard());
  }

  private final class Heard implements PullListener {
    @Override
    public void progress(Standing standing) {
      standings.add(standing);
    }

    @Override
    public void note(String text) {
      notes.add(text);
    }
  }

  private SoleboxException refused(HuggingFace source) {
    var refusal = assertThrows(SoleboxException.class, source::look);
    assertFalse(refusal.describe().contains("hf_secret"), refusal.describe());
    return refusal;
  }

  @Test
  void keepsAModelUnderItsNameWithWhereItComesFrom() throws Exception {
    Generation pulled = pull("Q4_K_M");
    assertEquals(Optional.of(pulled), store.current(ModelName.parse("hf.co/u/r:Q4_K_M")));
    Path blob = store.blobs().find(Digest.of(SMALL)).orElseThrow();
    assertArrayEquals(SMALL, Files.readAllBytes(blob));
    Map<String, String> says = pulled.manifest().annotations();
    assertEquals(COMMIT, says.get(Annotations.REVISION));
    assertEquals(hub.uri() + "/u/r", says.get(Annotations.SOURCE));
    assertEquals("apache-2.0", says.get(Annotations.LICENSES));
    assertEquals("Q4_K_M", says.get(Annotations.QUANTIZATION));
    assertFalse(pulled.manifest().toString().contains("s3cr3t"));
    try (var left = Files.list(store.blobs().partials())) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void bringsAllPartsAndCountsThemTogether() throws Exception {
    Generation pulled = pull("Q8_0");
    assertEquals(2, pulled.manifest().layers().size());
    assertEquals(170_000, standings.getLast().bytes());
    long before = 0;
    for (PullListener.Standing standing : standings) {
      assertTrue(standing.bytes() >= before);
      before = standing.bytes();
    }
  }

  @Test
  void matchesQuantizationsInFull() throws Exception {
    Offer offer = source("u/r").look();
    List<String> labels = offer.variants().stream().map(Variant::label).toList();
    assertEquals(List.of("Q8_0", "Q4_K_M", "UD-Q4_K_XL"), labels);
    assertEquals(List.of(), offer.variants().stream().filter(v -> v.isCalled("Q4_K")).toList());
    assertEquals(2, offer.notes().size(), offer.notes().toString());
  }

  @Test
  void refusesAModelThatLacksParts() {
    hub.commit("u/r", "main", COMMIT, Map.of("m-00001-of-00003.gguf", SMALL));
    var refusal = assertThrows(SoleboxException.class, () -> pull("m"));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, refusal.code());
    assertTrue(refusal.getMessage().contains("m-00002-of-00003.gguf, m-00003-of-00003.gguf"));
  }

  @Test
  void refusesWhatIsNoFolderOfAModelWithTheReason() {
    for (Map<String, byte[]> files :
        List.of(
            Map.of("model.safetensors", SMALL),
            Map.of("config.json", SMALL, "a.safetensors", SMALL, "b.safetensors", SMALL),
            Map.of("config.json", SMALL, "adapter_model.safetensors", SMALL),
            Map.of("unet/config.json", SMALL, "unet/model.safetensors", SMALL))) {
      hub.commit("u/r", "main", COMMIT, files);
      SoleboxException refusal = refused(source("u/r"));
      assertEquals(ErrorCode.UNSUPPORTED_MODEL, refusal.code());
      assertTrue(refusal.getMessage().contains("config.json"), refusal.getMessage());
    }
  }

  @Test
  void takesTheFilesOfAFolderOfSafetensorsThatBelongTogether() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name :
        List.of(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "consolidated.safetensors",
            "model.safetensors.index.json",
            "config.json",
            "chat_template.jinja",
            "README.md",
            "LICENSE")) {
      files.put(name, noise(200, name.hashCode()));
    }
    hub.commit("u/r", "main", COMMIT, files);
    Generation pulled = pull(source("u/r"), "safetensors", Whereabouts.NOWHERE);
    assertEquals(
        List.of(
            "model-00001-of-00002.safetensors application/vnd.docker.ai.safetensors",
            "model-00002-of-00002.safetensors application/vnd.docker.ai.safetensors",
            "LICENSE application/vnd.docker.ai.license",
            "chat_template.jinja application/vnd.docker.ai.model.file",
            "config.json application/vnd.docker.ai.model.file",
            "model.safetensors.index.json application/vnd.docker.ai.model.file"),
        pulled.manifest().layers().stream()
            .map(layer -> layer.title().orElseThrow() + " " + layer.mediaType())
            .toList());
    files.remove("model-00002-of-00002.safetensors");
    hub.commit("u/r", "main", LATER, files);
    var lacking =
        assertThrows(
            SoleboxException.class, () -> pull(source("u/r"), "safetensors", Whereabouts.NOWHERE));
    assertTrue(lacking.getMessage().contains("model-00002-of-00002"), lacking.getMessage());
  }

  @Test
  void staysWithTheCommitWhereTheBranchMoves() throws Exception {
    HuggingFace source = source("u/r");
    hub.hub.fault(
        1,
        r -> r.path().contains("/tree/"),
        a -> {
          hub.commit("u/r", "main", LATER, Map.of("m-Q4_K_M.gguf", LARGE));
          return a;
        });
    assertEquals(
        COMMIT,
        pull(source, "Q4_K_M", Whereabouts.NOWHERE)
            .manifest()
            .annotations()
            .get(Annotations.REVISION));
    Generation second = pull("Q4_K_M");
    assertEquals(2, second.number());
    assertEquals(Digest.of(LARGE), second.manifest().layers().getFirst().digest());
  }

  @Test
  void readsAllPagesAlsoOfMirrorsThatNameTheOriginal() throws Exception {
    hub.pages(2).linksTo("https://huggingface.co");
    assertEquals(3, source("u/r").look().variants().size());
  }

  @Test
  void followsARepositoryThatWasRenamed() throws Exception {
    hub.rename("u/old", "u/r");
    pull(source("u/old"), "Q4_K_M", Whereabouts.NOWHERE);
  }

  @Test
  void sendsTheTokenToTheHubAloneAndNeverTellsIt() throws Exception {
    hub.gate("u/r", "hf_secret");
    pull(source("u/r", "hf_secret"), "Q4_K_M", Whereabouts.NOWHERE);
    assertTrue(
        hub.hub.requests().stream()
            .allMatch(r -> r.header("authorization").equals("Bearer hf_secret")));
    assertTrue(hub.store.requests().stream().allMatch(r -> r.header("authorization").isEmpty()));
  }

  @Test
  void tellsWhyTheHubRefuses() {
    assertTrue(refused(source("u/none")).getMessage().contains("or it is private or gated"));
    assertTrue(refused(source("u/r@none")).getMessage().contains("no such revision"));
    hub.hide("u/r", "other");
    assertTrue(refused(source("u/r", "hf_secret")).getMessage().contains("not for the owner"));
    hub.gate("u/r", "other");
    var gated = assertThrows(SoleboxException.class, () -> pull("Q4_K_M"));
    assertEquals(ErrorCode.ACCESS_DENIED, gated.code());
    assertTrue(gated.remedy().contains("Ask for access at " + hub.uri() + "/u/r"));
    hub.hub.fault(
        1, r -> true, a -> FakeHub.error(401, "", "Invalid credentials in Authorization header"));
    assertTrue(refused(source("u/r", "hf_secret")).getMessage().contains("this token"));
    hub.hub.fault(
        1, r -> true, a -> FakeHub.error(403, "", "Access to this resource is disabled."));
    assertTrue(refused(source("u/r")).getMessage().contains("disabled"));
    hub.hub.fault(3, r -> true, a -> FakeAnswer.status(429).with("Retry-After", "3"));
    assertTrue(refused(source("u/r")).getMessage().contains("3 s"));
  }

  @Test
  void refusesAMirrorThatDoesNotSayWhatItGives() {
    hub.hub.fault(1, r -> r.path().contains("/resolve/"), a -> a.without("X-Repo-Commit"));
    var refusal = assertThrows(SoleboxException.class, () -> pull("Q4_K_M"));
    assertTrue(refusal.getMessage().contains("which commit"), refusal.getMessage());
  }

  @Test
  void blamesTheNetworkAndNotTheDiskWhereNobodyAnswers() throws Exception {
    HuggingFace source = source("u/r");
    Offer offer = source.look();
    hub.hub.close();
    var lost =
        assertThrows(
            SoleboxException.class,
            () -> source.origin(offer.variants().getFirst().parts().getFirst()).locate());
    assertTrue(lost.getMessage().contains("cannot be reached"), lost.getMessage());
  }

  @Test
  void goesOnWhenAddressesExpire() throws Exception {
    hub.hub.fault(
        1,
        r -> r.path().contains("/resolve/"),
        a -> {
          hub.expire();
          return a;
        });
    pull("Q4_K_M");
  }

  @Test
  void fetchesNothingTwice() throws Exception {
    pull("Q4_K_M");
    int before = hub.store.requests().size();
    pull("Q4_K_M");
    assertEquals(before, hub.store.requests().size());
  }

  @Test
  void countsWhatAnEarlierPullHasBroughtAsHere() throws Exception {
    byte[] large = noise(3 << 20, 11);
    hub.commit("u/large", "main", LATER, Map.of("r-Q8_0.gguf", large));
    hub.store.fault(
        1000, r -> !r.header("range").startsWith("bytes=0-"), _ -> FakeAnswer.status(404));
    var oneByOne =
        new TransferOptions(
            1,
            TransferOptions.USUAL.limit(),
            TransferOptions.USUAL.hours(),
            TransferOptions.USUAL.space());
    var pull = new Pull(store, outbound, oneByOne, Whereabouts.NOWHERE);
    HuggingFace source = source("hf.co/u/large");
    Offer offer = source.look();
    var order =
        new Pull.Order(
            ModelName.parse("hf.co/u/large:Q8_0"),
            offer,
            offer.variants().getFirst(),
            Optional.empty(),
            Map.of());
    assertEquals(large.length, pull.missingBytes(order));
    assertThrows(SoleboxException.class, () -> pull.run(order, source, new Heard()));
    assertEquals(2 << 20, pull.missingBytes(order), "a piece has come");
  }

  @Test
  void fetchesNothingThatAnotherProgramHas() throws Exception {
    Path file = Files.write(folder.resolve("theirs"), SMALL);
    pull(source("u/r"), "Q4_K_M", (_, _) -> List.of(file));
    assertEquals(0, hub.store.requests().size());
    assertTrue(Files.exists(file));
  }

  @Test
  void fetchesWhatAnotherProgramSaysItHasAndHasNot() throws Exception {
    Path file = Files.write(folder.resolve("theirs"), noise(50_000, 9));
    pull(source("u/r"), "Q4_K_M", (_, _) -> List.of(file));
    assertTrue(store.blobs().find(Digest.of(SMALL)).isPresent());
  }

  @Test
  void waitsForAnotherPullOfTheSame() throws Exception {
    var waiting = new CountDownLatch(1);
    outbound.close();
    outbound =
        new Outbound(
            new Network.Open(),
            new Patience(
                Duration.ofSeconds(30),
                Duration.ofMillis(1),
                3,
                _ -> {
                  waiting.countDown();
                  Thread.sleep(1);
                }));
    Partial other = store.blobs().partial(Digest.of(SMALL).hex(), "pulls it");
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                waiting.await();
                Path done = Files.write(other.file("done"), SMALL);
                store.blobs().install(done, Digest.of(SMALL));
                other.close();
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    pull("Q4_K_M");
    assertTrue(notes.getFirst().contains("Waiting for another pull"), notes.toString());
    assertEquals(0, hub.store.requests().size());
  }

  @Test
  void refusesWhatHasNoRoom() {
    var tight =
        new TransferOptions(
            4, TransferOptions.USUAL.limit(), TransferOptions.USUAL.hours(), _ -> 60_000);
    var source = source("u/r");
    var refusal =
        assertThrows(
            SoleboxException.class,
            () -> {
              Offer offer = source.look();
              var order =
                  new Pull.Order(
                      ModelName.parse("u/r"),
                      offer,
                      offer.variants().getFirst(),
                      Optional.empty(),
                      Map.of());
              new Pull(store, outbound, tight, Whereabouts.NOWHERE)
                  .run(order, source, PullListener.NONE);
            });
    assertEquals(ErrorCode.DISK_FULL, refusal.code());
    assertEquals(0, hub.store.requests().size());
  }

  @Test
  void asksNobodyWhenOffline() {
    outbound.close();
    outbound = new Outbound(new Network.Closed("--offline was given"), Patience.USUAL);
    assertEquals(ErrorCode.OFFLINE, refused(source("hf.co/u/r")).code());
    assertEquals(0, hub.hub.requests().size());
  }
}
