package io.solebox.server.age;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.Passphrase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgeFilesTest {
  private static final byte[] SECRET =
      new Random(25)
          .ints(32)
          .collect(ByteArrayOutputStream::new, ByteArrayOutputStream::write, (_, _) -> {})
          .toByteArray();
  private static final AgeLock LOCK = new AgeLock.ForKey(KeyStanza.publicKey(SECRET));
  private static final AgeKey KEY = new AgeKey.BySecrets(List.of(new byte[32], SECRET));

  @TempDir private Path folder;

  private static byte[] text(int bytes) {
    byte[] text = new byte[bytes];
    new Random(bytes).nextBytes(text);
    return text;
  }

  private static byte[] sealed(byte[] text, AgeLock lock) throws IOException {
    var bytes = new ByteArrayOutputStream();
    AgeOutput out = AgeOutput.to(bytes, lock);
    out.write(text, 0, text.length / 3);
    out.write(text, text.length / 3, text.length - text.length / 3);
    out.finish();
    return bytes.toByteArray();
  }

  private static byte[] opened(byte[] sealed, AgeKey key) throws IOException {
    return AgeInput.of(new ByteArrayInputStream(sealed), key, "file").readAllBytes();
  }

  private static SoleboxException refused(byte[] sealed, AgeKey key) {
    return assertThrows(SoleboxException.class, () -> opened(sealed, key));
  }

  private static AgeKey knowing(String passphrase) {
    return new AgeKey.ByPassphrase(() -> Passphrase.of(passphrase.toCharArray()));
  }

  @Test
  void everySizeComesBack() throws IOException {
    for (int size : List.of(0, 1, 65_535, 65_536, 65_537, 131_072, 200_000)) {
      byte[] text = text(size);
      assertArrayEquals(text, opened(sealed(text, LOCK), KEY), "of " + size);
    }
  }

  @Test
  void onlyItsPassphraseOpensIt() throws IOException {
    byte[] file =
        sealed(text(10), new AgeLock.ForPassphrase(Passphrase.of("correct horse".toCharArray())));
    assertArrayEquals(text(10), opened(file, knowing("correct horse")));
    assertEquals(ErrorCode.ACCESS_DENIED, refused(file, knowing("battery staple")).code());
    assertTrue(refused(file, KEY).getMessage().contains("takes a passphrase"));
    assertEquals(
        ErrorCode.ACCESS_DENIED, refused(sealed(text(1), LOCK), knowing("correct horse")).code());
    AgeKey stranger = new AgeKey.BySecrets(List.of(text(32)));
    assertEquals(ErrorCode.ACCESS_DENIED, refused(sealed(text(1), LOCK), stranger).code());
  }

  /** Wherever a file ends early, whoever reads it to its end hears so. */
  @Test
  void whatIsCutOffIsMissed() throws IOException {
    byte[] file = sealed(text(131_072), LOCK);
    int payload = file.length - 2 * Chunks.SEALED_BYTES;
    for (int length :
        List.of(
            30,
            payload - 5,
            payload,
            payload + 7,
            payload + Chunks.SEALED_BYTES,
            payload + Chunks.SEALED_BYTES + 1,
            file.length - 1)) {
      SoleboxException cut = refused(Arrays.copyOf(file, length), KEY);
      assertEquals(ErrorCode.BAD_BUNDLE, cut.code(), "at " + length);
      assertTrue(cut.getMessage().contains("end"), () -> length + ": " + cut.getMessage());
    }
    byte[] longer = Arrays.copyOf(file, file.length + 1);
    assertEquals(ErrorCode.BAD_BUNDLE, refused(longer, KEY).code());
    assertTrue(refused("PK".getBytes(StandardCharsets.US_ASCII), KEY).getMessage().contains("no"));
    assertTrue(refused(new byte[5000], KEY).getMessage().contains("no encrypted backup"));
  }

  /** In the header, in what is sealed, and in the seals. */
  @Test
  void aChangedByteIsNoticed() throws IOException {
    byte[] file = sealed(text(70_000), LOCK);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] changed = file.clone();
      int at = i < 200 ? i : random.nextInt(file.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      SoleboxException e = refused(changed, KEY);
      assertTrue(
          e.code() == ErrorCode.BAD_BUNDLE || e.code() == ErrorCode.ACCESS_DENIED, e::describe);
    }
  }

  /** RFC 7914, 12: the third vector, whose work is that of a moment. */
  @Test
  void scryptIsThatOfTheRfc() {
    byte[] key =
        Passphrase.of("pleaseletmein".toCharArray())
            .scrypt("SodiumChloride".getBytes(StandardCharsets.US_ASCII), 14);
    assertEquals(
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2",
        HexFormat.of().formatHex(key));
  }

  @Test
  void aMistypedKeyIsNone() {
    String key = LOCK.toString();
    assertTrue(key.startsWith("age1"), key);
    assertEquals(key, AgeLock.ForKey.parse(key).toString());
    for (int at = 4; at < key.length(); at++) {
      String typed =
          key.substring(0, at) + (key.charAt(at) == 'q' ? 'p' : 'q') + key.substring(at + 1);
      assertThrows(SoleboxException.class, () -> AgeLock.ForKey.parse(typed), typed);
    }
  }

  /** The program age opens what is written here, and what it writes is opened. */
  @Test
  void theProgramAgeAndThisOneOpenEachOthersFiles() throws Exception {
    assumeTrue(
        List.of("/usr/bin", "/usr/local/bin").stream()
            .anyMatch(path -> Files.isExecutable(Path.of(path, "age"))),
        "the program age is not installed");
    byte[] text = text(150_000);
    Path plain = Files.write(folder.resolve("plain"), text);
    Path ours = Files.write(folder.resolve("ours"), sealed(text, LOCK));
    Path theirs = folder.resolve("theirs");
    Path secret =
        Files.writeString(
            folder.resolve("key"),
            "# made for a test\n"
                + Bech32.write("age-secret-key-", SECRET).toUpperCase(Locale.ROOT)
                + "\n");
    age("-d", "-i", secret.toString(), "-o", folder.resolve("opened").toString(), ours.toString());
    assertArrayEquals(text, Files.readAllBytes(folder.resolve("opened")));
    age("-r", LOCK.toString(), "-o", theirs.toString(), plain.toString());
    assertArrayEquals(text, opened(Files.readAllBytes(theirs), AgeKey.BySecrets.read(secret)));
  }

  private void age(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("age"));
    command.addAll(List.of(arguments));
    Path said = folder.resolve("said");
    Process age =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertTrue(age.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, age.exitValue(), Files.readString(said));
  }
}
