package io.solebox.store.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.bundle.Bundles.Box;
import io.solebox.store.layout.ModelName;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle brings from one machine to another. */
class BundleTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final byte[] SMALL = Bundles.bytes(1, 1000);
  private static final byte[] LARGE = Bundles.bytes(2, 3_000_000);

  @TempDir private Path folder;
  private Box box;
  private Path file;

  @BeforeEach
  void makeBox() throws IOException {
    box = new Box(Files.createDirectory(folder.resolve("box"))).trusting(KEY);
    file = folder.resolve("models.bundle");
  }

  private static String refusal(ErrorCode code, Runnable action) {
    var error = assertThrows(SoleboxException.class, action::run);
    assertEquals(code, error.code(), error::describe);
    return error.describe();
  }

  private BundleMaker.Order order(BundleMaker.Content... contents) {
    return Bundles.order(file, contents);
  }

  @Test
  void modelsArriveAsTheyWere() throws IOException {
    var a = Bundles.model("a", SMALL, LARGE);
    var b = Bundles.model("user/b:Q8_0", LARGE);
    var made = Bundles.make(order(a, b), KEY);
    assertEquals(made.bytes(), Files.size(file));
    var imported = box.take(file);
    assertEquals(Bundles.ACME, imported.signer().name());
    assertEquals(
        Map.of("a", a.item().manifest().digest(), "user/b:Q8_0", b.item().manifest().digest()),
        box.names());
    assertTrue(box.isSound());
    Path large = box.store().blobs().pathOf(Digest.of(LARGE));
    assertArrayEquals(LARGE, Files.readAllBytes(large));
    var before = box.tree();
    box.take(file);
    assertEquals(before, box.tree(), "a second import changes nothing");
    assertFalse(before.keySet().stream().anyMatch(name -> name.startsWith("partial/")));
  }

  @Test
  void theSameOrderMakesTheSameBytesButForTheSignature() throws IOException {
    var a = Bundles.model("a", SMALL);
    Bundles.make(order(a), KEY);
    byte[] first = Files.readAllBytes(file);
    Path again = folder.resolve("again");
    Bundles.make(Bundles.order(again, a), KEY);
    byte[] second = Files.readAllBytes(again);
    int begin = 4096; // behind the signature, whose length depends on its random numbers
    assertArrayEquals(
        java.util.Arrays.copyOfRange(first, begin, first.length),
        java.util.Arrays.copyOfRange(second, begin, second.length));
  }

  @Test
  void nobodyIsBelievedWhoWasNotAdded() {
    Bundles.make(order(Bundles.model("a", SMALL)), SigningKey.generate());
    var before = box.tree();
    refusal(ErrorCode.UNTRUSTED, () -> box.take(file));
    assertEquals(before, box.tree());
  }

  @Test
  void anOlderBundleBringsNothingBackUnlessItIsAllowed() {
    var old = Bundles.model("a", SMALL);
    var fresh = Bundles.model("a", LARGE);
    Bundles.make(order(old), KEY);
    Path newer = folder.resolve("newer");
    Bundles.make(
        new BundleMaker.Order(
            List.of(fresh),
            Set.of(),
            Bundles.MADE.plusSeconds(1),
            newer,
            OptionalLong.empty(),
            false),
        KEY);
    box.take(file);
    box.take(newer);
    var before = box.tree();
    String refused = refusal(ErrorCode.BAD_BUNDLE, () -> box.take(file));
    assertTrue(refused.contains("--allow-older"), refused);
    assertEquals(before, box.tree());
    box.store().remove(ModelName.parse("a"));
    refusal(ErrorCode.BAD_BUNDLE, () -> box.take(file));
    box.importer()
        .run(new BundleImport.Request(List.of(file), true, Optional.empty()), Progress.none());
    assertEquals(Map.of("a", old.item().manifest().digest()), box.names());
    refusal(ErrorCode.BAD_BUNDLE, () -> box.take(file));
    box.take(newer);
  }

  @Test
  void anOlderBundleOfOtherModelsIsWelcome() {
    Bundles.make(order(Bundles.model("a", SMALL)), KEY);
    Path older = folder.resolve("older");
    Bundles.make(
        new BundleMaker.Order(
            List.of(Bundles.model("b", SMALL)),
            Set.of(),
            Bundles.MADE.minusSeconds(1),
            older,
            OptionalLong.empty(),
            false),
        KEY);
    box.take(file);
    box.take(older);
    assertEquals(Set.of("a", "b"), box.names().keySet());
  }

  @Test
  void aDifferenceNeedsWhatItLeavesOut() {
    var one = Bundles.model("a", LARGE);
    var two = Bundles.model("a", LARGE, SMALL);
    Set<Digest> there = Set.of(Digest.of(LARGE));
    Path difference = folder.resolve("difference");
    var made =
        Bundles.make(
            new BundleMaker.Order(
                List.of(two), there, Bundles.MADE, difference, OptionalLong.empty(), false),
            KEY);
    assertTrue(made.bytes() < 20_000, made::toString);
    var before = box.tree();
    String refused = refusal(ErrorCode.BAD_BUNDLE, () -> box.take(difference));
    assertTrue(refused.contains("file-0.gguf"), refused);
    assertEquals(before, box.tree());
    Bundles.make(order(one), KEY);
    box.take(file);
    box.take(difference);
    assertEquals(Map.of("a", two.item().manifest().digest()), box.names());
    assertTrue(box.isSound());
  }

  @Test
  void aDamagedSourceMakesNoBundle() throws IOException {
    Path source = Files.write(folder.resolve("source"), Bundles.bytes(3, LARGE.length));
    var a = Bundles.model("a", LARGE);
    a.sources().put(Digest.of(LARGE), new BlobSource.InFile(source));
    refusal(ErrorCode.BAD_STORE, () -> Bundles.make(order(a), KEY));
    Files.write(source, SMALL);
    refusal(ErrorCode.BAD_STORE, () -> Bundles.make(order(a), KEY));
    try (var left = Files.list(folder)) {
      assertEquals(Set.of(source, box.home()), Set.copyOf(left.toList()));
    }
    Files.write(source, LARGE);
    Bundles.make(order(a), KEY);
    refusal(ErrorCode.INVALID_PARAMETER, () -> Bundles.make(order(a), KEY));
    box.take(file);
  }

  @Test
  void whereThereIsNoRoomNothingBegins() {
    Bundles.make(order(Bundles.model("a", LARGE)), KEY);
    var before = box.tree();
    Space full = _ -> LARGE.length;
    refusal(
        ErrorCode.DISK_FULL,
        () -> box.importer(Disk.SYSTEM, full).run(Box.request(file), Progress.none()));
    assertEquals(before, box.tree());
  }

  @Test
  void whatWasInterruptedGoesOnWhereItWas() throws IOException {
    var a = Bundles.model("a", LARGE, SMALL);
    Bundles.make(order(a), KEY);
    var reports = new AtomicInteger();
    var impatient =
        new Progress() {
          @Override
          public void report(String stage, double fraction) {
            reports.incrementAndGet();
          }

          @Override
          public boolean cancelled() {
            return reports.get() == 6;
          }
        };
    refusal(ErrorCode.CANCELLED, () -> box.importer().run(Box.request(file), impatient));
    assertEquals(Map.of(), box.names());
    Path begun = partial(Digest.of(LARGE));
    long here = Files.size(begun);
    assertTrue(here > 0 && here < LARGE.length, () -> here + " bytes");
    Space room = _ -> (LARGE.length - here) * 105 / 100 + 4000;
    box.importer(Disk.SYSTEM, room).run(Box.request(file), Progress.none());
    assertEquals(Set.of("a"), box.names().keySet());
    assertTrue(box.isSound());
  }

  private Path partial(Digest digest) throws IOException {
    try (var all = Files.walk(box.storeFolder().resolve("partial"))) {
      return all.filter(path -> path.endsWith(digest.hex())).findFirst().orElseThrow();
    }
  }

  /** As after a power cut: its length is on the disk, its bytes are not. */
  @Test
  void whatIsLeftOfAnEarlierTryIsNotBelieved() throws IOException {
    var a = Bundles.model("a", LARGE);
    var made = Bundles.make(order(a), KEY);
    for (int size : new int[] {1, LARGE.length - 1, LARGE.length, LARGE.length + 1}) {
      Path folderOfTry =
          Files.createDirectories(box.storeFolder().resolve("partial/bundle-" + made.id().hex()));
      Files.write(folderOfTry.resolve(Digest.of(LARGE).hex()), new byte[size]);
      box.take(file);
      assertTrue(box.isSound(), size + " bytes");
      box.store().remove(ModelName.parse("a"));
      Files.delete(box.store().blobs().pathOf(Digest.of(LARGE)));
    }
  }

  @Test
  void aRuntimeBecomesANewFolder() throws IOException {
    Path dist = Files.createDirectories(folder.resolve("dist/modules")).getParent();
    Files.write(dist.resolve("modules/a.jar"), SMALL);
    Files.writeString(dist.resolve(".built"), "here");
    Path tool = Files.writeString(dist.resolve("tool"), "x");
    tool.toFile().setExecutable(true);
    byte[] launcher = "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII);
    var runtime = RuntimeFolder.read(dist, Set.of(".built"), launcher, Map.of("v", "1"));
    Bundles.make(order(Bundles.model("a", SMALL), runtime), KEY);
    Path to = folder.resolve("new");
    assertTrue(box.take(file).runtimeLeft());
    var request = new BundleImport.Request(List.of(file), false, Optional.of(to));
    assertFalse(box.importer().run(request, Progress.none()).runtimeLeft());
    assertArrayEquals(SMALL, Files.readAllBytes(to.resolve("modules/a.jar")));
    assertFalse(Files.exists(to.resolve(".built")));
    assertTrue(Files.isExecutable(to.resolve("tool")));
    assertTrue(Files.isExecutable(to.resolve("solebox")));
    assertFalse(Files.isExecutable(to.resolve("modules/a.jar")));
    refusal(ErrorCode.INVALID_PARAMETER, () -> box.importer().run(request, Progress.none()));
    assertEquals(Set.of("a"), box.names().keySet());
    assertEquals(2, blobs(), "files of the runtime stay out of the store");
  }

  private long blobs() throws IOException {
    try (var all = Files.walk(box.store().blobs().root())) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
