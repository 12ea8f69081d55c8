package io.solebox.bench.load;

import io.solebox.bench.load.Client.LeftException;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** Requests that leave nothing behind at the server. */
final class Asks {
  private static final List<String> QUESTIONS =
      List.of(
          "What is Solebox?",
          "How do I add a model?",
          "Which API is there?",
          "How do I secure it?",
          "hello",
          "How do I connect a GPU?",
          "What is the capital of France?",
          "Gr\\u00fc\\u00dfe aus K\\u00f6ln \\ud83d\\ude42");

  private Asks() {}

  static List<Scenario> all() {
    return List.of(
        Asks::chat,
        Asks::chat,
        Asks::chatStream,
        Asks::chatStream,
        Asks::choices,
        Asks::completion,
        Asks::completionStream,
        Asks::embeddings,
        Asks::rerank,
        Asks::message,
        Asks::messageStream,
        Asks::ollamaChat,
        Asks::ollamaGenerate,
        Asks::ollamaEmbed,
        Asks::llamaCompletion,
        Asks::tokens,
        Asks::looks,
        Asks::mistakes,
        Asks::spare,
        Asks::longPrompt);
  }

  static String question(Random random) {
    return QUESTIONS.get(random.nextInt(QUESTIONS.size()));
  }

  private static int length(Client client) {
    return 4 + client.random().nextInt(40);
  }

  static String messages(Random random) {
    return "\"messages\":[{\"role\":\"user\",\"content\":\"" + question(random) + "\"}]";
  }

  private static String chatBody(Client client, String more) {
    return "{\"model\":\"guide\",\"max_tokens\":%d,%s%s}"
        .formatted(length(client), messages(client.random()), more);
  }

  private static void ask(Client client, String path, String body)
      throws IOException, InterruptedException, LeftException {
    client.askOrLeave(Request.post(path, body));
  }

  private static void chat(Client client) throws IOException, InterruptedException, LeftException {
    ask(client, "/v1/chat/completions", chatBody(client, ",\"temperature\":0"));
  }

  private static void chatStream(Client client)
      throws IOException, InterruptedException, LeftException {
    String more = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
    ask(client, "/v1/chat/completions", chatBody(client, more));
  }

  private static void choices(Client client)
      throws IOException, InterruptedException, LeftException {
    String more =
        ",\"n\":3,\"logprobs\":true,\"top_logprobs\":2,\"stream\":%s,\"return_progress\":true"
            .formatted(client.random().nextBoolean());
    ask(client, "/v1/chat/completions", chatBody(client, more));
  }

