package io.solebox.server.chats.exchange;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Problem;
import io.solebox.server.params.Params;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Reads an export while it comes, of this server, ChatGPT's {@code conversations.json} or Open
 * WebUI's: one conversation at a time is held, so the file may be as long as it likes.
 */
public final class ExportReader {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_VALUES = 2_000_000;

  /** Of which each is told of. */
  private static final int MAX_CONVERSATIONS = 100_000;

  private final int maxBytes;
  private final long now;
  private final Consumer<Entry> entries;
  private final JsonReader reader;
  private final ItemSplitter splitter;
  private int conversations;
  private boolean known;

  /**
   * @param maxBytes of one conversation
   * @param now milliseconds since 1970, where it does not tell times
   * @param entries gets each conversation as it comes
   */
  public ExportReader(int maxBytes, long now, Consumer<Entry> entries) {
    this.maxBytes = maxBytes;
    this.now = now;
    this.entries = entries;
    this.reader = new JsonReader(new JsonLimits(maxBytes, MAX_DEPTH, maxBytes, MAX_VALUES));
    this.splitter =
        new ItemSplitter(
            maxBytes,
            new ItemSplitter.Items() {
              @Override
              public void item(byte[] json) {
                conversation(json);
              }

              @Override
              public void tooLong() {
                unknown("It is longer than %d MiB.".formatted(maxBytes >> 20));
              }
            });
  }

  /** Takes some of it. */
  public void take(ByteBuffer bytes) {
    splitter.take(bytes);
  }

  /**
   * There is no more.
   *
   * @throws Problem 400 if nothing in it was understood
   */
  public void end() {
    boolean readable = readFrame();
    if (conversations > MAX_CONVERSATIONS) {
      told(
          "",
          "The file has %d conversations, of which the first %d were read."
              .formatted(conversations, MAX_CONVERSATIONS));
    }
    if (!known && (conversations > 0 || !readable)) {
      throw Params.invalidValue(
          "",
          "This is no export that is known: of Solebox, ChatGPT (conversations.json) or Open"
              + " WebUI.");
    }
  }

  /** What is around the conversations, or the one that is all of it. */
  private boolean readFrame() {
    if (splitter.isBroken()) {
      broken("The file ends in the middle of it.");
      return true;
    }
    if (splitter.isFrameTooLong()) {
      broken("It is longer than %d MiB.".formatted(maxBytes >> 20));
      return true;
    }
    try {
      return switch (reader.read(splitter.frame())) {
        case List<?> _ -> true;
        case Map<?, ?> map when map.get("chats") instanceof List<?> chats -> {
          // Those that were cut out are null there; a name with escapes hides the others.
          chats.stream().filter(Objects::nonNull).forEach(this::entry);
          yield true;
        }
        case Map<?, ?> map -> {
          entry(map);
          yield true;
        }
        default -> false;
      };
    } catch (JsonException e) {
      broken(e.getMessage());
      return true;
    }
  }

  /** What came before stays; where nothing did, all of it is refused. */
  private void broken(String why) {
    if (!known) {
      throw Problem.badJson(why);
    }
    told("Conversation %d".formatted(conversations + 1), why);
  }

  private void conversation(byte[] json) {
    if (conversations >= MAX_CONVERSATIONS) {
      conversations++;
      return;
    }
    try {
      entry(reader.read(json));
    } catch (JsonException e) {
      unknown("It is no JSON: " + e.getMessage());
    }
  }

  private void entry(Object value) {
    conversations++;
    Entry entry = Exports.entry(value, now);
    known |= entry instanceof Entry.Known;
    entries.accept(entry);
  }

  private void unknown(String why) {
    conversations++;
    told("Conversation %d".formatted(conversations), why);
  }

  private void told(String title, String why) {
    entries.accept(new Entry.Unknown(title, why));
  }
}
