package io.solebox.app.bench;

import java.time.Duration;
import java.util.List;

/**
 * What is measured for a report, and how long it may take. What there is no time for is left out
 * and named.
 *
 * @param word for people: {@code quick}
 * @param contexts at which one client's decode starts, rising
 * @param clients at once, rising
 * @param newTokens of each answer
 * @param clientPrompt tokens that each of several clients asks with
 * @param repetitions of each run, at most
 * @param steady for how long answers are made without a rest, each time: power needs a while
 * @param budget for all of it; the first run of each kind is made whatever it takes
 * @param interval from one look at the sensors to the next
 */
record BoxPlan(
    String word,
    List<Integer> contexts,
    List<Integer> clients,
    int newTokens,
    int clientPrompt,
    int repetitions,
    Duration steady,
    Duration budget,
    Duration interval) {
  static final int CLIENT_PROMPT = 128;
  private static final Duration INTERVAL = Duration.ofMillis(500);

  BoxPlan {
    contexts = contexts.stream().distinct().sorted().toList();
    clients = clients.stream().distinct().sorted().toList();
  }

  /** Under a minute for a small model. */
  static final BoxPlan QUICK =
      new BoxPlan(
          "quick",
          List.of(512, 2048),
          List.of(1, 4),
          32,
          CLIENT_PROMPT,
          2,
          Duration.ofSeconds(3),
          Duration.ofSeconds(45),
          INTERVAL);

  /** Three minutes. */
  static final BoxPlan USUAL =
      new BoxPlan(
          "usual",
          List.of(512, 2048, 4096, 8192),
          List.of(1, 2, 4, 8),
          64,
          CLIENT_PROMPT,
          3,
          Duration.ofSeconds(6),
          Duration.ofSeconds(170),
          INTERVAL);

  /** As long as it takes. */
  static final BoxPlan FULL =
      new BoxPlan(
          "full",
          List.of(512, 1024, 2048, 4096, 8192, 16384, 32768),
          List.of(1, 2, 4, 8, 16, 32),
          128,
          CLIENT_PROMPT,
          5,
          Duration.ofSeconds(20),
          Duration.ofDays(1),
          INTERVAL);

  BoxPlan withContexts(List<Integer> value) {
    return new BoxPlan(
        word, value, clients, newTokens, clientPrompt, repetitions, steady, budget, interval);
  }

  BoxPlan withClients(List<Integer> value) {
    return new BoxPlan(
        word, contexts, value, newTokens, clientPrompt, repetitions, steady, budget, interval);
  }

  BoxPlan withNewTokens(int value) {
    return new BoxPlan(
        word, contexts, clients, value, clientPrompt, repetitions, steady, budget, interval);
  }

  BoxPlan withClientPrompt(int value) {
    return new BoxPlan(
        word, contexts, clients, newTokens, value, repetitions, steady, budget, interval);
  }

  BoxPlan withRepetitions(int value) {
    return new BoxPlan(
        word, contexts, clients, newTokens, clientPrompt, value, steady, budget, interval);
  }

  /** Contexts that are not those of the clients' own prompts, which are measured with them. */
  List<Integer> ownContexts() {
    return contexts.stream().filter(each -> each != clientPrompt || !clients.contains(1)).toList();
  }
}
