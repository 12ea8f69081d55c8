package io.solebox.server.chats.exchange;

import io.solebox.server.http.Problem;
import io.solebox.server.params.Params;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conversations as programs give them out. */
public final class Exports {
  private Exports() {}

  /** What one of them is. */
  public sealed interface Entry {
    /** As people find it again. */
    String title();

    /** One that is understood. */
    record Known(String title, Imported conversation) implements Entry {}

    /**
     * @param why a sentence
     */
    record Unknown(String title, String why) implements Entry {}
  }

  /**
   * The conversations of an export: of this server, ChatGPT's {@code conversations.json}, or Open
   * WebUI's.
   *
   * @param export as its JSON says
   * @param now milliseconds since 1970, where it does not tell times
   * @throws io.solebox.server.http.Problem 400 if it is none of these
   */
  public static List<Entry> read(Object export, long now) {
    List<?> conversations =
        switch (export) {
          case List<?> list -> list;
          case Map<?, ?> map when map.get("chats") instanceof List<?> list -> list;
          case Map<?, ?> map -> List.of(map);
          default -> throw unknown();
        };
    List<Entry> entries = conversations.stream().map(each -> entry(each, now)).toList();
    if (!entries.isEmpty() && entries.stream().allMatch(Entry.Unknown.class::isInstance)) {
      throw unknown();
    }
    return entries;
  }

  private static Problem unknown() {
    return Params.invalidValue(
        "",
        "This is no export that is known: of Solebox, ChatGPT (conversations.json) or Open WebUI.");
  }

  private static Entry entry(Object value, long now) {
    Map<String, Object> conversation = Loose.object(value);
    Optional<Imported> known = Optional.empty();
    if (ChatGptFormat.isOne(conversation)) {
      known = Optional.of(ChatGptFormat.read(conversation, now));
    } else if (OpenWebUiFormat.isOne(conversation)) {
      known = Optional.of(OpenWebUiFormat.read(conversation, now));
    } else if (OwnFormat.isOne(conversation)) {
      known = Optional.of(OwnFormat.read(conversation, now));
    }
    String title = Loose.text(conversation, "title").orElse("");
    return known
        .<Entry>map(its -> new Entry.Known(title, its))
        .orElseGet(() -> new Entry.Unknown(title, "It has no messages that are understood."));
  }
}
