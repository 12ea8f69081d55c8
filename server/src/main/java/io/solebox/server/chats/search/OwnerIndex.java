package io.solebox.server.chats.search;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.ChatTaker;
import io.solebox.server.chats.store.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The folded texts of one owner. Guarded by whoever has it. */
final class OwnerIndex implements ChatTaker {
  /** A chat. What its texts may have is known of all of them together: most chats have it not. */
  private static final class Entry {
    private final String id;
    private long updated;
    private String title;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Set<String> damaged = new HashSet<>();
    private Grams grams = Grams.of(List.of());

    private Entry(String id) {
      this.id = id;
    }

    /** What a text had before may stay known of it: it is looked for in vain then. */
    private void know(String text) {
      if (!grams.add(text)) {
        grams = Grams.of(texts.values());
      }
    }
  }

  /** Something that is looked for. */
  private record Word(String text, int[] hashes) {
    static Word of(String text) {
      return new Word(text, Grams.hashes(text));
    }
  }

  private final Map<String, Entry> chats = new HashMap<>();
  private final Set<String> damagedChats = new HashSet<>();
  private long chars;

  /** Of all texts, in UTF-16 units. */
  long chars() {
    return chars;
  }

  /** How many chats and messages of others there are that cannot be opened. */
  int damaged() {
    return damagedChats.size()
        + chats.values().stream().mapToInt(entry -> entry.damaged.size()).sum();
  }

  @Override
  public void damaged(String chat) {
    damagedChats.add(chat);
  }

  @Override
  public void damaged(String chat, String message) {
    Optional.ofNullable(chats.get(chat)).ifPresent(entry -> entry.damaged.add(message));
  }

  @Override
  public void put(Chat chat) {
    damagedChats.remove(chat.id());
    Entry entry = chats.computeIfAbsent(chat.id(), Entry::new);
    entry.updated = chat.updated();
    entry.title = Folding.fold(chat.title());
  }

  /** A message of a chat that was put before; one of another chat is gone already. */
  @Override
  public void put(String chat, Message message) {
    Entry entry = chats.get(chat);
    if (entry == null) {
      return;
    }
    entry.damaged.remove(message.id());
    String text = Folding.fold(message.spoken());
    Optional<String> before = Optional.ofNullable(entry.texts.put(message.id(), text));
    chars += text.length() - before.map(String::length).orElse(0);
    entry.know(text);
  }

  void removeMessages(String chat, Collection<String> ids) {
    Optional<Entry> entry = Optional.ofNullable(chats.get(chat));
    for (String id : ids) {
      entry.ifPresent(its -> its.damaged.remove(id));
      entry
          .flatMap(its -> Optional.ofNullable(its.texts.remove(id)))
          .ifPresent(text -> chars -= text.length());
    }
  }

  void remove(Collection<String> ids) {
    for (String id : ids) {
      damagedChats.remove(id);
      Optional.ofNullable(chats.remove(id))
          .ifPresent(gone -> chars -= gone.texts.values().stream().mapToLong(String::length).sum());
    }
  }

  /**
   * What has all words: in a title, or in a message and the title of its chat; the chats that were
   * changed last first.
   *
   * @param limit so many at most
   */
  List<Hit> find(List<String> words, int limit) {
    List<Entry> entries = new ArrayList<>(chats.values());
    entries.sort(Comparator.comparingLong((Entry entry) -> entry.updated).reversed());
    List<Word> wanted = words.stream().map(Word::of).toList();
    List<Hit> hits = new ArrayList<>();
    for (Entry entry : entries) {
      find(entry, wanted, limit, hits);
      if (hits.size() >= limit) {
        break;
      }
    }
    return hits;
  }

  private static void find(Entry entry, List<Word> words, int limit, List<Hit> hits) {
    for (Word word : words) {
      if (!entry.grams.mayHave(word.hashes()) && !entry.title.contains(word.text())) {
        return;
      }
    }
    List<Word> rest = words.stream().filter(word -> !entry.title.contains(word.text())).toList();
    if (rest.isEmpty()) {
      hits.add(new Hit(entry.id, Optional.empty()));
      return;
    }
    for (Map.Entry<String, String> text : entry.texts.entrySet()) {
      if (hits.size() >= limit) {
        return;
      }
      if (hasAll(text.getValue(), rest)) {
        hits.add(new Hit(entry.id, Optional.of(text.getKey())));
      }
    }
  }

  private static boolean hasAll(String text, List<Word> words) {
    for (Word word : words) {
      if (!text.contains(word.text())) {
        return false;
      }
    }
    return true;
  }
}
