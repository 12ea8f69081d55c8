package io.solebox.server.chats.exchange;

import java.util.Map;
import java.util.Optional;

/** Conversations as programs give them out. */
final class Exports {
  private Exports() {}

  /**
   * A conversation of this server's export, ChatGPT's or Open WebUI's.
   *
   * @param value as its JSON says
   * @param now milliseconds since 1970, where it does not tell times
   */
  static Entry entry(Object value, long now) {
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
