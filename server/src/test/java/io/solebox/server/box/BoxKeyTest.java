package io.solebox.server.box;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The box's key: one, nobody else's, and never another. */
class BoxKeyTest {
  private static final byte[] MESSAGE = "said".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  @Test
  void whatItSignsIsVerifiedByItsPublicHalfAlone() {
    BoxKey key = BoxKey.in(folder);
    byte[] signature = key.sign(MESSAGE);
    assertEquals(64, signature.length);
    assertTrue(BoxKey.verify(key.publicKey(), MESSAGE, signature));
    for (int bit = 0; bit < signature.length * 8; bit += 5) {
      byte[] flipped = signature.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(BoxKey.verify(key.publicKey(), MESSAGE, flipped), "bit " + bit);
    }
    assertFalse(BoxKey.verify(key.publicKey(), new byte[0], signature));
    assertFalse(BoxKey.verify(key.publicKey(), MESSAGE, new byte[0]));
    assertFalse(BoxKey.verify(BoxKey.generate().publicKey(), MESSAGE, signature));
  }

  @Test
  void itIsTheSameAtEveryStartAndNobodyElseReadsIt() throws IOException {
    Path made = folder.resolve("state");
    BoxKey key = BoxKey.in(made);
    Path file = made.resolve(BoxKey.FILE);
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(key.fingerprint(), BoxKey.in(made).fingerprint());
    assertArrayEquals(bytes, Files.readAllBytes(file));
    assertEquals("rw-------", rights(file));
    assertEquals("rwx------", rights(made));
    try (Stream<Path> inside = Files.list(made)) {
      assertEquals(List.of(file), inside.toList());
    }
  }

  @Test
  void whoeverAsksAtTheSameTimeGetsTheSameOne() throws Exception {
    Callable<String> asks = () -> BoxKey.in(folder).fingerprint();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = threads.invokeAll(IntStream.range(0, 32).mapToObj(_ -> asks).toList());
      assertEquals(1, answers.stream().map(BoxKeyTest::get).collect(Collectors.toSet()).size());
    }
  }

  private static String get(Future<String> answer) {
    try {
      return answer.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
  void aFileThatOthersCanUseIsRefused(String rights) throws IOException {
    BoxKey.in(folder);
    Path file = folder.resolve(BoxKey.FILE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    var refused = assertThrows(SoleboxException.class, () -> BoxKey.in(folder));
    assertEquals(ErrorCode.ACCESS_DENIED, refused.code());
    assertEquals(rights, rights(file));
  }

  @Test
  void whatIsNoKeyIsRefusedAndStays() throws IOException {
    BoxKey.in(folder);
    Path file = folder.resolve(BoxKey.FILE);
    String own = Files.readString(file);
    String others = BoxKey.generate().secretPem();
    String half = own.substring(own.indexOf("-----BEGIN PUBLIC"));
    String rsa = own.replace("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vx");
    for (String bad :
        List.of("", "x", half, own.replace(half, ""), others.replace(half(others), half), rsa)) {
      Files.writeString(file, bad);
      var refused = assertThrows(SoleboxException.class, () -> BoxKey.in(folder), bad);
      assertEquals(ErrorCode.INVALID_PARAMETER, refused.code(), bad);
      assertEquals(bad, Files.readString(file));
    }
  }

  private static String half(String pem) {
    return pem.substring(pem.indexOf("-----BEGIN PUBLIC"));
  }

  /** The key and the signature of RFC 8032, 7.1, test 3. */
  @Test
  void theStandardsSignatureIsVerified() {
    byte[] der =
        HexFormat.of()
            .parseHex(
                "302a300506032b6570032100"
                    + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    byte[] signature =
        HexFormat.of()
            .parseHex(
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                    + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
    var key = BoxKey.publicKey(der).orElseThrow();
    assertTrue(BoxKey.verify(key, HexFormat.of().parseHex("af82"), signature));
    assertEquals(BoxKey.fingerprint(key).length(), 64);
    assertTrue(BoxKey.publicKey(new byte[44]).isEmpty());
    assertTrue(BoxKey.publicKey("no PEM").isEmpty());
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
