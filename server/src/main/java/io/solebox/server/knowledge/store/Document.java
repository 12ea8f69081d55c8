package io.solebox.server.knowledge.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A file of a collection, and how far what it says can be found.
 *
 * @param store of which collection
 * @param file whose text it is
 * @param created seconds since 1970
 * @param batch with which it came
 */
public record Document(
    String id,
    String store,
    String file,
    long created,
    State state,
    Optional<String> batch,
    About about) {

  /** How far it is. */
  public enum State {
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** As JSON and the table have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * How a document is cut.
   *
   * @param size tokens of a chunk, at most; of the model that makes vectors
   * @param overlap tokens that a chunk repeats of the one before, at most
   */
  public record Cut(int size, int overlap) {}

  /**
   * Why it cannot be found.
   *
   * @param code {@code invalid_file}, {@code unsupported_file} or {@code server_error}
   */
  public record Failure(String code, String message) {}

  /**
   * What is known of it.
   *
   * @param fileOwner whose file it is
   * @param name as the file is called
   * @param bytes of the file
   * @param attributes what programs note, to choose documents by
   * @param notes what people are to know of how it was read
   * @param vectorsBy what is known of the model that made its vectors ({@code VectorKind.maker}),
   *     once it was read; empty before
   * @param plan digest of what its chunks are made of, once it was read; empty before
   * @param chunks how many it has, once it was read; 0 before
   */
  public record About(
      String fileOwner,
      String name,
      long bytes,
      Map<String, Object> attributes,
      Cut cut,
      Optional<Failure> failure,
      List<String> notes,
      String vectorsBy,
      String plan,
      int chunks) {

    /** One that nobody has read yet. */
    public static About fresh(
        String fileOwner, String name, long bytes, Map<String, Object> attributes, Cut cut) {
      return new About(
          fileOwner, name, bytes, attributes, cut, Optional.empty(), List.of(), "", "", 0);
    }

    public About withAttributes(Map<String, Object> value) {
      return new About(fileOwner, name, bytes, value, cut, failure, notes, vectorsBy, plan, chunks);
    }

    /** It was read. */
    public About read(List<String> itsNotes, String maker, String itsPlan, int count) {
      return new About(
          fileOwner,
          name,
          bytes,
          attributes,
          cut,
          Optional.empty(),
          itsNotes,
          maker,
          itsPlan,
          count);
    }

    public About failed(Failure why, List<String> itsNotes) {
      return new About(
          fileOwner,
          name,
          bytes,
          attributes,
          cut,
          Optional.of(why),
          itsNotes,
          vectorsBy,
          plan,
          chunks);
    }

    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("file_owner", fileOwner);
      json.put("name", name);
      json.put("bytes", bytes);
      json.put("attributes", attributes);
      json.put("size", cut.size());
      json.put("overlap", cut.overlap());
      failure.ifPresent(
          its -> json.put("failure", Map.of("code", its.code(), "message", its.message())));
      json.put("notes", notes);
      json.put("vectors_by", vectorsBy);
      json.put("plan", plan);
      json.put("chunks", chunks);
      return json;
    }

    @SuppressWarnings("unchecked") // as json() has written it
    static About of(Map<String, Object> json) {
      return new About(
          (String) json.get("file_owner"),
          (String) json.get("name"),
          ((Number) json.get("bytes")).longValue(),
          (Map<String, Object>) json.get("attributes"),
          new Cut(whole(json, "size"), whole(json, "overlap")),
          Optional.ofNullable((Map<String, Object>) json.get("failure"))
              .map(its -> new Failure((String) its.get("code"), (String) its.get("message"))),
          (List<String>) json.get("notes"),
          (String) json.get("vectors_by"),
          (String) json.get("plan"),
          whole(json, "chunks"));
    }

    private static int whole(Map<String, Object> json, String name) {
      return ((Number) json.get(name)).intValue();
    }
  }

  /** With something else known of it. */
  public Document with(State value, About known) {
    return new Document(id, store, file, created, value, batch, known);
  }
}
