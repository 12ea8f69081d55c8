package io.solebox.store.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.bundle.Bundles.Box;
import io.solebox.store.layout.FaultyDisk;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to a bundle, the store stays as it was, to the last file. */
class TamperedBundleTest {
  private static final SigningKey KEY = SigningKey.generate();
  private static final byte[] A = Bundles.bytes(1, 700);
  private static final byte[] B = Bundles.bytes(2, 700);
  private static final int SIGNATURE_END = 2 * TarEntry.BLOCK;

  @TempDir private static Path folder;
  private static Box box;
  private static byte[] sound;
  private static Map<String, String> before;

  @BeforeAll
  static void makeBundle() throws IOException {
    Path file = folder.resolve("sound");
    box = new Box(Files.createDirectory(folder.resolve("box"))).trusting(KEY);
    Bundles.make(Bundles.order(folder.resolve("old"), Bundles.model("old", A)), KEY);
    box.take(folder.resolve("old"));
    before = box.tree();
    var models =
        new BundleMaker.Content[] {
          Bundles.model("a", Bundles.bytes(3, 511), Bundles.bytes(4, 512), new byte[0]),
          Bundles.model("user/b", B, Bundles.bytes(5, 513))
        };
    Bundles.make(Bundles.order(file, models), KEY);
    sound = Files.readAllBytes(file);
  }

  /** On a disk that does not wait. */
  private static void take(Path... files) {
    var disk = new FaultyDisk(Integer.MAX_VALUE, false);
    box.importer(disk, Space.SYSTEM).run(Box.request(files), Progress.none());
  }

  private static void requireUnchanged(String how) {
    Map<String, String> now = box.tree();
    Set<String> others = new TreeSet<>(now.keySet());
    others.removeAll(before.keySet());
    assertTrue(now.equals(before), () -> how + " changed " + others);
  }

  private static SoleboxException refusal(byte[] bundle, String how) throws IOException {
    Path file = Files.write(folder.resolve("tampered"), bundle);
    var error = assertThrows(SoleboxException.class, () -> take(file), how);
    assertTrue(
        error.code() == ErrorCode.BAD_BUNDLE || error.code() == ErrorCode.UNTRUSTED,
        () -> how + ": " + error.describe());
    requireUnchanged(how);
    return error;
  }

  /** In each block the first and last bytes, and some between. */
  @Test
  void noByteCanBeChanged() throws IOException {
    var random = new Random(1);
    for (int block = 0; block < sound.length; block += TarEntry.BLOCK) {
      for (int at : new int[] {0, random.nextInt(512), random.nextInt(512), 511}) {
        byte[] changed = sound.clone();
        changed[block + at] ^= (byte) (1 << random.nextInt(8));
        refusal(changed, "byte " + (block + at));
      }
    }
  }

  @Test
  void nothingCanBeCutOrAdded() throws IOException {
    var random = new Random(2);
    for (int i = 0; i < 30; i++) {
      int length = i == 0 ? 0 : i == 1 ? sound.length - 1 : random.nextInt(sound.length);
      refusal(Arrays.copyOf(sound, length), "cut to " + length);
    }
    for (int more : new int[] {1, 512, 10_000}) {
      refusal(Arrays.copyOf(sound, sound.length + more), more + " more");
    }
    byte[] twice = Arrays.copyOf(sound, 2 * sound.length);
    System.arraycopy(sound, 0, twice, sound.length, sound.length);
    refusal(twice, "twice");
  }

  /** The place of an entry's header. */
  private static int entry(byte[] content) {
    String name = Forge.blob(Digest.of(content));
    int at = new String(sound, StandardCharsets.ISO_8859_1).indexOf(name + "\0");
    assertEquals(0, at % TarEntry.BLOCK);
    return at;
  }

  /** A header with another field and a checksum that fits it. */
  private static byte[] withField(int at, String text) {
    byte[] changed = sound.clone();
    int header = entry(B);
    byte[] field = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(field, 0, changed, header + at, field.length);
    Arrays.fill(changed, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < TarEntry.BLOCK; i++) {
      sum += changed[header + i] & 0xff;
    }
    byte[] checksum = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(checksum, 0, changed, header + 148, checksum.length);
    return changed;
  }

  @Test
  void headersSayNothingElse() throws IOException {
    for (String name : List.of("/etc/passwd\0", "../../../passwd\0", "a/../b\0", "index.json\0")) {
      refusal(withField(0, name), name);
    }
    for (String type : List.of("1", "2", "3", "5", "6", "7", "g", "x", "L", "S", "\0")) {
      refusal(withField(156, type), "type " + type);
    }
    refusal(withField(157, "/etc/passwd\0"), "a link");
    for (String size : List.of("77777777777\0", "00000000000\0", "\u0080\0\0\0\377\377\377\377")) {
      refusal(withField(124, size), "size " + size);
    }
    refusal(withField(100, "0004755\0"), "mode");
    refusal(withField(345, "..\0"), "prefix");
  }

  @Test
  void filesStandWhereTheyBelong() throws IOException {
    byte[] other = Bundles.bytes(4, 512);
    byte[] swapped = sound.clone();
    int a = entry(Bundles.bytes(3, 511));
    int b = entry(other);
    System.arraycopy(sound, a, swapped, b, 2 * TarEntry.BLOCK);
    System.arraycopy(sound, b, swapped, a, 2 * TarEntry.BLOCK);
    refusal(swapped, "swapped");
    byte[] doubled = sound.clone();
    System.arraycopy(sound, a, doubled, b, 2 * TarEntry.BLOCK);
    refusal(doubled, "one twice");
  }

