package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of responses in the background, which outlive their readers. */
@Timeout(60)
class BackgroundStreamTest {
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

  private static String body(String text, String more) {
    return "{\"model\":\"echo\",\"input\":\"%s\",\"background\":true%s}".formatted(text, more);
  }

  private static String streamed(String text) {
    return body(text, ",\"stream\":true");
  }

  private RawClient.Answer resume(String id, String more) throws IOException {
    return server.get("/v1/responses/" + id + "?stream=true" + more);
  }

  private static List<Long> numbers(List<RawClient.Named> events) {
    return events.stream().map(event -> (Long) event.at("sequence_number")).toList();
  }

  private static List<Long> range(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> (long) i).toList();
  }

  private static String said(List<RawClient.Named> events) {
    StringBuilder said = new StringBuilder();
    events.stream()
        .filter(event -> event.name().equals("response.output_text.delta"))
        .forEach(event -> said.append(event.at("delta")));
    return said.toString();
  }

  @Test
  void itIsStreamedAndCanBeReadAgainFromAnywhere() throws IOException {
    List<RawClient.Named> all = server.post("/v1/responses", streamed("hello")).namedEvents();
    assertEquals(range(0, all.size()), numbers(all));
    assertEquals(
        List.of("response.created", "response.queued", "response.in_progress"),
        all.subList(0, 3).stream().map(RawClient.Named::name).toList());
    assertEquals("queued", all.getFirst().at("response.status"));
    assertEquals("in_progress", all.get(2).at("response.status"));
    assertEquals("hello", said(all));
    assertEquals("response.completed", all.getLast().name());
    String id = (String) all.getFirst().at("response.id");
    assertEquals(all.getLast().at("response"), server.get("/v1/responses/" + id).json());
    assertEquals(all, resume(id, "").namedEvents());
    for (int after : new int[] {0, 3, all.size() - 2}) {
      List<RawClient.Named> rest = resume(id, "&starting_after=" + after).namedEvents();
      assertEquals(all.subList(after + 1, all.size()), rest);
    }
    assertIsEnd(all.getLast(), all.size(), resume(id, "&starting_after=" + (all.size() - 1)));
    server.close();
    start();
    assertEquals(all, resume(id, "").namedEvents(), "the server has begun anew");
  }

  /** A stream of nothing but the end of a response, under a number of its own. */
  private static void assertIsEnd(RawClient.Named end, long number, RawClient.Answer answer) {
    List<RawClient.Named> told = answer.namedEvents();
    assertEquals(List.of(number), numbers(told));
    assertEquals(end.name(), told.getFirst().name());
    assertEquals(end.at("response"), told.getFirst().at("response"));
  }

  /** Changes what is kept as a process that is killed would leave it. */
  private void change(String statement, Object... values) {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      database.transaction(sql -> sql.update(statement, values));
    }
  }

  @Test
  void whereTheLastEventsWereLostTheEndIsTold() throws IOException {
    List<RawClient.Named> all = server.post("/v1/responses", streamed("hello")).namedEvents();
    String id = (String) all.getFirst().at("response.id");
    change("DELETE FROM response_event WHERE response = ? AND sequence > 4", id);
    List<RawClient.Named> rest = resume(id, "&starting_after=2").namedEvents();
    assertEquals(List.of(3L, 4L, 5L), numbers(rest));
    assertEquals("response.completed", rest.getLast().name());
    assertIsEnd(all.getLast(), 8, resume(id, "&starting_after=7"));
  }

  @Test
  void whoHadMoreThanWasKeptHearsThatTheServerEnded() throws IOException {
    List<RawClient.Named> all = server.post("/v1/responses", streamed("hello")).namedEvents();
    String id = (String) all.getFirst().at("response.id");
    server.close();
    change("DELETE FROM response_event WHERE response = ? AND sequence > 4", id);
    change("UPDATE response SET status = 'in_progress' WHERE id = ?", id);
    start();
    for (int after : new int[] {-1, 4, 5, 6, 1000}) {
      List<RawClient.Named> rest = resume(id, "&starting_after=" + after).namedEvents();
      assertEquals("response.failed", rest.getLast().name());
      assertEquals("server_error", rest.getLast().at("response.error.code"));
      assertTrue((Long) rest.getLast().at("sequence_number") > after);
    }
  }

  @Test
  void anEndThatCannotBeKeptIsToldAllTheSame() throws IOException {
    server.model.pace(0, 20);
    try (RawClient client = server.client()) {
      String id = begin(client, "!forever");
      change("DROP TABLE response_item");
      server.post("/v1/responses/" + id + "/cancel", "{}");
      String line = client.line();
      while (!line.equals("event: response.cancelled")) {
        line = client.line();
      }
      while (!line.equals("event: error")) {
        line = client.line();
      }
      assertTrue(client.line().contains("io_error"));
    }
    String body = "{\"model\":\"echo\",\"input\":\"!fail\",\"stream\":true,\"store\":true}";
    List<RawClient.Named> events = server.post("/v1/responses", body).namedEvents();
    assertEquals("response.failed", events.getLast().name());
  }

  @Test
  void oneThatIsDamagedEndsSaysSoAndCanBeDeleted() throws IOException {
    server.model.pace(0, 20);
    try (RawClient client = server.client()) {
      String id = begin(client, "!forever");
      change("UPDATE response_item SET body = x'00' WHERE response = ?", id);
      RawClient.Answer cancelled = server.post("/v1/responses/" + id + "/cancel", "{}");
      assertEquals(500, cancelled.status());
      assertEquals("io_error", cancelled.at("error.code"), cancelled::text);
      String line = client.line();
      while (!line.equals("event: response.cancelled")) {
        line = client.line();
      }
      assertEquals(200, server.call("DELETE", "/v1/responses/" + id, "").status());
      assertEquals(404, server.call("DELETE", "/v1/responses/" + id, "").status());
    }
  }

  @Test
  void oneThatIsDamagedKeepsNoServerFromStarting() throws IOException {
    String id = (String) server.post("/v1/responses", stored("hello")).at("id");
    String whole = (String) server.post("/v1/responses", stored("hello")).at("id");
    server.close();
    change("UPDATE response SET status = 'in_progress'");
    change("UPDATE response SET body = x'00' WHERE id = ?", id);
    start();
    assertEquals(500, server.get("/v1/responses/" + id).status());
    assertEquals("failed", status(whole));
  }

  private static String stored(String text) {
    return "{\"model\":\"echo\",\"input\":\"%s\",\"store\":true}".formatted(text);
  }

  @Test
  void whatHasNotBeenSaidYetIsNoPlace() throws IOException {
    server.model.pace(0, 20);
    try (RawClient client = server.client()) {
      String id = begin(client, "!forever");
      RawClient.Answer answer = resume(id, "&starting_after=1000000");
      assertEquals(400, answer.status());
      assertEquals("starting_after", answer.at("error.param"), answer::text);
      server.post("/v1/responses/" + id + "/cancel", "{}");
    }
  }

  private String begin(RawClient client, String text) throws IOException {
    client.post("/v1/responses", streamed(text));
    client.receiveHead();
    String line = client.line();
    while (!line.startsWith("data: ")) {
      line = client.line();
    }
    return line.replaceAll(".*\"id\":\"(resp_[^\"]+)\".*", "$1");
  }

  private String status(String id) throws IOException {
    return (String) server.get("/v1/responses/" + id).at("status");
  }

  @Test
  void whoLeavesDoesNotEndItAndComesBack() throws IOException {
    server.model.pace(0, 30);
    String id;
    try (RawClient client = server.client()) {
      id = begin(client, "abcdefghijklmnopqrstuvwxyz");
      while (!client.line().contains("\"sequence_number\":4,")) {
        // only what has been said is a place to go on from
      }
      client.reset();
    }
    assertEquals("in_progress", status(id));
    List<RawClient.Named> rest = resume(id, "&starting_after=4").namedEvents();
    assertEquals(range(5, 5 + rest.size()), numbers(rest));
    assertEquals("abcdefghijklmnopqrstuvwxyz", said(rest));
    assertEquals("completed", status(id));
  }

  @Test
  void aCancelledOneSaysSo() throws IOException {
    server.model.pace(0, 20);
    try (RawClient client = server.client()) {
      String id = begin(client, "!forever");
      server.post("/v1/responses/" + id + "/cancel", "{}");
      List<RawClient.Named> all = resume(id, "").namedEvents();
      assertEquals("response.cancelled", all.getLast().name());
      assertEquals("cancelled", all.getLast().at("response.status"));
      assertEquals("cancelled", status(id));
    }
  }

  @Test
  void oneThatBreaksOffSaysWhy() throws IOException {
    List<RawClient.Named> all = server.post("/v1/responses", streamed("!fail")).namedEvents();
    assertEquals("response.failed", all.getLast().name());
    assertTrue(all.getLast().at("response.error.message").toString().contains("The disk is gone"));
    assertEquals("failed", status((String) all.getFirst().at("response.id")));
  }

  @Test
  void theEndOfTheServerEndsItClearly() throws IOException {
    server.model.pace(0, 20);
    String id;
    try (RawClient client = server.client()) {
      id = begin(client, "!forever");
      server.close();
    }
    start();
    List<RawClient.Named> all = resume(id, "").namedEvents();
    assertEquals(range(0, all.size()), numbers(all));
    assertEquals("response.failed", all.getLast().name());
    assertEquals("The server ended.", all.getLast().at("response.error.message"));
    assertEquals("failed", status(id));
  }

  /** One that was no stream, and one whose events are gone, have their end alone. */
  @Test
  void whereNoEventsAreKeptTheEndIsTold() throws Exception {
    String id = (String) server.post("/v1/responses", body("hello", "")).at("id");
    while (!status(id).equals("completed")) {
      Thread.sleep(10);
    }
    List<RawClient.Named> end = resume(id, "&starting_after=7").namedEvents();
    assertEquals(List.of(8L), numbers(end));
    assertEquals("response.completed", end.getFirst().name());
    Map<String, Object> body = server.get("/v1/responses/" + id).json();
    assertEquals(body, end.getFirst().at("response"));
    assertEquals(200, server.call("DELETE", "/v1/responses/" + id, "").status());
    assertEquals(404, resume(id, "").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-2", "1.5", "", "9007199254740991", "9223372036854775807", "1e3"})
  void aPlaceThatIsNoneIsRefused(String after) throws IOException {
    String id =
        (String)
            server.post("/v1/responses", streamed("a")).namedEvents().getFirst().at("response.id");
    RawClient.Answer answer = resume(id, "&starting_after=" + after);
    assertEquals(400, answer.status());
    assertEquals("starting_after", answer.at("error.param"), answer::text);
    assertEquals(404, resume("resp_none", "").status());
    assertEquals(200, server.get("/v1/responses/" + id + "?stream=false").status());
  }

  @Test
  void oneThatRunsWithoutAStreamIsNotStreamed() throws IOException {
    server.model.pace(0, 20);
    String id = (String) server.post("/v1/responses", body("!forever", "")).at("id");
    RawClient.Answer answer = resume(id, "");
    assertEquals("stream", answer.at("error.param"), answer::text);
    server.post("/v1/responses/" + id + "/cancel", "{}");
  }
}
