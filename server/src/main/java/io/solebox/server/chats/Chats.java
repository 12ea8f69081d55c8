package io.solebox.server.chats;

import io.solebox.server.chats.search.ChatSearch;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.ChatFilter;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.SealedChats;
import io.solebox.server.chats.store.TemporaryChats;
import io.solebox.server.chats.store.ToldChats;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The chats of everybody, kept and temporary ones alike. Safe for many threads. */
final class Chats implements AutoCloseable {
  private final Optional<SealedChats> kept;
  private final Optional<ChatStore> told;
  private final Optional<ChatSearch> search;
  private final TemporaryChats temporary;

  /**
   * @param kept empty where nothing may be kept
   */
  Chats(Optional<SealedChats> kept, Clock clock) {
    this.kept = kept;
    this.search = kept.map(ChatSearch::new);
    this.told = kept.map(its -> new ToldChats(its, search.orElseThrow()));
    this.temporary = new TemporaryChats(clock);
  }

  /** Whether chats of somebody are kept if they do not say otherwise. */
  boolean keeps(String owner) {
    return kept.filter(its -> its.keeps(owner)).isPresent();
  }

  /** Where a new chat of somebody goes. */
  ChatStore forNew(String owner, boolean forgotten) {
    return forgotten || !keeps(owner) ? temporary : told.orElseThrow();
  }

  /** Where a chat is, if it is anywhere. */
  ChatStore of(String owner, String chat) {
    return temporary.has(owner, chat) ? temporary : told.orElse(temporary);
  }

  /** Those that are kept. */
  Optional<SealedChats> kept() {
    return kept;
  }

  /** Finds those that are kept. */
  Optional<ChatSearch> search() {
    return search;
  }

  /** Somebody looks at their chats, and may search them. */
  void prepareSearch(String owner) {
    search.filter(_ -> keeps(owner)).ifPresent(its -> its.prepare(owner));
  }

  /** Forgets what is in memory alone and was not used for long. */
  void forgetIdle() {
    temporary.forgetIdle();
    search.ifPresent(ChatSearch::forgetIdle);
  }

  /** Deletes what somebody has not changed since a time, in seconds since 1970. */
  int deleteBefore(String owner, long time) {
    int gone = kept.map(its -> its.deleteBefore(owner, time)).orElse(0);
    if (gone > 0) {
      search.ifPresent(its -> its.forget(owner));
    }
    return gone;
  }

  TemporaryChats temporary() {
    return temporary;
  }

  /**
   * @throws Problem 404
   */
  Chat find(String owner, String id) {
    return of(owner, id).find(owner, id).orElseThrow(() -> notFound("chat", id));
  }

  /**
   * @throws Problem 404
   */
  Message message(String owner, String chat, String id) {
    return of(owner, chat).message(owner, chat, id).orElseThrow(() -> notFound("message", id));
  }

  static Problem notFound(String what, String id) {
    return Problem.of(
        404, "not_found", "There is no %s '%s'.".formatted(what, Texts.abbreviated(id)));
  }

  /**
   * Those that pass, the last changed first.
   *
   * @param forgotten whether temporary ones are meant, and no others
   */
  List<Chat> list(String owner, ChatFilter filter, boolean forgotten, int limit) {
    return forgotten
        ? temporary.list(owner, filter, limit)
        : kept.map(its -> its.list(owner, filter, limit)).orElse(List.of());
  }

  /** All ids, of temporary ones too. */
  List<String> ids(String owner) {
    List<String> ids = new ArrayList<>(temporary.ids(owner));
    kept.ifPresent(its -> ids.addAll(its.ids(owner)));
    return ids;
  }

  /** Returns how many of them there were. */
  int delete(String owner, List<String> ids) {
    int gone = temporary.delete(owner, ids);
    return gone + told.map(its -> its.delete(owner, ids)).orElse(0);
  }

  /** Reads no more for searches. */
  @Override
  public void close() {
    search.ifPresent(ChatSearch::close);
  }
}
