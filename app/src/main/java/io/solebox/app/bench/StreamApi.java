package io.solebox.app.bench;

import java.util.Locale;

/** The streams that are measured, as programs ask for them. */
enum StreamApi {
  CHAT(
      "/v1/chat/completions",
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"max_tokens\":%d,\"ignore_eos\":true,\"temperature\":0,\"stream\":true}"),
  COMPLETIONS(
      "/v1/completions",
      "{\"model\":\"%s\",\"prompt\":\"%s\",\"max_tokens\":%d,\"ignore_eos\":true,\"temperature\":0,\"stream\":true}"),
  OLLAMA(
      "/api/chat",
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"options\":{\"num_predict\":%d,\"temperature\":0}}"),
  ANTHROPIC(
      "/v1/messages",
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"max_tokens\":%d,\"temperature\":0,\"stream\":true}");

  private final String path;
  private final String body;

  StreamApi(String path, String body) {
    this.path = path;
    this.body = body;
  }

  String path() {
    return path;
  }

  String body(String model, String prompt, int tokens) {
    return String.format(Locale.ROOT, body, model, prompt, tokens);
  }

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