  private static void completion(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/v1/completions",
        "{\"model\":\"guide\",\"prompt\":[\"%s\",\"%s\"],\"max_tokens\":%d,\"echo\":true,\"logprobs\":1}"
            .formatted(question(client.random()), question(client.random()), length(client)));
  }

  private static void completionStream(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/v1/completions",
        "{\"model\":\"guide\",\"prompt\":\"%s\",\"max_tokens\":%d,\"stream\":true,\"stop\":[\"zq\"]}"
            .formatted(question(client.random()), length(client)));
  }

  private static void embeddings(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/v1/embeddings",
        "{\"model\":\"vectors\",\"input\":[\"%s\",\"%s\"],\"encoding_format\":\"base64\"}"
            .formatted(question(client.random()), question(client.random())));
  }

  private static void rerank(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/v1/rerank",
        "{\"model\":\"scores\",\"query\":\"%s\",\"documents\":[\"%s\",\"%s\",\"text\"]}"
            .formatted(
                question(client.random()), question(client.random()), question(client.random())));
  }

  private static void message(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/v1/messages/count_tokens",
        "{\"model\":\"guide\"," + messages(client.random()) + "}");
    ask(client, "/v1/messages", chatBody(client, ",\"system\":\"Be short.\""));
  }

  private static void messageStream(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(client, "/v1/messages", chatBody(client, ",\"stream\":true"));
  }

  private static void ollamaChat(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/api/chat",
        "{\"model\":\"guide\",%s,\"stream\":%s,\"options\":{\"num_predict\":%d}}"
            .formatted(messages(client.random()), client.random().nextBoolean(), length(client)));
  }

  private static void ollamaGenerate(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/api/generate",
        "{\"model\":\"guide\",\"prompt\":\"%s\",\"options\":{\"num_predict\":%d}}"
            .formatted(question(client.random()), length(client)));
  }

  private static void ollamaEmbed(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/api/embed",
        "{\"model\":\"vectors\",\"input\":\"%s\"}".formatted(question(client.random())));
  }

  private static void llamaCompletion(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/completion",
        "{\"model\":\"guide\",\"prompt\":\"%s\",\"n_predict\":%d,\"stream\":%s}"
            .formatted(question(client.random()), length(client), client.random().nextBoolean()));
  }

  private static void tokens(Client client)
      throws IOException, InterruptedException, LeftException {
    ask(
        client,
        "/tokenize",
        "{\"model\":\"guide\",\"content\":\"%s\",\"with_pieces\":true}"
            .formatted(question(client.random())));
    ask(client, "/detokenize", "{\"model\":\"guide\",\"tokens\":[300,301,302]}");
    ask(client, "/apply-template", "{\"model\":\"guide\"," + messages(client.random()) + "}");
  }

  /** What monitors and user interfaces look at. */
  private static void looks(Client client) throws IOException, InterruptedException, LeftException {
    List<String> paths =
        List.of(
            "/metrics",
            "/health",
            "/health/ready",
            "/v1/models",
            "/api/tags",
            "/api/ps",
            "/props?model=guide",
            "/slots?model=guide",
            "/openapi.json",
            "/");
    client.askOrLeave(Request.get(paths.get(client.random().nextInt(paths.size()))));
  }

  /** Requests that are refused. */
  private static void mistakes(Client client)
      throws IOException, InterruptedException, LeftException {
    List<Request> requests =
        List.of(
            Request.post("/v1/chat/completions", "{\"messages\":").meant(400),
            Request.post("/v1/chat/completions", "{\"messages\":[],\"model\":7}").meant(400),
            Request.post("/v1/chat/completions", chatBody(client, ",\"temperature\":-3"))
                .meant(400),
            Request.post("/v1/embeddings", "{\"model\":\"guide\",\"input\":\"x\"}").meant(400),
            Request.post(
                    "/v1/rerank", "{\"model\":\"guide\",\"query\":\"x\",\"documents\":[\"y\"]}")
                .meant(400),
            Request.post("/api/chat", "{\"model\":\"nobody\"}").meant(404),
            Request.get("/v1/responses/resp_nobody").meant(404),
            Request.get("/nowhere").meant(404),
            Request.get("/v1/messages").meant(405));
    client.askOrLeave(requests.get(client.random().nextInt(requests.size())));
  }

  /** A model that comes and goes: who waits for it when it is unloaded is told so. */
  private static void spare(Client client) throws IOException, InterruptedException, LeftException {
    String named = "{\"model\":\"spare\"}";
    int what = client.random().nextInt(6);
    if (what == 0) {
      ask(client, "/v1/models/load", named);
    } else if (what == 1) {
      client.askOrLeave(Request.post("/models/unload", named).meant(200, 503));
    } else {
      String body =
          "{\"model\":\"spare\",\"max_tokens\":%d,\"prompt\":\"x\",\"stream\":%s}"
              .formatted(length(client), client.random().nextBoolean());
      client.askOrLeave(Request.post("/v1/completions", body).meant(200, 503));
    }
  }

  /** Takes blocks from the others, and leaves prefixes in the cache. */
  private static void longPrompt(Client client)
      throws IOException, InterruptedException, LeftException {
    String word = question(client.random()) + " ";
    String prompt = word.repeat(5 + client.random().nextInt(20));
    ask(
        client,
        "/v1/completions",
        "{\"model\":\"guide\",\"prompt\":\"%s\",\"max_tokens\":8,\"stream\":true}"
            .formatted(prompt));
  }
}
