package io.solebox.server.chats.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chat without its messages.
 *
 * @param created milliseconds since 1970
 * @param updated when something was last said in it or changed of it, likewise
 * @param titled who has made the title
 * @param folder what that is called
 * @param temporary whether it is in memory alone
 * @param model that answered last
 * @param settings as the API has them
 * @param current the message that is shown last; those before it lead there
 */
public record Chat(
    String id,
    long created,
    long updated,
    String title,
    TitledBy titled,
    Optional<String> folder,
    List<String> tags,
    boolean pinned,
    boolean archived,
    boolean temporary,
    Optional<String> model,
    Map<String, Object> settings,
    Optional<String> current) {
  /** Who has made a title. */
  public enum TitledBy {
    /** It is empty, or what the first message begins with. */
    NOBODY,
    MODEL,
    PERSON
  }

  public Chat {
    tags = List.copyOf(tags);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** A new one of which nothing is known. */
  public static Chat empty(String id, long now, boolean temporary) {
    return new Chat(
        id,
        now,
        now,
        "",
        TitledBy.NOBODY,
        Optional.empty(),
        List.of(),
        false,
        false,
        temporary,
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  public Chat withTitle(String value, TitledBy by) {
    return new Chat(
        id, created, updated, value, by, folder, tags, pinned, archived, temporary, model, settings,
        current);
  }

  public Chat withFolder(Optional<String> value) {
    return new Chat(
        id, created, updated, title, titled, value, tags, pinned, archived, temporary, model,
        settings, current);
  }

  public Chat withTags(List<String> value) {
    return new Chat(
        id, created, updated, title, titled, folder, value, pinned, archived, temporary, model,
        settings, current);
  }

  public Chat withPinned(boolean value) {
    return new Chat(
        id, created, updated, title, titled, folder, tags, value, archived, temporary, model,
        settings, current);
  }

  public Chat withArchived(boolean value) {
    return new Chat(
        id, created, updated, title, titled, folder, tags, pinned, value, temporary, model,
        settings, current);
  }

  public Chat withModel(String value) {
    return new Chat(
        id,
        created,
        updated,
        title,
        titled,
        folder,
        tags,
        pinned,
        archived,
        temporary,
        Optional.of(value),
        settings,
        current);
  }

  public Chat withSettings(Map<String, Object> value) {
    return new Chat(
        id, created, updated, title, titled, folder, tags, pinned, archived, temporary, model,
        value, current);
  }

  public Chat withCurrent(Optional<String> value) {
    return new Chat(
        id, created, updated, title, titled, folder, tags, pinned, archived, temporary, model,
        settings, value);
  }

  /** The same, changed now. */
  public Chat at(long now) {
    return new Chat(
        id, created, now, title, titled, folder, tags, pinned, archived, temporary, model, settings,
        current);
  }

  /**
   * As the API lists it.
   *
   * @param running whether an answer of it is computed now
   */
  public Map<String, Object> json(boolean running) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("title", title);
    json.put("created", created);
    json.put("updated", updated);
    json.put("folder", folder.orElse(null));
    json.put("tags", tags);
    json.put("pinned", pinned);
    json.put("archived", archived);
    json.put("temporary", temporary);
    json.put("model", model.orElse(null));
    json.put("running", running);
    return json;
  }
}