  @Test
  void otherFilesAreNoBundles() throws IOException {
    for (byte[] other :
        List.of(
            new byte[0],
            new byte[10_000],
            "GGUF".getBytes(StandardCharsets.US_ASCII),
            Bundles.bytes(9, 20_000),
            "PK\3\4".repeat(5000).getBytes(StandardCharsets.US_ASCII))) {
      refusal(other, "other");
    }
    byte[] huge = sound.clone();
    System.arraycopy(new TarEntry("model.sig", 1L << 32).header(), 0, huge, 0, TarEntry.BLOCK);
    refusal(huge, "a signature of 4 GiB");
  }

  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private static byte[] manifest(String layers) {
    return Forge.utf8(
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(MANIFEST, Forge.descriptor("x", A, ""), layers));
  }

  private static String layer(byte[] content, String title) {
    return Forge.descriptor(
        "x", content, ",\"annotations\":{\"org.opencontainers.image.title\":\"" + title + "\"}");
  }

  private static String named(byte[] manifest, String name) {
    return Forge.descriptor(
        MANIFEST,
        manifest,
        ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + name + "\"}");
  }

  private static Forge forge(String name, String layers) {
    byte[] manifest = manifest(layers);
    return Forge.index(named(manifest, name)).with(manifest).with(A);
  }

  /** Signed by a key that is trusted, and wrong all the same. */
  private static Stream<Forge> forged() {
    byte[] plain = manifest(layer(A, "a"));
    String huge = layer(A, "a").replace("\"size\":700", "\"size\":9223372036854775807");
    String runtime = Forge.descriptor(MANIFEST, plain, ",\"artifactType\":\"other\"");
    return Stream.of(
        forge("../../x", layer(A, "a")),
        forge("/etc/passwd", layer(A, "a")),
        forge("a", layer(A, "../a")),
        forge("a", layer(A, "/a")),
        forge("a", layer(A, "b/../../a")),
        forge("a", layer(A, "a") + "," + layer(A, "a")),
        forge("a", huge),
        forge("a", layer(A, "a").replace("\"size\":700", "\"size\":-1")),
        forge("a", layer(A, "a").replace("\"size\":700", "\"size\":699")),
        forge("a", layer(A, "a").replace("sha256:", "sha512:")),
        forge("a", layer(A, "a")).with("../../escaped", B),
        forge("a", layer(A, "a")).with(B),
        forge("a", layer(A, "a")).claiming("blobs/sha256/../x", Digest.of(B)),
        forge("a", layer(A, "a")).claiming(Forge.blob(Digest.of(B)), Digest.of(A)),
        forge("a", layer(A, "a")).with("oci-layout", B),
        Forge.index(named(plain, "a") + "," + named(plain, "A")).with(plain).with(A),
        Forge.index(runtime).with(plain).with(A),
        Forge.index(named(plain, "a") + " ").with(plain).with(A),
        Forge.index("[1]"),
        Forge.index(named(new byte[0], "a")));
  }

  @ParameterizedTest
  @MethodSource("forged")
  void aTrustedKeyIsNotBelievedNonsense(Forge forged) throws IOException {
    refusal(forged.signedBy(KEY), "forged");
  }

  @Test
  void theForgeMakesBundlesThatWouldBeTaken() throws IOException {
    Path file = Files.write(folder.resolve("forged"), forge("forged", layer(A, "a")).signedBy(KEY));
    Box other = new Box(Files.createDirectory(folder.resolve("other"))).trusting(KEY);
    other.take(file);
    assertEquals(Set.of("forged"), other.names().keySet());
  }

  @Test
  void nobodyElsesWordCountsForATrustedKeys() throws IOException {
    byte[] foreign = forge("a", layer(A, "a")).signedBy(SigningKey.generate());
    assertEquals(ErrorCode.UNTRUSTED, refusal(foreign, "another key").code());
    byte[] mixed = sound.clone();
    System.arraycopy(foreign, 0, mixed, 0, Math.min(SIGNATURE_END, foreign.length));
    refusal(mixed, "half of another signature");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/tmp/evil", "a/../../evil", "a\\\\..", "a:b", ""})
  void aRuntimeStaysInItsFolder(String title) throws IOException {
    byte[] manifest = manifest(layer(A, title));
    String index =
        Forge.descriptor(
            MANIFEST, manifest, ",\"artifactType\":\"application/vnd.solebox.runtime.v1\"");
    requireNoRuntime(Forge.index(index).with(manifest).with(A));
  }

  @Test
  void aRuntimeHasNoFileInThePlaceOfAFolder() throws IOException {
    byte[] manifest = manifest(layer(A, "a") + "," + layer(B, "a/b"));
    String index =
        Forge.descriptor(
            MANIFEST, manifest, ",\"artifactType\":\"application/vnd.solebox.runtime.v1\"");
    requireNoRuntime(Forge.index(index).with(manifest).with(A).with(B));
  }

  private static void requireNoRuntime(Forge forged) throws IOException {
    Path file = Files.write(folder.resolve("runtime"), forged.signedBy(KEY));
    Path to = folder.resolve("to");
    var request = new BundleImport.Request(List.of(file), false, Optional.of(to));
    assertEquals(
        ErrorCode.BAD_BUNDLE,
        assertThrows(SoleboxException.class, () -> box.importer().run(request, Progress.none()))
            .code());
    assertFalse(Files.exists(to));
    requireUnchanged("it");
  }
}
