package io.solebox.server.chats.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.SealedChats;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatSearchTest {
  @TempDir private Path folder;

  private static Message said(String id, String text) {
    return Message.said(id, Optional.empty(), Role.USER, 0, text);
  }

  private static Chat chat(String id, long updated, String title) {
    return Chat.empty(id, 0, false).withTitle(title, TitledBy.PERSON).at(updated);
  }

  /** What the filter passes over has not what is looked for, whatever that is. */
  @Test
  void itFindsWhatALookAtEachTextFinds() {
    Random random = new Random(7);
    OwnerIndex index = new OwnerIndex();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(200); j > 0; j--) {
        text.append("abcdé文 ".charAt(random.nextInt(7)));
      }
      texts.add(Folding.fold(text.toString()));
      index.put(chat("c" + i, i, ""));
      index.put("c" + i, said("m" + i, text.toString()));
    }
    for (int i = 0; i < 500; i++) {
      StringBuilder query = new StringBuilder();
      for (int j = 1 + random.nextInt(6); j > 0; j--) {
        query.append("abcdÉ文 ".charAt(random.nextInt(7)));
      }
      List<String> words = Folding.words(query.toString());
      if (!words.isEmpty()) {
        long expected = texts.stream().filter(t -> words.stream().allMatch(t::contains)).count();
        assertEquals(expected, index.find(words, 1000).size(), query::toString);
      }
    }
  }

  /** What is found when all is read. */
  private static List<Hit> find(ChatSearch search, String owner, String words, int limit)
      throws InterruptedException {
    Found found = search.find(owner, words, limit);
    while (found.indexed() < 1) {
      found = search.find(owner, words, limit);
    }
    return found.hits();
  }

  @Test
  void theIndexFollowsChangesAndIsNotHeldWhereThereIsNoRoom() throws InterruptedException {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      SealedChats chats = new SealedChats(Vault.open(database, Passphrase.NONE, System.err));
      chats.add("ann", chat("1", 1, "Erste"), List.of(said("a", "ein Wort"), said("b", "zwei")));
      chats.add("ann", chat("2", 2, "Zweite"), List.of(said("c", "ein anderes Wort")));
      chats.add("ben", chat("3", 3, "Dritte"), List.of(said("d", "ein Wort")));
      for (long room : List.of(1L << 20, 1L)) {
        try (ChatSearch search = new ChatSearch(chats, room)) {
          assertEquals(List.of(hit("2", "c"), hit("1", "a")), find(search, "ann", "WORT", 10));
          assertEquals(List.of(hit("2", "c")), find(search, "ann", "wort", 1));
          assertEquals(List.of(hit("1", "b")), find(search, "ann", "erste zwei", 10));
          assertEquals(List.of(hit("3", "d")), find(search, "ben", "wort", 10));
          assertEquals(List.of(), find(search, "cid", "wort", 10));
        }
      }
      try (ChatSearch search = new ChatSearch(chats)) {
        find(search, "ann", "x", 1);
        search.changed("ann", "1", said("b", "neu"));
        search.changed("ann", chat("2", 2, "Andere"), List.of(said("e", "fünf")), List.of("c"));
        assertEquals(List.of(hit("1", "b")), find(search, "ann", "NEU", 10));
        assertEquals(List.of(hit("2", "e")), find(search, "ann", "funf", 10));
        assertEquals(List.of(hit("1", "a")), find(search, "ann", "wort", 10));
        search.deleted("ann", List.of("1"));
        search.changed("ann", "1", said("a", "wort"));
        assertEquals(List.of(), find(search, "ann", "wort", 10));
        search.forget("ann");
        assertEquals(2, find(search, "ann", "wort", 10).size());
      }
    }
  }

  /** Steps are taken by hand here. */
  @Test
  void aSearchAnswersFromWhatIsReadSoFarAndSaysWhichPartThatIs() throws InterruptedException {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      SealedChats chats = new SealedChats(Vault.open(database, Passphrase.NONE, System.err));
      for (int i = 0; i < 10; i++) {
        chats.add("ann", chat("c" + i, i, ""), List.of(said("m" + i, "word " + i)));
      }
      Held held = new Held(chats, "ann", Long.MAX_VALUE);
      assertEquals(new Found(List.of(), 0, 0), held.find(List.of("word"), 100, 0));
      assertTrue(held.step());
      Found some = held.find(List.of("word"), 100, 0);
      assertEquals(4, some.hits().size());
      assertEquals(0.4, some.indexed());
      assertEquals(hit("c9", "m9"), some.hits().getFirst());
      // Changed and deleted before they are read.
      chats.delete("ann", List.of("c0"));
      held.change(index -> index.remove(List.of("c0")));
      chats.update("ann", "c1", said("m1", "other"));
      held.change(index -> index.put("c1", said("m1", "other")));
      assertTrue(held.step());
      assertFalse(held.step());
      Found all = held.find(List.of("word"), 100, Long.MAX_VALUE);
      assertEquals(8, all.hits().size());
      assertEquals(1, all.indexed());
      held.drop();
      assertFalse(held.step());
    }
  }

  @Test
  void whatIsDamagedIsPassedOverAndCounted() throws InterruptedException {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      SealedChats chats = new SealedChats(Vault.open(database, Passphrase.NONE, System.err));
      chats.add("ann", chat("1", 1, ""), List.of(said("a", "word"), said("b", "a word")));
      chats.add("ann", chat("2", 2, ""), List.of(said("c", "no word")));
      chats.add("ann", chat("3", 3, ""), List.of(said("d", "last word")));
      database.transaction(
          sql ->
              sql.update("UPDATE chat_message SET body = x'00' WHERE id = 'a'")
                  + sql.update("UPDATE chat SET body = x'00' WHERE id = '2'"));
      Found expected = new Found(List.of(hit("3", "d"), hit("1", "b")), 1, 2);
      for (long room : List.of(1L << 20, 1L)) { // held, and read by each search
        Held held = new Held(chats, "ann", room);
        while (held.step()) {}
        assertEquals(expected, held.find(List.of("word"), 10, Long.MAX_VALUE));
      }
      Held held = new Held(chats, "ann", Long.MAX_VALUE);
      assertFalse(held.step());
      held.change(index -> index.put("1", said("a", "new word")));
      held.change(index -> index.remove(List.of("2")));
      assertEquals(0, held.find(List.of("word"), 10, Long.MAX_VALUE).damaged());
    }
  }

  @Test
  void whatCannotBeReadIsToldToWhoeverSearches() throws InterruptedException {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      SealedChats chats = new SealedChats(Vault.open(database, Passphrase.NONE, System.err));
      chats.add("ann", chat("1", 1, ""), List.of(said("a", "word")));
      database.transaction(sql -> sql.update("DROP TABLE chat_message"));
      Held held = new Held(chats, "ann", Long.MAX_VALUE);
      assertFalse(held.step());
      assertThrows(SoleboxException.class, () -> held.find(List.of("word"), 1, Long.MAX_VALUE));
    }
  }

  private static Hit hit(String chat, String message) {
    return new Hit(chat, Optional.of(message));
  }

  @Test
  void piecesShowWhatWasFound() {
    Snippet snippet = Snippet.of("😀".repeat(100) + " Straße der Größe", "strasse gross");
    assertTrue(snippet.text().contains("Straße"));
    for (List<Integer> range : snippet.ranges()) {
      String found = snippet.text().substring(range.getFirst(), range.getLast());
      assertTrue(List.of("Straße", "Größ").contains(found), found);
    }
    assertEquals(2, snippet.ranges().size());
    assertEquals(List.of(), Snippet.of("nothing", "other").ranges());
  }
}
