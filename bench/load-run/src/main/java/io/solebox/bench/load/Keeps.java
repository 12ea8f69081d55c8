package io.solebox.bench.load;

import io.solebox.bench.load.Client.LeftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Requests for what the server keeps, and its deletion: at the end nothing of them is left but
 * batches, which cannot be deleted.
 */
final class Keeps {
  private static final String BOUNDARY = "solebox-load";
  private static final int POLL_MILLIS = 100;
  private static final int POLLS = 600;

  private Keeps() {}

  static List<Scenario> all() {
    return List.of(
        Keeps::response,
        Keeps::response,
        Keeps::responseLeft,
        Keeps::background,
        Keeps::conversation,
        Keeps::keptChat,
        Keeps::file,
        Keeps::batch);
  }

  private static String input(Client client) {
    return "\"model\":\"guide\",\"input\":\"%s\",\"max_output_tokens\":%d"
        .formatted(Asks.question(client.random()), 4 + client.random().nextInt(20));
  }

  /** Two that belong together, the second as a stream. */
  private static void response(Client client) throws IOException, InterruptedException {
    String first =
        client.ask(Request.post("/v1/responses", "{" + input(client) + "}")).member("id");
    String more = ",\"previous_response_id\":\"%s\",\"stream\":true}".formatted(first);
    Answer stream = client.ask(Request.post("/v1/responses", "{" + input(client) + more));
    client.ask(Request.get("/v1/responses/" + first));
    client.ask(Request.get("/v1/responses/" + first + "/input_items"));
    client.ask(Request.delete("/v1/responses/" + stream.member("id")));
    client.ask(Request.delete("/v1/responses/" + first));
  }

  /** A stream whose client leaves: it may have been kept or not. */
  private static void responseLeft(Client client) throws IOException, InterruptedException {
    String body = "{" + input(client) + ",\"stream\":true,\"store\":true}";
    Optional<Answer> seen = client.leave(Request.post("/v1/responses", body));
    String id = seen.map(answer -> answer.member("id")).orElse("");
    if (id.startsWith("resp_")) {
      client.ask(Request.delete("/v1/responses/" + id).meant(200, 404));
    }
  }

  private static void background(Client client) throws IOException, InterruptedException {
    String body = "{" + input(client) + ",\"background\":true}";
    String id = client.ask(Request.post("/v1/responses", body)).member("id");
    if (client.random().nextInt(3) == 0) {
      client.ask(Request.post("/v1/responses/" + id + "/cancel", "{}").meant(200, 400));
    }
    await(client, "/v1/responses/" + id, "queued", "in_progress");
    client.ask(Request.delete("/v1/responses/" + id));
  }

  private static void conversation(Client client) throws IOException, InterruptedException {
    String id = client.ask(Request.post("/v1/conversations", "{}")).member("id");
    String path = "/v1/conversations/" + id;
    client.ask(
        Request.post(
            path + "/items",
            "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(Asks.question(client.random()))));
    String body = "{" + input(client) + ",\"conversation\":\"" + id + "\"}";
    Answer response = client.ask(Request.post("/v1/responses", body));
    client.ask(Request.get(path + "/items?limit=10"));
    client.ask(Request.delete("/v1/responses/" + response.member("id")));
    client.ask(Request.delete(path));
  }

  private static void keptChat(Client client) throws IOException, InterruptedException {
    String body =
        "{\"model\":\"guide\",\"max_tokens\":8,\"store\":true,%s}"
            .formatted(Asks.messages(client.random()));
    String id = client.ask(Request.post("/v1/chat/completions", body)).member("id");
    client.ask(Request.get("/v1/chat/completions?limit=5"));
    client.ask(Request.get("/v1/chat/completions/" + id + "/messages"));
    client.ask(Request.delete("/v1/chat/completions/" + id));
  }

  private static String upload(Client client, String purpose, String content)
      throws IOException, InterruptedException {
    String form =
        "--"
            + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
            + purpose
            + "\r\n--"
            + BOUNDARY
            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"load.jsonl\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
            + content
            + "\r\n--"
            + BOUNDARY
            + "--\r\n";
    Request request =
        Request.post("/v1/files", "")
            .withBody(
                "multipart/form-data; boundary=" + BOUNDARY, form.getBytes(StandardCharsets.UTF_8));
    if (client.random().nextInt(8) == 0) {
      client.leave(request.withBody(request.contentType(), half(request.body())));
    }
    return client.ask(request).member("id");
  }

  /** A form that does not end, so that nothing comes of it. */
  private static byte[] half(byte[] form) {
    return Arrays.copyOf(form, form.length / 2);
  }

  private static void file(Client client) throws IOException, InterruptedException, LeftException {
    String id =
        upload(client, "user_data", "a line of text\n".repeat(client.random().nextInt(20_000)));
    try {
      client.askOrLeave(Request.get("/v1/files/" + id + "/content"));
    } finally {
      client.ask(Request.delete("/v1/files/" + id));
    }
  }

  private static void batch(Client client) throws IOException, InterruptedException {
    var lines = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      lines
          .append("{\"custom_id\":\"")
          .append(i)
          .append(
              "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"guide\",\"max_tokens\":6,")
          .append(Asks.messages(client.random()))
          .append("}}\n");
    }
    String input = upload(client, "batch", lines.toString());
    String body =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
            .formatted(input);
    String id = client.ask(Request.post("/v1/batches", body)).member("id");
    if (client.random().nextInt(4) == 0) {
      client.ask(Request.post("/v1/batches/" + id + "/cancel", "{}").meant(200, 400, 409));
    }
    Answer end =
        await(client, "/v1/batches/" + id, "validating", "in_progress", "finalizing", "cancelling");
    for (String member : List.of("output_file_id", "error_file_id")) {
      String file = end.member(member);
      if (!file.isEmpty()) {
        client.ask(Request.get("/v1/files/" + file + "/content"));
        client.ask(Request.delete("/v1/files/" + file));
      }
    }
    client.ask(Request.delete("/v1/files/" + input));
  }

  /** Asks until the status is none of these. */
  private static Answer await(Client client, String path, String... passing)
      throws IOException, InterruptedException {
    for (int i = 0; i < POLLS; i++) {
      Answer answer = client.ask(Request.get(path));
      if (!List.of(passing).contains(answer.member("status"))) {
        return answer;
      }
      Thread.sleep(POLL_MILLIS);
    }
    client.tally().fault(path + " did not end within a minute");
    return new Answer(0, new byte[0], false, false);
  }
}
