package io.solebox.server.http;

import java.time.Instant;
import java.util.Locale;

/**
 * Something that is computed without a connection that waits for it, as logs tell of it when it is
 * over: never what it says.
 *
 * @param kind what it is a part of
 * @param whole id of what it is a part of
 * @param id by which its answer, logs and errors call it
 * @param route that would answer the same request
 * @param owner name of the key that pays for it; empty where there are no keys
 * @param notes of what it took
 */
public record WorkItem(
    Kind kind,
    String whole,
    String id,
    String route,
    String owner,
    RequestNotes notes,
    Instant begin,
    long beginNanos) {
  /** What work can be a part of. */
  public enum Kind {
    /** Of a batch, a line. */
    BATCH,
    /** A response in the background, all of it. */
    RESPONSE,
    /** Of a chat of the pages, an answer. */
    CHAT,
    /** Of a vector store, a document that is made ready. */
    KNOWLEDGE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A line of a batch, which begins now. */
  public static WorkItem ofBatch(String batch, String route, String owner) {
    return begun(Kind.BATCH, batch, RequestIds.made(), route, owner, new RequestNotes());
  }

  /**
   * A response in the background, which begins now.
   *
   * @param id of the request that has begun it
   */
  public static WorkItem ofResponse(
      String response, String id, String route, String owner, RequestNotes notes) {
    return begun(Kind.RESPONSE, response, id, route, owner, notes);
  }

  /**
   * An answer in a chat, which begins now.
   *
   * @param id of the request that has begun it, or of the answer
   */
  public static WorkItem ofChat(
      String chat, String id, String route, String owner, RequestNotes notes) {
    return begun(Kind.CHAT, chat, id, route, owner, notes);
  }

  /** A document of a vector store, which is begun with now. */
  public static WorkItem ofKnowledge(String store, String route, String owner) {
    return begun(Kind.KNOWLEDGE, store, RequestIds.made(), route, owner, new RequestNotes());
  }

  private static WorkItem begun(
      Kind kind, String whole, String id, String route, String owner, RequestNotes notes) {
    return new WorkItem(kind, whole, id, route, owner, notes, Instant.now(), System.nanoTime());
  }
}
