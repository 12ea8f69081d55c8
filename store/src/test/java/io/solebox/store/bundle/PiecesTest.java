package io.solebox.store.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.bundle.Bundles.Box;
import io.solebox.store.sign.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle on several sticks. */
class PiecesTest {
  private static final SigningKey KEY = SigningKey.generate();

  @TempDir private Path folder;
  private Box box;
  private Path out;
  private List<Path> files;
  private Map<String, String> before;

  @BeforeEach
  void makePieces() throws IOException {
    box = new Box(Files.createDirectory(folder.resolve("box"))).trusting(KEY);
    out = Files.createDirectory(folder.resolve("pieces")).resolve("p");
    files = make(200_000, false).files();
    before = box.tree();
  }

  private BundleMaker.Made make(int bytes, boolean replace) {
    return Bundles.make(
        new BundleMaker.Order(
            List.of(Bundles.model("a", Bundles.bytes(6, bytes))),
            Set.of(),
            Bundles.MADE,
            out,
            OptionalLong.of(BundleMaker.LEAST_OF_PIECE),
            replace),
        KEY);
  }

  private void refused(String why) {
    var error = assertThrows(SoleboxException.class, () -> box.take(files.getFirst()));
    assertEquals(ErrorCode.BAD_BUNDLE, error.code());
    assertTrue(error.describe().contains(why), error::describe);
    assertTrue(error.describe().contains("pieces/p."), error::describe);
    assertEquals(before, box.tree());
  }

  @Test
  void noneIsLargerThanItMayBeAndAllTogetherAreTheBundle() throws IOException {
    assertEquals(4, files.size());
    for (Path file : files) {
      assertTrue(Files.size(file) <= BundleMaker.LEAST_OF_PIECE);
    }
    box.take(files.get(2));
    assertEquals(Set.of("a"), box.names().keySet());
    assertTrue(box.isSound());
  }

  @Test
  void theOneThatIsWrongIsNamed() throws IOException {
    Path third = files.get(2);
    byte[] content = Files.readAllBytes(third);
    Files.delete(third);
    refused("missing: 3");
    Files.write(third, Arrays.copyOf(content, content.length - 1));
    refused("bytes");
    byte[] changed = content.clone();
    changed[1000] ^= 1;
    Files.write(third, changed);
    refused("not what was signed");
    Files.write(third, Files.readAllBytes(files.get(1)));
    refused("twice");
    Files.write(third, new PieceHeader(Digest.of(content), 3, 4).bytes());
    refused("another bundle");
    Files.write(third, new byte[1000]);
    refused("missing: 3");
  }

  /** Whatever they are called, and wherever they lie. */
  @Test
  void allOfThemCanBeNamed() throws IOException {
    Path renamed = Files.move(files.get(2), folder.resolve("elsewhere"));
    refused("missing: 3");
    box.take(renamed, files.get(3), files.get(1), files.getFirst());
    assertEquals(Set.of("a"), box.names().keySet());
    assertTrue(box.isSound());
  }

  /** Numbers are but a hint: exchanged ones bring other bytes to light. */
  @Test
  void exchangedNumbersAreFound() throws IOException {
    byte[] second = Files.readAllBytes(files.get(1));
    byte[] third = Files.readAllBytes(files.get(2));
    byte[] header = Arrays.copyOf(second, PieceHeader.BYTES);
    System.arraycopy(third, 0, second, 0, PieceHeader.BYTES);
    System.arraycopy(header, 0, third, 0, PieceHeader.BYTES);
    Files.write(files.get(1), second);
    Files.write(files.get(2), third);
    refused("not what was signed");
  }

  @Test
  void nothingOfAnEarlierBundleIsLeftAmongThem() {
    var error = assertThrows(SoleboxException.class, () -> make(150_000, true));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    assertTrue(error.describe().contains("p.004"), error::describe);
    box.take(files.getFirst());
  }
}
