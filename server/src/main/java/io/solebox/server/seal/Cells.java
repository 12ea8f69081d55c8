package io.solebox.server.seal;

/** The places of all that is sealed in the database; what is written under one is read under it. */
public final class Cells {
  private static final String BODY = "body";

  private Cells() {}

  /**
   * @param column {@code metadata}, {@code messages} or {@code body}
   */
  public static Cell chat(String id, String column) {
    return new Cell("chat_completion", id, column);
  }

  public static Cell conversation(String id) {
    return new Cell("conversation", id, "metadata");
  }

  public static Cell conversationItem(String conversation, long position, String id) {
    return new Cell("conversation_item", conversation + "/" + position + "/" + id, BODY);
  }

  public static Cell response(String id) {
    return new Cell("response", id, BODY);
  }

  /**
   * @param side {@code input} or {@code output}
   */
  public static Cell responseItem(String response, String side, long position) {
    return new Cell("response_item", response + "/" + side + "/" + position, BODY);
  }

  public static Cell responseEvent(String response, long sequence, String type) {
    return new Cell("response_event", response + "/" + sequence + "/" + type, BODY);
  }

  public static Cell file(String id) {
    return new Cell("file", id, "about");
  }

  public static Cell batch(String id) {
    return new Cell("batch", id, BODY);
  }

  public static Cell batchLine(String batch, long line, boolean failed) {
    return new Cell("batch_line", batch + "/" + line + (failed ? "/failed" : ""), BODY);
  }

  /** Of a chat of the pages. */
  public static Cell pageChat(String id) {
    return new Cell("chat", id, BODY);
  }

  public static Cell chatMessage(String chat, String id) {
    return new Cell("chat_message", chat + "/" + id, BODY);
  }

  /** What is to be done in a chat. */
  public static Cell chatAgent(String chat) {
    return new Cell("chat_agent", chat, BODY);
  }

  /** What a folder or a tag is called. */
  public static Cell chatLabel(String id) {
    return new Cell("chat_label", id, "name");
  }

  /**
   * @param kind of note
   */
  public static Cell chatNote(String kind, String id) {
    return new Cell("chat_note", kind + "/" + id, BODY);
  }

  public static Cell vectorStore(String id) {
    return new Cell("vector_store", id, BODY);
  }

  public static Cell knowledgeDocument(String store, String id) {
    return new Cell("knowledge_document", store + "/" + id, BODY);
  }

  /**
   * @param column {@code body} or {@code vector}
   */
  public static Cell knowledgeChunk(String document, long position, String column) {
    return new Cell("knowledge_chunk", document + "/" + position, column);
  }

  /**
   * @param column {@code documents} or {@code words}
   */
  public static Cell knowledgeWords(String store, String column) {
    return new Cell("knowledge_words", store, column);
  }
}
