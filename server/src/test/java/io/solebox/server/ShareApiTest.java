package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.share.SharedModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v2}, by which other machines fetch models. */
@Timeout(60)
class ShareApiTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String BLOB = "/v2/me/m/blobs/" + DIGEST;

  @TempDir Path folder;
  private TestServer server;

  /** One repository with one blob. */
  private record OneModel(Path file) implements SharedModels {
    @Override
    public Optional<Manifest> manifest(String repository, String reference) {
      return repository.equals("me/m") && reference.equals("latest")
          ? Optional.of(
              new Manifest("{}".getBytes(StandardCharsets.UTF_8), "application/x", DIGEST))
          : Optional.empty();
    }

    @Override
    public Optional<Path> blob(String repository, String digest) {
      return Optional.of(file).filter(_ -> repository.equals("me/m") && digest.equals(DIGEST));
    }
  }

  @BeforeEach
  void open() throws IOException {
    Path file = Files.writeString(folder.resolve("blob"), "0123456789");
    server = new TestServer(ServerConfig.defaults().withShared(new OneModel(file)));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aManifestComesWithItsTypeAndDigest() throws IOException {
    assertEquals(200, server.get("/v2/").status());
    var manifest = server.get("/v2/me/m/manifests/latest");
    assertEquals("{}", manifest.text());
    assertEquals("application/x", manifest.header("Content-Type"));
    assertEquals(DIGEST, manifest.header("Docker-Content-Digest"));
    var unknown = server.get("/v2/me/other/manifests/latest");
    assertEquals(404, unknown.status());
    assertTrue(unknown.text().contains("\"code\":\"MANIFEST_UNKNOWN\""), unknown.text());
    assertEquals(404, server.get("/v2/me/m/tags/list").status());
    assertEquals(405, server.post("/v2/me/m/manifests/latest", "{}").status());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-4, 206, 234, bytes 2-4/10",
    "bytes=7-, 206, 789, bytes 7-9/10",
    "bytes=-2, 206, 89, bytes 8-9/10",
    "bytes=-20, 206, 0123456789, bytes 0-9/10",
    "bytes=8-99, 206, 89, bytes 8-9/10",
    "bytes=4-2, 200, 0123456789,",
    "'bytes=0-1,3-4', 200, 0123456789,",
    "lines=1-2, 200, 0123456789,",
  })
  void partsAreGivenAsAskedFor(String range, int status, String text, String header)
      throws IOException {
    var part = server.get(BLOB, "Range: " + range);
    assertEquals(status, part.status());
    assertEquals(text, part.text());
    assertEquals(Optional.ofNullable(header), Optional.ofNullable(part.header("Content-Range")));
  }

  @Test
  void aRangeBehindTheEndIsRefusedAndAnotherFileGivenWhole() throws IOException {
    assertEquals(416, server.get(BLOB, "Range: bytes=10-").status());
    assertEquals(
        206, server.get(BLOB, "Range: bytes=1-2", "If-Range: \"" + DIGEST + "\"").status());
    assertEquals(200, server.get(BLOB, "Range: bytes=1-2", "If-Range: \"other\"").status());
    assertEquals(404, server.get("/v2/other/blobs/" + DIGEST).status());
    assertEquals(404, server.get("/v2/me/m/blobs/..%2f..%2fkeys").status());
  }

  @Test
  void whoSharesNothingHasNoSuchPath() throws IOException {
    try (var other = new TestServer()) {
      assertEquals(404, other.get(BLOB).status());
    }
  }
}
