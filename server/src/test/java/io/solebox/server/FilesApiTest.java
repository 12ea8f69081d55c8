package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/files}. */
@Timeout(60)
class FilesApiTest {
  static final String FORM = "Content-Type: multipart/form-data; boundary=xyz";

  @TempDir private Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static String field(String name, String value) {
    return "--xyz\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  static String file(String name, String content) {
    return ("--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
            + "Content-Type: application/jsonl\r\n\r\n%s\r\n")
        .formatted(name, content);
  }

  static String form(String purpose, String content) {
    return field("purpose", purpose) + file("in", content) + "--xyz--\r\n";
  }

  static RawClient.Answer upload(TestServer server, String... parts) throws IOException {
    return server.call("POST", "/v1/files", String.join("", parts) + "--xyz--\r\n", FORM);
  }

  private RawClient.Answer upload(String... parts) throws IOException {
    return upload(server, parts);
  }

  private List<String> onDisk() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("files"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void oneComesAndGoes() throws IOException {
    RawClient.Answer sent = upload(field("purpose", "batch"), file("a.jsonl", "{}\né\n"));
    assertEquals(200, sent.status(), sent::text);
    String id = (String) sent.at("id");
    assertEquals(6L, sent.at("bytes"));
    assertEquals("a.jsonl", sent.at("filename"));
    RawClient.Answer kept = server.get("/v1/files/" + id);
    assertEquals("batch", kept.at("purpose"));
    assertNull(kept.at("expires_at"));
    assertEquals("{}\né\n", server.get("/v1/files/" + id + "/content").text());
    assertEquals(id, server.get("/v1/files").at("data.0.id"));
    assertEquals(List.of(), server.get("/v1/files?purpose=evals").at("data"));
    assertEquals(true, server.call("DELETE", "/v1/files/" + id, "").at("deleted"));
    assertEquals(404, server.get("/v1/files/" + id).status());
    assertEquals(404, server.get("/v1/files/" + id + "/content").status());
    assertEquals(List.of(), onDisk());
  }

  /** As where the process ended while it was deleted; whoever wanted that can do it again. */
  @Test
  void oneWithoutItsContentSaysSoAndGoes() throws IOException {
    String id = (String) upload(field("purpose", "user_data"), file("a", "x")).at("id");
    Files.delete(folder.resolve("files").resolve(id + ".sealed"));
    RawClient.Answer lost = server.get("/v1/files/" + id + "/content");
    assertEquals(404, lost.status(), lost::text);
    assertEquals("file_content_not_found", lost.at("error.code"));
    assertEquals(true, server.call("DELETE", "/v1/files/" + id, "").at("deleted"));
    assertEquals(404, server.get("/v1/files/" + id).status());
  }

  @Test
  void fieldsMayFollowTheFile() throws IOException {
    assertEquals(200, upload(file("a", "x"), field("purpose", "user_data")).status());
  }

  @Test
  void aNameIsOnlyAName() throws IOException {
    RawClient.Answer sent = upload(field("purpose", "batch"), file("../../../etc/passwd", "x"));
    assertEquals("../../../etc/passwd", sent.at("filename"));
    assertEquals(List.of(sent.at("id") + ".sealed"), onDisk());
  }

  @Test
  void aLargeOneIsWhatItWas() throws IOException {
    String content = "0123456789abcdef\n".repeat(200_000);
    RawClient.Answer sent = upload(field("purpose", "batch"), file("big", content));
    assertEquals((long) content.length(), sent.at("bytes"));
    assertEquals(content, server.get("/v1/files/" + sent.at("id") + "/content").text());
  }

  @Test
  void mistakesLeaveNothing() throws IOException {
    assertEquals("purpose", upload(file("a", "x")).at("error.param"));
    assertEquals(
        "purpose", upload(field("purpose", "fine-tune"), file("a", "x")).at("error.param"));
    assertEquals("file", upload(field("purpose", "batch")).at("error.param"));
    assertEquals("file", upload(field("purpose", "batch"), file("a", "")).at("error.param"));
    assertEquals(
        "invalid_form",
        upload(field("purpose", "batch"), file("a", "x"), file("b", "y")).at("error.code"));
    assertEquals(
        "expires_after[seconds]",
        upload(field("purpose", "batch"), field("expires_after[seconds]", "soon"), file("a", "x"))
            .at("error.param"));
    assertEquals(
        "expires_after[anchor]",
        upload(
                field("purpose", "batch"),
                field("expires_after[anchor]", "last_used"),
                field("expires_after[seconds]", "3600"),
                file("a", "x"))
            .at("error.param"));
    assertEquals(
        "expires_after[seconds]",
        upload(
                field("purpose", "batch"),
                field("expires_after[anchor]", "created_at"),
                file("a", "x"))
            .at("error.param"));
    assertEquals(
        400, server.call("POST", "/v1/files", file("a", "x"), FORM).status()); // it breaks off
    assertEquals(415, server.post("/v1/files", "{}").status());
    assertEquals(400, server.call("POST", "/v1/files", "hello", FORM).status());
    assertEquals(List.of(), onDisk());
  }

  @Test
  void filesOutliveTheServer() throws IOException {
    Object id = upload(field("purpose", "batch"), file("a", "x")).at("id");
    server.close();
    Files.writeString(folder.resolve("files").resolve("upload1.part"), "half");
    start();
    assertEquals("x", server.get("/v1/files/" + id + "/content").text());
    assertEquals(List.of(id + ".sealed"), onDisk());
  }

  @Test
  void withoutAStoreThereAreNone() throws IOException {
    server.close();
    server = new TestServer();
    assertEquals(400, server.get("/v1/files").status());
    assertTrue(upload(field("purpose", "batch"), file("a", "x")).text().contains("--no-store"));
  }
}
