package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the pages of administrators, and of one's own account, ask the server beside lists. */
@Timeout(60)
class DeskRoutesTest {
  private static final String PASSWORD = "violet-otter-lamp";

  @TempDir private static Path folder;
  private static TestServer server;
  private static Visitor root;

  @BeforeAll
  static void setUp() throws IOException {
    server =
        new TestServer(
            ServerConfig.defaults()
                .withStateFile(folder.resolve("server.db"))
                .withProver(key -> "{\"signed_with\":\"%s\"}".formatted(key.fingerprint()))
                .withAccounts(),
            new EchoLibrary());
    root = new Visitor(server);
    String code = server.server.setUpCode().orElseThrow().code();
    assertEquals(
        200,
        root.post(
                "/auth/setup",
                "{\"code\":\"%s\",\"name\":\"root\",\"password\":\"%s\"}".formatted(code, PASSWORD))
            .status());
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static Visitor add(String name) throws IOException {
    String user = "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, PASSWORD);
    assertEquals(200, root.post("/admin/users", user).status());
    Visitor visitor = new Visitor(server);
    assertEquals(200, visitor.post("/auth/sign-in", user).status());
    return visitor;
  }

  @Test
  void whatIsKeptIsTakenAlongAndDeletedWithTheAccount() throws IOException {
    Visitor anna = add("anna");
    String response = "{\"model\":\"echo\",\"input\":\"remember violets\"}";
    assertEquals(200, anna.post("/v1/responses", response).status());
    RawClient.Answer export = anna.get("/auth/export");
    assertEquals("application/zip", export.header("Content-Type"));
    assertTrue(export.header("Content-Disposition").contains("solebox-export.zip"));
    assertTrue(unpacked(export.body()).contains("remember violets"));
    assertTrue(unpacked(root.get("/admin/users/anna/export").body()).contains("remember violets"));
    assertEquals(403, anna.get("/admin/users/root/export").status());

    String other = "{\"name\":\"ann\",\"password\":\"%s\"}".formatted(PASSWORD);
    assertEquals(400, anna.post("/auth/delete", other).status());
    String wrong = "{\"name\":\"anna\",\"password\":\"something else\"}";
    assertEquals(401, anna.post("/auth/delete", wrong).status());
    assertEquals(200, anna.get("/auth/me").status());
    RawClient.Answer gone = anna.post("/auth/delete", other.replace("ann\"", "anna\""));
    assertEquals(200, gone.status(), gone::text);
    assertEquals(401, anna.get("/auth/me").status());
    assertEquals(404, root.get("/admin/users/anna").status());
  }

  @Test
  void theLastAdministratorStays() throws IOException {
    String body = "{\"name\":\"root\",\"password\":\"%s\"}".formatted(PASSWORD);
    assertEquals(400, root.post("/auth/delete", body).status());
    assertEquals(200, root.get("/auth/me").status());
  }

  private static String unpacked(byte[] zip) throws IOException {
    var text = new StringBuilder();
    try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        text.append(entry.getName()).append('\n').append(new String(in.readAllBytes()));
      }
    }
    return text.toString();
  }

  @Test
  void theAuditLogIsLookedThrough() throws IOException {
    add("ben");
    root.post("/admin/users", "{\"name\":\"cleo\"}");
    RawClient.Answer added = root.get("/admin/audit?action=user&subject=cleo");
    assertEquals("user.add", added.at("data.0.action"), added::text);
    assertEquals(1, ((List<?>) added.at("data")).size());
    assertEquals(0, ((List<?>) root.get("/admin/audit?action=use").at("data")).size());
    assertEquals(0, ((List<?>) root.get("/admin/audit?actor=nobody").at("data")).size());
    long seq = (Long) added.at("data.0.seq");
    RawClient.Answer before = root.get("/admin/audit?limit=1&before=" + seq);
    assertEquals(seq - 1, before.at("data.0.seq"), before::text);
    assertEquals(true, before.at("has_earlier"));
    assertEquals(400, root.get("/admin/audit?after=1&before=" + seq).status());
    RawClient.Answer export = root.get("/admin/audit/export");
    assertTrue(export.text().startsWith("{\"solebox_audit\":1,"), export::text);
    assertTrue(export.text().contains("\"subject\":\"cleo\""));
    assertEquals("root", root.get("/admin/audit?action=audit.export").at("data.0.actor"));
  }

  @Test
  void theServerSaysHowItWasStarted() throws IOException {
    RawClient.Answer box = root.get("/admin/server");
    assertEquals(false, box.at("air_gap"), box::text);
    assertEquals("asked", box.at("settings.accounts"));
  }

  @Test
  void aReceiptIsTold() throws IOException {
    RawClient.Answer none = root.post("/receipts/verify", "{\"type\":\"something\"}");
    assertEquals(200, none.status(), none::text);
    assertEquals(false, none.at("valid"));
    assertTrue(none.text().contains("why"), none::text);
    assertEquals(false, root.post("/receipts/verify", "no json").at("valid"));
  }

  @Test
  void theAirGapIsProvedForAdministrators() throws IOException {
    RawClient.Answer proof = root.post("/admin/airgap/prove", "");
    assertEquals(200, proof.status(), proof::text);
    assertEquals(root.get("/admin/server").at("key"), proof.at("signed_with"));
    assertEquals("airgap.prove", root.get("/admin/audit?action=airgap.prove").at("data.0.action"));
    assertEquals(403, add("gabriel").post("/admin/airgap/prove", "").status());
  }

  @Test
  void modelsAreTold() throws IOException {
    RawClient.Answer models = root.get("/admin/shelf");
    assertEquals("echo", models.at("data.0.name"), models::text);
    assertEquals("ready", models.at("data.0.state"));
    assertEquals(false, models.at("data.0.kept"));
    assertEquals(true, models.at("fetches"));
    RawClient.Answer catalogue = root.get("/admin/catalogue");
    assertEquals("Q4_K_M", catalogue.at("data.0.format"), catalogue::text);
    assertEquals(12.5, catalogue.at("data.0.tokens_per_second"));
    assertEquals(400, root.post("/admin/shelf/import", "{}").status()); // without a name
    RawClient.Answer made = root.post("/admin/shelf/import?name=mine", "{}");
    assertEquals("mine", made.at("model"), made::text);
    assertEquals("model.import", root.get("/admin/audit?action=model").at("data.0.action"));
  }

  @Test
  void memoryIsTold() throws IOException {
    RawClient.Answer memory = root.get("/admin/memory");
    assertEquals("list", memory.at("object"), memory::text);
  }

  @Test
  void anAnswerIsSeenAndEnded() throws Exception {
    assertEquals(404, root.call("DELETE", "/admin/answers/999/echo", "").status());
    assertEquals(404, root.call("DELETE", "/admin/answers/x/none", "").status());
    server.model.pace(0, 20);
    try (RawClient client = server.client()) {
      client.post(
          "/v1/chat/completions",
          TestServer.chat("!forever", ""),
          "Cookie: " + root.cookie(),
          "Sec-Fetch-Site: same-origin");
      RawClient.Answer list = root.get("/admin/answers");
      while (!list.text().matches(".*\"generated_tokens\":[1-9].*")) {
        Thread.sleep(5);
        list = root.get("/admin/answers");
      }
      assertEquals("echo", list.at("data.0.model"));
      assertEquals(root.get("/auth/me").at("user.id"), list.at("data.0.user"));
      String path = "/admin/answers/" + list.at("data.0.number") + "/echo";
      assertEquals(200, root.call("DELETE", path, "").status());
      RawClient.Answer ended = client.receive();
      assertEquals(503, ended.status(), ended::text);
      assertEquals("cancelled", ended.at("error.code"));
      assertTrue(ended.text().contains("administrator"), ended::text);
      assertEquals(List.of(), root.get("/admin/answers").at("data"));
      assertEquals("answer.stop", root.get("/admin/audit?limit=1").at("data.0.action"));
    } finally {
      server.model.pace(0, 0);
    }
  }
}
